import { createHash } from "node:crypto";
import { DiscordError } from "../../../shared/clients/discord.ts";
import { sendOnce } from "../../../shared/discord/send-once.ts";
import { underLock } from "../../../shared/runtime/under-lock.ts";
import type { Deps } from "../deps.ts";
import type { Lobby } from "../domain/race.ts";
import { type RaceTotals, raceBoard } from "../messages/races.ts";
import { type AnnounceRaceDeps, announceGoal, announceRace } from "./announce-race.ts";
import { type FirstShareDeps, notifyFirstShares, scheduleReleaseNotice } from "./race-notices.ts";
import { raceTotals } from "./race-totals.ts";

/** What posting a lobby's message needs. */
export type PostRaceBoardDeps = AnnounceRaceDeps & Pick<Deps, "lobbies">;
/** What showing it needs. */
export type ShowRaceBoardDeps = PostRaceBoardDeps & FirstShareDeps & Pick<Deps, "redis" | "tasks">;

/** Within this time an unchanged message is not edited again: Discord minds edits of old ones. */
const SHOWN_SECONDS = 7 * 24 * 3600;

/**
 * Shows a lobby and its pot as they are, and announces what nobody has announced yet. One edit at a
 * time, so that an older state never overwrites a newer one. Then notifies racers of their first share. Throws
 * NotYetError while another edit is under way.
 */
export async function showRaceBoard(lobbyId: string, deps: ShowRaceBoardDeps): Promise<void> {
  let shown: { lobby: Lobby; totals: RaceTotals } | undefined;
  const show = async () => {
    const lobby = await deps.lobbies.get(lobbyId);
    if (!lobby) return;
    const totals = await raceTotals(lobby, deps);
    shown = { lobby, totals };
    await showBoard(lobby, totals, deps);
    await announceGoal(lobby, totals, deps);
    if (!lobby.isBoardDue) return;
    await announceRace(lobby, deps);
    await deps.lobbies.shown(lobby);
  };
  await underLock(`race-board-lock:${lobbyId}`, [], show, deps);
  if (!shown) return;
  if (shown.totals.sales > 0) {
    await scheduleReleaseNotice(lobbyId, deps.config.SHARE_HOLD_DAYS, deps);
  }
  await notifyFirstShares(shown.lobby, shown.totals, deps);
}

/** Posts a lobby's message, once. Throws DiscordError where we may not. */
export async function postRaceBoard(lobby: Lobby, deps: PostRaceBoardDeps): Promise<string> {
  const message = raceBoard(lobby, await raceTotals(lobby, deps), deps.config.PUBLIC_SITE_URL);
  const channel = async () => lobby.channelId;
  const { messageId } = await sendOnce(`race-lobby:${lobby.id}`, channel, message, deps);
  await deps.lobbies.posted(lobby.id, messageId);
  return messageId;
}

/** Edits the message unless it shows the same already; one that is gone is let go. */
async function showBoard(lobby: Lobby, totals: RaceTotals, deps: ShowRaceBoardDeps): Promise<void> {
  const client = await deps.redis();
  const shownKey = `race-board-shown:${lobby.id}`;
  const message = raceBoard(lobby, totals, deps.config.PUBLIC_SITE_URL);
  const digest = createHash("sha256").update(JSON.stringify(message)).digest("base64url");
  if (digest === (await client.get<string>(shownKey))) return;
  try {
    const messageId = lobby.messageId ?? (await postRaceBoard(lobby, deps));
    await deps.discord.editMessage(lobby.channelId, messageId, message);
  } catch (error) {
    const isGone = error instanceof DiscordError && (error.isUnusableChannel || error.isUnknown);
    if (!isGone) throw error;
    deps.log.warn("A lobby's message is gone, or may not be edited", { lobby: lobby.id });
  }
  await client.set(shownKey, digest, { ex: SHOWN_SECONDS });
}
