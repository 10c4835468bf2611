import { community } from "../../../../local/cloud/community.ts";
import type { QueryDocumentSnapshot } from "../../../../shared/ports/database.ts";
import { mustEqual, mustHold } from "../../../rules.ts";
import type { Stage } from "../../../stage.ts";
import { airOf, TOLERANCE_MS } from "../air.ts";
import { checkStandings } from "./standing.ts";

const PSEUDONYM = /^forgotten-/;
/** States of an order that is not finished. */
const OPEN = ["reserved", "processing", "paid", "building"];
/** The sweeper records what Helix reported this long ago. */
const LAG_MS = 10 * 60_000;

/** P1, P2, P4, P5, F2, F4, B1, B2, B3, N2 and N6 of docs/invariants.md. */
export async function checkLiveStep(stage: Stage): Promise<void> {
  mustEqual("G4", "what an attacker was granted", airOf(stage).breaches, []);
  const { database } = stage;
  const [orders, goLives, builders] = await Promise.all([
    database.collection("orders").get(),
    database.collection("go_lives").get(),
    database.collection("builders").get(),
  ]);
  await watchForgettings(stage);
  for (const order of orders.docs) checkOrder(stage, order, goLives.docs);
  for (const goLive of goLives.docs) checkGoLive(stage, goLive);
  for (const builder of builders.docs) checkStatus(stage, builder, goLives.docs);
  await checkStandings(stage, builders.docs);
  checkAnnouncements(stage);
  await checkDeadLetters(stage);
}

function timeIn(document: QueryDocumentSnapshot, field: string): number | undefined {
  return (document.get(field) as { toMillis(): number } | null | undefined)?.toMillis();
}

function checkOrder(
  stage: Stage,
  order: QueryDocumentSnapshot,
  goLives: readonly QueryDocumentSnapshot[],
): void {
  const { proofs, videoLinks, forgotten, forgettings } = airOf(stage).seen;
  const builder = String(order.get("builder_id"));
  const goLiveId = order.get("proof_go_live_id") as string | undefined;
  const status = String(order.get("fulfillment_status"));
  for (const field of ["buyer_id", "builder_id"]) {
    const isRenamed = PSEUDONYM.test(String(order.get(field)));
    const isOpen = OPEN.includes(status) && !isEnded(order);
    mustHold("F2", !isRenamed || !isOpen, () => `order ${order.id}, ${status}, has no ${field}`);
  }
  const proof = goLiveId
    ? `${goLiveId} ${order.get("proof_stream_id")} ${timeIn(order, "proof_verified_at")}`
    : undefined;
  const before = proofs.get(order.id);
  if (before !== undefined) mustEqual("P1", `the proof of order ${order.id}`, proof, before);
  if (proof !== undefined && before === undefined) {
    proofs.set(order.id, proof);
    const goLive = goLives.find(({ id }) => id === goLiveId);
    // A forgotten user has no go-lives any more.
    const isGone = forgotten.has(builder) || forgettings.has(builder) || PSEUDONYM.test(builder);
    if (goLive || !isGone) {
      const of = [goLive?.get("builder_id"), (goLive?.get("stream") as { id?: string })?.id];
      const own = [builder, order.get("proof_stream_id")];
      mustEqual("P1", `whose go-live proves order ${order.id}`, of, own);
    }
  }
  const link = order.get("vod_is_permanent") === true ? String(order.get("twitch_vod_link")) : "";
  const linkBefore = videoLinks.get(order.id);
  if (linkBefore !== undefined) mustEqual("P4", `the video of order ${order.id}`, link, linkBefore);
  if (link) videoLinks.set(order.id, link);
}

/** An order that was proved and released long ago does not keep a user. */
function isEnded(order: QueryDocumentSnapshot): boolean {
  return order.get("hold") === "released" || order.get("hold") === "refunded";
}

/** P2: the stream was on at the time of verification, and on the builder's channel. */
function checkGoLive(stage: Stage, goLive: QueryDocumentSnapshot): void {
  const { seen, broadcasts, codes, channels, builders } = airOf(stage);
  if (seen.goLives.has(goLive.id)) return;
  seen.goLives.add(goLive.id);
  const stream = goLive.get("stream") as { readonly id: string; readonly userId: string };
  const builder = String(goLive.get("builder_id"));
  const atMs = timeIn(goLive, "verified_at") ?? 0;
  const broadcast = broadcasts.find(({ id }) => id === stream.id);
  const isOn =
    broadcast !== undefined &&
    broadcast.startedAtMs <= atMs + TOLERANCE_MS &&
    (broadcast.endedAtMs ?? atMs) >= atMs - TOLERANCE_MS;
  mustHold("P2", isOn, () => `go-live ${goLive.id} counts a stream that was not on`);
  const own = [
    ...codes.filter(({ user }) => user === builder).map(({ channelId }) => channelId),
    channels[builders.indexOf(builder)]?.id,
  ];
  mustHold("P2", own.includes(stream.userId), () => `${builder} went live on another's channel`);
}

