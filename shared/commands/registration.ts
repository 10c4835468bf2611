import type {
  APIApplicationCommandOption,
  RESTPostAPIChatInputApplicationCommandsJSONBody,
} from "discord-api-types/v10";
import type { Command } from "./define-command.ts";

/** Discord's number for a subcommand. */
const SUB_COMMAND = 1;

/** What Discord shows of a first word that has subcommands. */
const GROUP_DESCRIPTIONS: Readonly<Record<string, string>> = {
  c500: "C500: builders, drops and orders",
};

/**
 * The body of Discord's bulk overwrite of commands. A command of two words becomes a subcommand of
 * the first. https://discord.com/developers/docs/interactions/application-commands
 */
export function registrationBody(
  commands: readonly Command[],
): RESTPostAPIChatInputApplicationCommandsJSONBody[] {
  const groups = Map.groupBy(commands, (command) => command.words.split(" ")[0] ?? "");
  return [...groups].map(([name, group]) => ({
    name,
    description: GROUP_DESCRIPTIONS[name] ?? name,
    options: group.map(asSubcommand),
  }));
}

function asSubcommand(command: Command): APIApplicationCommandOption {
  return {
    type: SUB_COMMAND as number,
    name: command.words.split(" ")[1] ?? "",
    description: command.description,
    options: command.options.map((option) => ({ ...option })),
  } as APIApplicationCommandOption;
}
