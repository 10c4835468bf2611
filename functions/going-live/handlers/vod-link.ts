import type { ArchiveVideo } from "../../../shared/clients/twitch/connect-twitch.ts";
import { NotYetError, taskWorker } from "../../../shared/runtime/delivery/task-worker.ts";
import type { Order } from "../../shop/domain/order.ts";
import type { Deps } from "../deps.ts";
import { vodLinkAt } from "../domain/vod.ts";
import { vodLinkDue } from "../events/vod-link-due.ts";

type VodLinkDeps = Pick<Deps, "builders" | "orders" | "twitch" | "clock" | "log">;

/** A channel that stores no videos never gets one; after this time the order keeps the channel's link. */
const GIVE_UP_AFTER_MS = 24 * 3_600_000;

/**
 * After a stream, links the orders that were proved in it to the video, at the moment of the proof. The queue
 * retries for a day until Twitch has published the video. It handles every waiting order of the builder, including
 * those of an earlier stream whose end was lost.
 *
 * Idempotency: a second run finds no order waiting. Crash safety: the remaining orders wait for the next try.
 */
export const handler = taskWorker(vodLinkDue, async (task, deps: VodLinkDeps) => {
  const waiting = await deps.orders.awaitingVideo(task.builderId);
  if (waiting.length === 0) return;
  const builder = await deps.builders.get(task.builderId);
  const videos = builder?.twitchUserId ? await deps.twitch.archiveVideos(builder.twitchUserId) : [];

  const linked = await Promise.all(waiting.map((order) => linkVideo(order, videos, deps)));
  if (linked.every(Boolean)) return;
  if (deps.clock.now().getTime() >= task.endedAtMs + GIVE_UP_AFTER_MS) {
    deps.log.warn("A stream's video never came");
    return;
  }
  throw new NotYetError("Twitch has not published the video yet");
});

async function linkVideo(
  order: Order,
  videos: readonly ArchiveVideo[],
  { orders, clock }: Pick<Deps, "orders" | "clock">,
): Promise<boolean> {
  const video = videos.find(({ streamId }) => streamId === order.proof?.streamId);
  if (!order.proof || !video) return false;
  const link = vodLinkAt(video.url, order.proof.verifiedAtMs - video.createdAtMs);
  await orders.setPermanentVodLink(order.id, link, clock.now());
  return true;
}
