import { sendOnce } from "../../../shared/discord/send-once.ts";
import {
  oneAtATime,
  type ShowDeps,
  showUnlessShown,
  unlessGone,
} from "../../../shared/live-message/show.ts";
import type { Deps } from "../deps.ts";
import type { Lobby } from "../domain/race.ts";
import { type RaceTotals, raceBoard } from "../messages/races.ts";
import { type AnnounceRaceDeps, announceGoal, announceRace } from "./announce-race.ts";
import { type FirstShareDeps, notifyFirstShares, scheduleReleaseNotice } from "./race-notices.ts";
import { raceTotals } from "./race-totals.ts";
import { liveRaceBoard } from "./schedule-race-board.ts";

/** What posting a lobby's message needs. */
export type PostRaceBoardDeps = AnnounceRaceDeps & Pick<Deps, "lobbies">;
/** What showing it needs. */
export type ShowRaceBoardDeps = PostRaceBoardDeps & FirstShareDeps & ShowDeps & Pick<Deps, "tasks">;

/**
 * Shows a lobby and its pot as they are, and announces what nobody has announced yet, one run at a time. Then
 * notifies racers of their first share. Throws NotYetError while another run is under way.
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
  await oneAtATime(liveRaceBoard, lobbyId, show, deps);
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

/** Edits the message, or posts it, unless it shows the same already. */
async function showBoard(lobby: Lobby, totals: RaceTotals, deps: ShowRaceBoardDeps): Promise<void> {
  const message = raceBoard(lobby, totals, deps.config.PUBLIC_SITE_URL);
  const edit = async () => {
    const messageId = lobby.messageId ?? (await postRaceBoard(lobby, deps));
    await deps.discord.editMessage(lobby.channelId, messageId, message);
  };
  const board = { message, edit: () => unlessGone(liveRaceBoard, lobby.id, edit, deps) };
  await showUnlessShown(liveRaceBoard, lobby.id, async () => board, deps);
}
