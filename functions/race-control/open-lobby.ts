import { randomBytes } from "node:crypto";
import { DiscordError, type OutgoingMessage } from "../../shared/clients/discord.ts";
import { MAX_NAME_LENGTH } from "../../shared/commands/race.ts";
import { MAX_SEATS } from "../../shared/domain/race.ts";
import type { DiscordCommand } from "../../shared/events/discord-command.ts";
import { lobbyOpenText, mayNotPostText, raceTexts } from "../../shared/messages/race-control.ts";
import { oneLine } from "../../shared/messages/theme.ts";
import { scheduleRaceBoard } from "../../shared/race/schedule-race-board.ts";
import { postRaceBoard } from "../../shared/race/show-race-board.ts";
import type { ControlDeps } from "./control-deps.ts";

const UNNAMED = "C500 race";
/** 128 bits: nobody guesses it. */
const POT_KEY_BYTES = 16;

/**
 * `/race lobby`: a lobby under the command's id, and its message in the channel. Builders and staff may:
 * a window takes its part of sales that name none. A repeat finds it and
 * says the same; dying in between, the repeat posts it. Where we may not post none is left behind.
 */
export async function openLobby(
  command: DiscordCommand,
  deps: ControlDeps,
): Promise<OutgoingMessage> {
  const { id, userId: hostId, channelId, options, isStaff } = command;
  if (!isStaff && !(await deps.builders.get(hostId))) return { content: raceTexts.notABuilder };
  if (!channelId) return { content: raceTexts.noChannel };
  const name = oneLine(String(options["name"] ?? ""), MAX_NAME_LENGTH) || UNNAMED;
  const seats = Number(options["seats"] ?? MAX_SEATS);
  const rateBps = deps.config.RACE_RATE_BPS;
  const createdAt = deps.clock.now();
  const lobby = { id, name, hostId, channelId, seats, rateBps, createdAt, potKey: newPotKey() };
  await deps.lobbies.create(lobby);
  const created = await deps.lobbies.get(id);
  if (!created) throw new Error(`Lobby ${id} was created and is not there.`);
  try {
    if (created.messageId === undefined) await postRaceBoard(created, deps);
  } catch (error) {
    if (!(error instanceof DiscordError && error.isUnusableChannel)) throw error;
    await deps.lobbies.takeBack(id);
    return { content: mayNotPostText(channelId) };
  }
  await scheduleRaceBoard(id, deps);
  return { content: lobbyOpenText(created) };
}

/** A key for an overlay's link that nobody guesses. */
export function newPotKey(): string {
  return randomBytes(POT_KEY_BYTES).toString("base64url");
}
