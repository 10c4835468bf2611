import { type SendDeps, sendOnce } from "../../../shared/discord/sending/send-once.ts";
import { subscriber } from "../../../shared/runtime/delivery/subscriber.ts";
import type { OpenAuctionDeps } from "../../auctions/lifecycle/opening/open-auction.ts";
import { openPlanned } from "../../auctions/lifecycle/opening/open-planned.ts";
import { type ScheduleBoardDeps, scheduleBoard } from "../../shop/drops/drop-board.ts";
import type { Deps } from "../deps.ts";
import { type TwitchEvent, twitchEventReceived } from "../events/twitch-event.ts";
import { revocationNotice } from "../messages/operators.ts";
import { scheduleVideoLinks } from "../service/link-videos.ts";

type StreamStatusDeps = SendDeps &
  ScheduleBoardDeps &
  OpenAuctionDeps &
  Pick<Deps, "builders" | "drops" | "users" | "config">;
type StreamEvent = Exclude<TwitchEvent, { type: "revocation" }>;

/**
 * Records a builder's live status, schedules the video links when a stream has ended, and notifies the
 * operators of a revoked subscription, which the sweeper creates again where that can help.
 *
 * Idempotency: a second delivery, or one that is older than the recorded status, does not change it; the task is
 * named after the event; the notice is sent once.
 */
export const handler = subscriber(twitchEventReceived, async (event, deps: StreamStatusDeps) => {
  if (event.type === "revocation") {
    const notice = revocationNotice(event.broadcasterId, event.subscriptionType, event.reason);
    const channel = async () => deps.config.DISCORD_OPERATORS_CHANNEL_ID;
    const key = `revocation:${event.subscriptionId ?? event.id}`;
    await sendOnce(key, channel, notice, deps);
    return;
  }
  await recordStatus(event, deps);
});

async function recordStatus(event: StreamEvent, deps: StreamStatusDeps): Promise<void> {
  const builder = await deps.builders.findByTwitch(event.broadcasterId, [
    event.broadcasterLogin,
    event.broadcasterName,
  ]);
  if (!builder) {
    deps.log.warn("Twitch reported a channel that is no builder's", {
      twitchUser: event.broadcasterId,
    });
    return;
  }
  const isLive = event.type === "stream.online";
  await deps.builders.recordStreamStatus(builder.id, {
    channelId: event.broadcasterId,
    isLive,
    streamId: isLive ? event.streamId : undefined,
    at: new Date(event.occurredAtMs),
  });
  await showOnPosts(builder.id, deps);
  if (isLive) return openWaiting(builder.id, deps);
  const ended = { builderId: builder.id, endedAtMs: event.occurredAtMs };
  await scheduleVideoLinks(event.id, ended, deps);
}

/** Opens the auctions that wait for the builder's stream. A second delivery finds them open. */
async function openWaiting(builderId: string, deps: StreamStatusDeps): Promise<void> {
  // A late message may be outdated.
  if (!(await deps.builders.get(builderId))?.isLive) return;
  for (const auction of await deps.auctions.waitingOf(builderId)) await openPlanned(auction, deps);
}

/** Updates the builder's drop posts, which show whether the builder is live. */
async function showOnPosts(builderId: string, deps: StreamStatusDeps): Promise<void> {
  const drops = await deps.drops.ofBuilder(builderId);
  for (const { id, isClosed } of drops) {
    if (!isClosed) await scheduleBoard(id, deps);
  }
}
