import { DiscordError } from "../../../shared/clients/discord/errors.ts";
import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { type SendDeps, sendOnce } from "../../../shared/discord/sending/send-once.ts";
import type { Deps } from "../deps.ts";
import type { Lobby } from "../domain/race.ts";
import { progressOf } from "../domain/race-goal.ts";
import { goalReachedPost, startedPost } from "../messages/race-posts.ts";
import { finishedPost, type RaceTotals } from "../messages/races.ts";
import { type RaceTotalsDeps, raceShares, reportedTotals } from "./race-totals.ts";

/** Dependencies of announcing a race. */
export type AnnounceRaceDeps = SendDeps & RaceTotalsDeps & Pick<Deps, "log" | "config">;

/**
 * Announces in the channel that a race has started, or how it ended. Idempotent: each is posted once. If the bot may
 * not post in the channel, nothing is posted.
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
 * Announces in the channel that a pot has reached its goal: once per amount, even if a refund takes the pot below it
 * again or the host sets the same goal again.
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

/** Posts a message in a lobby's channel once; does nothing if the bot may not post there. */
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