/** P5: only newer information changes the status, and it matches Twitch at that time. */
function checkStatus(
  stage: Stage,
  builder: QueryDocumentSnapshot,
  goLives: readonly QueryDocumentSnapshot[],
): void {
  const { statusAtMs } = airOf(stage).seen;
  const atMs = timeIn(builder, "live_status_at");
  if (atMs === undefined) return;
  const isLive = builder.get("is_live") === true;
  const channelId = builder.get("twitch_user_id") as string | null;
  // Who proves a channel again, after another one, has its status from then on.
  const key = `${builder.id} ${channelId} ${builder.get("standing_version")}`;
  const before = statusAtMs.get(key) ?? 0;
  mustHold(
    "P5",
    atMs >= before,
    () => `the live status of ${builder.id} was replaced by an older one`,
  );
  if (atMs === before || !channelId) return;
  statusAtMs.set(key, atMs);
  const isOfGoLive = goLives.some((each) => timeIn(each, "verified_at") === atMs);
  const span = [atMs - TOLERANCE_MS, atMs + LAG_MS + TOLERANCE_MS] as const;
  const isTrue = isOfGoLive || wasEver(stage, { channelId, isLive }, span);
  mustHold("P5", isTrue, () => `${builder.id} was not ${isLive ? "live" : "offline"} at ${atMs}`);
}

/** Whether a channel was live (or offline) at any time in a period. */
function wasEver(
  stage: Stage,
  { channelId, isLive }: { readonly channelId: string; readonly isLive: boolean },
  [fromMs, toMs]: readonly [number, number],
): boolean {
  const own = airOf(stage).broadcasts.filter((each) => each.channelId === channelId);
  const meeting = own.filter(
    ({ startedAtMs, endedAtMs = Number.POSITIVE_INFINITY }) =>
      startedAtMs <= toMs && endedAtMs >= fromMs,
  );
  if (isLive) return meeting.length > 0;
  return !meeting.some(
    ({ startedAtMs, endedAtMs = Number.POSITIVE_INFINITY }) =>
      startedAtMs < fromMs && endedAtMs > toMs,
  );
}

async function watchForgettings(stage: Stage): Promise<void> {
  const { forgettings, forgotten } = airOf(stage).seen;
  const nowMs = stage.cloud.clock.nowMs();
  const found = await stage.database.collection("forgettings").get();
  const ids = new Set(found.docs.map(({ id }) => id));
  for (const [id, seenMs] of [...forgettings]) {
    if (ids.has(id)) continue;
    forgettings.delete(id);
    forgotten.set(id, seenMs);
  }
  for (const id of ids) forgettings.set(id, nowMs);
}

/** B2, N2 and N6 for announcements. */
function checkAnnouncements(stage: Stage): void {
  const { discord } = stage;
  const { seen } = airOf(stage);
  const announcements = [community.generalChannelId, community.marketplaceChannelId].flatMap(
    (channelId) => discord.messages(channelId),
  );
  for (const { id, content, pinged, timestamp } of announcements) {
    const builder = /^(?:☕|🔥).*?<@(\d+)> is live/u.exec(content)?.[1];
    if (builder === undefined || seen.announcements.has(id)) continue;
    seen.announcements.add(id);
    const isDrop = content.startsWith("🔥");
    const pings = { roles: pinged.roles, users: pinged.users, everyone: pinged.everyone };
    const meant = { roles: isDrop ? [community.dropRoleId] : [], users: [], everyone: false };
    mustEqual("N6", `whom announcement ${id} pings`, pings, meant);
    const approvedMs = seen.approvedAtMs.get(builder) ?? 0;
    const atMs = Date.parse(timestamp);
    const mayBe = approvedMs >= atMs - TOLERANCE_MS;
    mustHold("B2", mayBe, () => `${builder}, who is not approved, announced something in ${id}`);
  }
}

/** F4: replaying a dead letter does not delete it. */
async function checkDeadLetters(stage: Stage): Promise<void> {
  const { deadLetters } = airOf(stage).seen;
  const open = new Set(
    (await stage.database.collection("dead_letters").get()).docs.map(({ id }) => id),
  );
  for (const id of deadLetters) mustHold("F4", open.has(id), () => `dead letter ${id} is gone`);
  for (const id of open) deadLetters.add(id);
}
