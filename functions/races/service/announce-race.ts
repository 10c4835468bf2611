import { DiscordError, type OutgoingMessage } from "../../../shared/clients/discord.ts";
import { type SendDeps, sendOnce } from "../../../shared/discord/send-once.ts";
import type { Deps } from "../deps.ts";
import type { Lobby } from "../domain/race.ts";
import { progressOf } from "../domain/race-goal.ts";
import { finishedPost, goalReachedPost, type RaceTotals, startedPost } from "../messages/races.ts";
import { type RaceTotalsDeps, raceShares, reportedTotals } from "./race-totals.ts";

/** What announcing needs. */
export type AnnounceRaceDeps = SendDeps & RaceTotalsDeps & Pick<Deps, "log" | "config">;

/**
 * Tells the channel that a race has started, or how it ended: each once, however often it is asked. A
 * channel that is closed to us is let go.
 */
export async function announceRace(lobby: Lobby, deps: AnnounceRaceDeps): Promise<void> {
  const siteUrl = deps.config.PUBLIC_SITE_URL;
  if (lobby.state === "racing") {
    await postOnce(`race-started:${lobby.id}`, lobby, startedPost(lobby, siteUrl), deps);
  }
  if (lobby.state === "finished") {
    const totals = await reportedTotals(lobby, deps);
    const shares = await raceShares(lobby, totals, deps);
    const post = finishedPost(lobby, totals, shares, siteUrl);
    await postOnce(`race-finished:${lobby.id}`, lobby, post, deps);
  }
}

/**
 * Tells the channel that a pot has reached its goal: once for each amount, also if a refund takes it below again, or
 * the host sets the same goal anew.
 */
export async function announceGoal(
  lobby: Lobby,
  { pot }: Pick<RaceTotals, "pot">,
  deps: AnnounceRaceDeps,
): Promise<void> {
  const progress = progressOf(lobby, pot);
  if (!progress?.isReached) return;
  const key = `race-goal:${lobby.id}:${progress.currency}:${progress.amount}`;
  await postOnce(key, lobby, goalReachedPost(lobby, progress, deps.config.PUBLIC_SITE_URL), deps);
}

/** Posts something in a lobby's channel, once; a channel that is closed to us is let go. */
export async function postOnce(
  key: string,
  { id, channelId }: Lobby,
  post: OutgoingMessage,
  deps: SendDeps & Pick<Deps, "log">,
): Promise<void> {
  try {
    await sendOnce(key, async () => channelId, post, deps);
  } catch (error) {
    if (!(error instanceof DiscordError && error.isUnusableChannel)) throw error;
    deps.log.warn("A lobby's channel is closed to us", { lobby: id });
  }
}
