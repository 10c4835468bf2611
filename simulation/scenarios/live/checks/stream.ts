import type { QueryDocumentSnapshot } from "../../../../shared/ports/database.ts";
import { mustEqual, mustHold } from "../../../rules.ts";
import type { Stage } from "../../../stage.ts";
import { airOf, type Broadcast, TOLERANCE_MS } from "../air.ts";

/** Twitch publishes a video minutes after the stream; the queue retries until then. */
const VIDEO_TAKES_MS = 40 * 60_000;
/** A link has whole seconds, and clocks differ. */
const MOMENT_MS = 3_000;
const ENDED = [
  "authorization_revoked",
  "notification_failures_exceeded",
  "version_removed",
  "webhook_callback_verification_failed",
];

/** P4 and P5: statuses and videos, if Twitch has reported everything. */
export async function checkStreams(stage: Stage): Promise<void> {
  if (!isAllNotified(stage)) return;
  const { database } = stage;
  for (const builder of (await database.collection("builders").get()).docs) {
    await checkStatus(stage, builder);
  }
  for (const order of (await database.collection("orders").get()).docs) checkVideo(stage, order);
}

/** Whether each of Twitch's messages finally arrived, and no subscription was revoked. */
function isAllNotified(stage: Stage): boolean {
  const { forged } = airOf(stage);
  const taken = new Map<string, boolean>();
  for (const event of stage.twitch.events()) {
    if (event.kind === "subscription" && ENDED.includes(event.status)) return false;
    if (event.kind !== "message" || event.messageType !== "notification") continue;
    if (forged.has(event.messageId)) continue;
    const isTaken = typeof event.result === "number" && event.result < 300;
    taken.set(event.messageId, isTaken || taken.get(event.messageId) === true);
  }
  return [...taken.values()].every(Boolean);
}

function ofChannel(stage: Stage, channelId: string): Broadcast[] {
  return airOf(stage).broadcasts.filter((each) => each.channelId === channelId);
}

/** For channels that were proved before their last change. */
async function checkStatus(stage: Stage, builder: QueryDocumentSnapshot): Promise<void> {
  const own = ofChannel(stage, String(builder.get("twitch_user_id")));
  const last = own.at(-1);
  if (!last) return;
  const changes = await builder.ref.collection("standings").get();
  const provedMs = changes.docs
    .filter((change) => change.get("by_id") === builder.id)
    .map((change) => (change.get("at") as { toMillis(): number }).toMillis());
  const changedMs = last.endedAtMs ?? last.startedAtMs;
  if (Math.max(...provedMs) + TOLERANCE_MS > changedMs) return;
  const isLive = last.endedAtMs === undefined;
  const type = isLive ? "stream.online" : "stream.offline";
  if (isBeingVerified(stage, { channelId: last.channelId, type, atMs: changedMs })) return;
  mustEqual("P5", `whether ${builder.id} is live`, builder.get("is_live"), isLive);
  const streamId = isLive ? last.id : null;
  mustEqual("P5", `the stream of ${builder.id}`, builder.get("live_stream_id"), streamId);
}

/** Whether Twitch sent no events of a type because it was still verifying the subscription to them. */
function isBeingVerified(
  stage: Stage,
  { channelId, type, atMs }: { channelId: string; type: string; atMs: number },
): boolean {
  const statuses = stage.twitch
    .subscriptions()
    .filter((each) => each.broadcasterId === channelId && each.type === type)
    .map(({ id }) => statusAt(stage, id, atMs));
  return (
    statuses.includes("webhook_callback_verification_pending") && !statuses.includes("enabled")
  );
}

function statusAt({ twitch }: Stage, subscriptionId: string, atMs: number): string | undefined {
  return twitch
    .events()
    .flatMap((event) => (event.kind === "subscription" ? [event] : []))
    .findLast((event) => event.subscriptionId === subscriptionId && event.atMs <= atMs)?.status;
}

function checkVideo(stage: Stage, order: QueryDocumentSnapshot): void {
  const streamId = order.get("proof_stream_id") as string | undefined;
  const broadcast = airOf(stage).broadcasts.find(({ id }) => id === streamId);
  const video = stage.twitch
    .events()
    .find((event) => event.kind === "video-published" && event.streamId === streamId);
  if (!video || !broadcast || video.kind !== "video-published") return;
  if (video.atMs + VIDEO_TAKES_MS > stage.cloud.clock.nowMs()) return;
  const link = String(order.get("twitch_vod_link"));
  const isVideo = link.startsWith(video.url);
  mustHold("P4", isVideo, () => `order ${order.id} has ${link}, not the video ${video.url}`);
  const provedMs = (order.get("proof_verified_at") as { toMillis(): number }).toMillis();
  const [, hours, minutes, seconds] = /\?t=(\d+)h(\d+)m(\d+)s$/.exec(link) ?? [];
  const atMs = 1000 * (3600 * Number(hours) + 60 * Number(minutes) + Number(seconds));
  const apartMs = Math.abs(broadcast.startedAtMs + atMs - provedMs);
  mustHold("P4", apartMs <= MOMENT_MS, () => `the proof of ${order.id} is not at ${link}`);
}
