import { sendOnce } from "../../../shared/discord/sending/send-once.ts";
import {
  oneAtATime,
  type ShowDeps,
  showUnlessShown,
  unlessGone,
} from "../../../shared/live-message/show.ts";
import type { LockHistory } from "../../../shared/runtime/under-lock.ts";
import type { Deps } from "../deps.ts";
import type { Lobby } from "../domain/race.ts";
import { type RaceTotals, raceBoard } from "../messages/races.ts";
import { type AnnounceRaceDeps, announceGoal, announceRace } from "./announce-race.ts";
import { type FirstShareDeps, notifyFirstShares } from "./race-notices.ts";
import { raceTotals } from "./race-totals.ts";
import { liveRaceBoard } from "./schedule-race-board.ts";

/** Dependencies of posting a lobby's message. */
export type PostRaceBoardDeps = AnnounceRaceDeps & Pick<Deps, "lobbies">;
/** Dependencies of updating a lobby's message. */
export type ShowRaceBoardDeps = PostRaceBoardDeps & FirstShareDeps & ShowDeps;

/**
 * Announces what is still to be announced of a lobby, and updates its message with its current state and pot; only one
 * run at a time does this. Then notifies racers of their first share. Throws NotYetError while another run is in
 * progress. Without Redis, races are announced and messages stay as they are.
 */
export async function showRaceBoard(lobbyId: string, deps: ShowRaceBoardDeps): Promise<void> {
  const changed = await deps.lobbies.get(lobbyId);
  if (changed?.isBoardDue) await announceRace(changed, deps);
  let shown: { lobby: Lobby; totals: RaceTotals } | undefined;
  const show = async ({ isOvertaken }: LockHistory) => {
    const lobby = await deps.lobbies.get(lobbyId);
    if (!lobby) return;
    const totals = await raceTotals(lobby, deps);
    shown = { lobby, totals };
    await showBoard(lobby, totals, deps);
    await announceGoal(lobby, totals, deps);
    // Not if it has changed since: that change has its own run.
    if (changed?.isBoardDue && !isOvertaken) await deps.lobbies.shown(changed);
  };
  await oneAtATime(liveRaceBoard, lobbyId, show, deps);
  if (!shown) return;
  await notifyFirstShares(shown.lobby, shown.totals, deps);
}

/** Posts a lobby's message once. Throws DiscordError if the bot may not post in the channel. */
export async function postRaceBoard(lobby: Lobby, deps: PostRaceBoardDeps): Promise<string> {
  const message = raceBoard(lobby, await raceTotals(lobby, deps), deps.config.PUBLIC_SITE_URL);
  const channel = async () => lobby.channelId;
  const { messageId } = await sendOnce(`race-lobby:${lobby.id}`, channel, message, deps);
  await deps.lobbies.posted(lobby.id, messageId);
  return messageId;
}

/** Edits the message, or posts it if there is none, unless it already shows the current state. */
async function showBoard(lobby: Lobby, totals: RaceTotals, deps: ShowRaceBoardDeps): Promise<void> {
  const message = raceBoard(lobby, totals, deps.config.PUBLIC_SITE_URL);
  const edit = async () => {
    const messageId = lobby.messageId ?? (await postRaceBoard(lobby, deps));
    await deps.discord.editMessage(lobby.channelId, messageId, message);
  };
  const board = { message, edit: () => unlessGone(liveRaceBoard, lobby.id, edit, deps) };
  await showUnlessShown(liveRaceBoard, lobby.id, async () => board, deps);
}
