import type {
  APIApplicationCommandOption,
  RESTPostAPIChatInputApplicationCommandsJSONBody,
} from "discord-api-types/v10";
import type { Command } from "./define-command.ts";

/** Discord's numbers for a subcommand, and for a group of them. */
const SUB_COMMAND = 1;
const SUB_COMMAND_GROUP = 2;

/** https://discord.com/developers/docs/topics/permissions#permissions-bitwise-permission-flags */
const MANAGE_GUILD = String(1n << 5n);

/** What Discord shows of first words that have subcommands, and of groups of subcommands. */
const GROUP_DESCRIPTIONS: Readonly<Record<string, string>> = {
  c500: "C500: builders, drops, auctions and orders",
  race: "Races: open a lobby, look after it",
  "c500 auction": "Auctions: start one, look after yours",
  "c500 builders": "Builders: approve, suspend and remove them",
  "c500 forget": "What I know about you",
};

/**
 * The body of Discord's bulk overwrite of commands. A command of two words becomes a subcommand of
 * the first, one of three words a subcommand in a group.
 * https://discord.com/developers/docs/interactions/application-commands
 */
export function registrationBody(
  commands: readonly Command[],
): RESTPostAPIChatInputApplicationCommandsJSONBody[] {
  const byName = Map.groupBy(commands, ({ words }) => words.split(" ")[0] ?? "");
  return [...byName].map(([name, named]) => {
    const [whole] = named.filter(({ words }) => words === name);
    return {
      name,
      description: whole?.description ?? GROUP_DESCRIPTIONS[name] ?? name,
      ...(whole?.who === "staff" && { default_member_permissions: MANAGE_GUILD }),
      options: whole ? optionsOf(whole) : within(name, named),
    };
  });
}

/** What is below some words: subcommands, and groups of them. */
function within(words: string, commands: readonly Command[]): APIApplicationCommandOption[] {
  const depth = words.split(" ").length;
  const byName = Map.groupBy(commands, (command) => command.words.split(" ")[depth] ?? "");
  return [...byName].map(([name, named]) => {
    const path = `${words} ${name}`;
    const [whole] = named.filter((command) => command.words === path);
    return {
      type: (whole ? SUB_COMMAND : SUB_COMMAND_GROUP) as number,
      name,
      description: whole?.description ?? GROUP_DESCRIPTIONS[path] ?? path,
      options: whole ? optionsOf(whole) : within(path, named),
    } as APIApplicationCommandOption;
  });
}

function optionsOf(command: Command): APIApplicationCommandOption[] {
  return command.options.map((option) => ({ ...option }) as APIApplicationCommandOption);
}
