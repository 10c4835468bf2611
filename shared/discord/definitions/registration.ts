import type {
  APIApplicationCommandOption,
  ApplicationCommandOptionType,
  RESTPostAPIChatInputApplicationCommandsJSONBody,
} from "discord-api-types/v10";
import type { CommandDefinition } from "./define-command.ts";
import type { OptionDefinition } from "./options.ts";
import type { ValueRule } from "./values.ts";

/** Discord's numbers for a subcommand, and for a group of them. */
const SUB_COMMAND = 1;
const SUB_COMMAND_GROUP = 2;

/** Discord's numbers of the options we use. */
export const optionTypes = {
  text: 3,
  choice: 3,
  id: 3,
  integer: 4,
  flag: 5,
  user: 6,
  picture: 11,
} as const satisfies Record<ValueRule["kind"], ApplicationCommandOptionType>;

/** https://discord.com/developers/docs/topics/permissions#permissions-bitwise-permission-flags */
const MANAGE_GUILD = String(1n << 5n);

/** Discord's descriptions of commands with subcommands, and of subcommand groups. */
export type GroupDescriptions = Readonly<Record<string, string>>;

/**
 * The body of Discord's bulk overwrite of commands. A command of two words becomes a subcommand of
 * the first, one of three words a subcommand in a group.
 * https://discord.com/developers/docs/interactions/application-commands
 */
export function registrationBody(
  commands: readonly CommandDefinition[],
  groups: GroupDescriptions,
): RESTPostAPIChatInputApplicationCommandsJSONBody[] {
  const byName = Map.groupBy(commands, ({ words }) => words.split(" ")[0] ?? "");
  return [...byName].map(([name, named]) => {
    const [whole] = named.filter(({ words }) => words === name);
    return {
      name,
      description: whole?.description ?? groups[name] ?? name,
      ...(whole?.who === "staff" && { default_member_permissions: MANAGE_GUILD }),
      options: whole ? optionsOf(whole) : within(name, named, groups),
    };
  });
}

/** The subcommands and subcommand groups below `words`. */
function within(
  words: string,
  commands: readonly CommandDefinition[],
  groups: GroupDescriptions,
): APIApplicationCommandOption[] {
  const depth = words.split(" ").length;
  const byName = Map.groupBy(commands, (command) => command.words.split(" ")[depth] ?? "");
  return [...byName].map(([name, named]) => {
    const path = `${words} ${name}`;
    const [whole] = named.filter((command) => command.words === path);
    return {
      type: (whole ? SUB_COMMAND : SUB_COMMAND_GROUP) as number,
      name,
      description: whole?.description ?? groups[path] ?? path,
      options: whole ? optionsOf(whole) : within(path, named, groups),
    } as APIApplicationCommandOption;
  });
}

function optionsOf({ options }: CommandDefinition): APIApplicationCommandOption[] {
  return Object.entries(options).map(([name, option]) => {
    const { kind, description, required, suggest } = option;
    return {
      name,
      description,
      type: optionTypes[kind] as number,
      ...(required && { required }),
      ...(suggest !== undefined && { autocomplete: true }),
      ...boundsOf(option),
    } as APIApplicationCommandOption;
  });
}

/** What Discord itself does not let people exceed. */
function boundsOf(option: OptionDefinition): object {
  if (option.choices) {
    const choices = Object.entries(option.choices);
    return { choices: choices.map(([value, name]) => ({ name, value })) };
  }
  switch (option.kind) {
    case "text":
      return { max_length: option.maxLength };
    case "integer":
      return { min_value: option.min, max_value: option.max };
    default:
      return {};
  }
}
