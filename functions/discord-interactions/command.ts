import type { Command } from "../../shared/commands/define-command.ts";
import { commands } from "../../shared/commands/index.ts";
import { discordCommandReceived } from "../../shared/events/discord-command.ts";
import type { Deps } from "../../shared/runtime/deps.ts";
import {
  actingUserId,
  type CommandInteraction,
  EPHEMERAL,
  type InteractionOption,
  ResponseType,
  unfold,
} from "./interaction.ts";

const texts = {
  unknownCommand:
    "I don't know that command. It may have been renamed: reload Discord (Ctrl+R) and pick it from the list again.",
  badOptions:
    "Something in that command didn't arrive the way I expected. Pick it from Discord's list again and fill in the fields it shows.",
  notPublished: "I couldn't take that just now. Please try again in a moment.",
};

/**
 * Answers "thinking…" once Pub/Sub has the command, which a subscriber then finishes. If Pub/Sub
 * does not take it in time the person is told to try again: a lost answer of Pub/Sub's may then
 * cause the command twice, under two ids, which its handlers bear.
 */
export async function answerCommand(
  interaction: CommandInteraction,
  { publisher, log }: Pick<Deps, "publisher" | "log">,
): Promise<object> {
  const { words, options } = unfold(interaction);
  const command = commands.find((candidate) => candidate.words === words);
  if (!command) return onlyForYou(texts.unknownCommand);
  const userId = actingUserId(interaction);
  if (!userId || !fits(command, options)) return onlyForYou(texts.badOptions);
  try {
    await publisher.publish(discordCommandReceived, {
      id: interaction.id,
      token: interaction.token,
      command: words,
      userId,
      ...(interaction.guild_id ? { guildId: interaction.guild_id } : {}),
      ...(interaction.channel_id ? { channelId: interaction.channel_id } : {}),
      options: Object.fromEntries(options.map(({ name, value }) => [name, value ?? ""])),
    });
  } catch (error) {
    log.error("A command was not published", error, {
      command: words,
      interaction: interaction.id,
    });
    return onlyForYou(texts.notPublished);
  }
  return {
    type: ResponseType.deferredMessage,
    data: command.ephemeral ? { flags: EPHEMERAL } : {},
  };
}

/** Whether the options are those of the command, each of its type, none required missing. */
function fits(command: Command, options: readonly InteractionOption[]): boolean {
  const known = options.every(({ name, type, value }) => {
    const expected = command.options.find((candidate) => candidate.name === name);
    return expected?.type === type && typeof value === "string";
  });
  const given = new Set(options.map(({ name }) => name));
  return known && command.options.every(({ required, name }) => !required || given.has(name));
}

function onlyForYou(content: string): object {
  return {
    type: ResponseType.message,
    data: { content, flags: EPHEMERAL, allowed_mentions: { parse: [] } },
  };
}
