import { orderReport } from "../../../../functions/going-live/messages/go-live.ts";
import { createGoLives, type GoLive } from "../../../../functions/going-live/store/go-lives.ts";
import { community } from "../../../../local/cloud/community.ts";
import type { Database, QueryDocumentSnapshot } from "../../../../shared/ports/database.ts";
import { openDeadLetters } from "../../../operators.ts";
import { mustEqual, mustHold } from "../../../rules.ts";
import type { Stage } from "../../../stage.ts";
import { checkInTime } from "../../race/checks/answer.ts";
import { countSent, isForgotten, type SentMessage } from "../../race/messages.ts";
import { airOf } from "../air.ts";
import { people } from "../leaving.ts";
import { checkPrivacy } from "./privacy.ts";
import { checkStreams } from "./stream.ts";

const DEFERRED = 5;
const PSEUDONYM = /^forgotten-/;

/** P3, P4, P5, F1, N1, N5, N6, G5 and Liveness of docs/invariants.md. */
export async function checkLiveRest(stage: Stage): Promise<void> {
  await checkNothingWaits(stage);
  await checkStreams(stage);
  await checkReports(stage);
  await checkBuyers(stage);
  await checkDecisions(stage);
  checkMessages(stage);
  await checkNotices(stage);
  checkAlerts(stage);
  checkInTime(stage);
  await checkPrivacy(stage);
}

async function checkNothingWaits(stage: Stage): Promise<void> {
  const { discord } = stage;
  // Where the bot may not post, the builder reads so and the operators keep the announcement.
  const { refusing } = airOf(stage);
  const isRefused = (_body: string, deadLetter: string) =>
    refusing.size > 0 && deadLetter.startsWith("announcement: ");
  mustEqual("G5", "the open dead letters", await openDeadLetters(stage, isRefused), []);
  for (const event of discord.events()) {
    if (event.kind !== "interaction-answered" || event.responseType !== DEFERRED) continue;
    const { userId = "" } = discord.interaction(event.interactionId) ?? {};
    const read = readBy(stage, userId, event.interactionId);
    const isAnswered =
      read.trim() !== "" ||
      isUnreachable(stage, userId, read) ||
      isForgottenSince(stage, userId, event.atMs);
    mustHold("Liveness", isAnswered, () => `${userId} still waits for ${event.interactionId}`);
  }
}

/** What someone finally reads: the edited answer, or the DM in its place. */
function readBy({ discord }: Stage, user: string, interactionId: string): string {
  const original = discord.interaction(interactionId)?.original;
  const dms = discord.dms(user).filter((dm) => countSent([dm], `answer:${interactionId}`) > 0);
  return [original, ...dms]
    .map(
      (messages) => `${messages?.content ?? ""}\n${messages?.embeds.map(textOf).join("\n") ?? ""}`,
    )
    .join("\n");
}

/** How often something was posted in a channel, including messages that moderators deleted. */
function timesPosted(stage: Stage, channelId: string, key: string): number {
  const deleted = [...airOf(stage).deleted.values()].filter((each) => each.channelId === channelId);
  const gone = deleted.map(({ message }) => message);
  return countSent(stage.discord.messages(channelId), key) || countSent(gone, key);
}

function textOf({
  title = "",
  description = "",
  fields = [],
}: SentMessage["embeds"][number]): string {
  return [title, description, ...fields.map(({ value }) => value)].join("\n");
}

/** With closed DMs nobody can be notified after the answer can no longer be edited. */
function isUnreachable(stage: Stage, user: string, read: string): boolean {
  return read.trim() === "" && airOf(stage).closedDms.has(user);
}

/** What somebody asks for meanwhile may be forgotten with the rest. */
const FORGETTING_MS = 60_000;

/** Forgetting somebody also forgets where their earlier commands are answered. */
function isForgottenSince(stage: Stage, user: string, atMs: number): boolean {
  const { forgotten, forgettings } = airOf(stage).seen;
  const isForgotten = forgotten.has(user) || forgettings.has(user);
  return (
    isForgotten &&
    stage.discord
      .events()
      .some(
        (event) =>
          event.kind === "interaction-sent" &&
          event.userId === user &&
          event.what.startsWith("press forget-me:") &&
          event.atMs >= atMs - FORGETTING_MS,
      )
  );
}

/** P3 for reports, N1 for announcements. */
async function checkReports(stage: Stage): Promise<void> {
  const database = (async () => stage.database) as Database;
  const store = createGoLives(database);
  for (const { id } of (await stage.database.collection("go_lives").get()).docs) {
    const goLive = await store.get(id);
    if (!goLive?.interactionToken) continue;
    if (goLive.context.kind === "orders") {
      await checkReport(stage, { ...goLive, orderIds: goLive.context.orderIds }, store);
    } else checkAnnouncement(stage, goLive);
  }
  await checkClaims(stage);
}

/** N8: only a posted announcement keeps others from announcing for longer than ten minutes. */
async function checkClaims(stage: Stage): Promise<void> {
  const { database } = stage;
  for (const claim of (await database.collection("processed").get()).docs) {
    if (!claim.id.startsWith("announced:") || claim.get("is_withdrawn") === true) continue;
    const goLiveId = claim.get("go_live_id") as unknown;
    // Its builder was forgotten; the time of the last alert stays for everybody.
    if (typeof goLiveId !== "string") continue;
    const times = [community.generalChannelId, community.marketplaceChannelId].map((channel) =>
      timesPosted(stage, channel, `announcement:${goLiveId}`),
    );
    const isPosted = times.some((count) => count > 0);
    const since = (claim.get("processed_at") as { toMillis(): number }).toMillis();
    const isOld = stage.cloud.clock.nowMs() - since >= 10 * 60_000;
    const about = () => `${claim.id} is claimed by ${goLiveId}, which is not posted`;
    mustHold("N8", isPosted || isOld, about);
  }
}

async function checkReport(
  stage: Stage,
  goLive: GoLive & { readonly orderIds: readonly string[] },
  store: ReturnType<typeof createGoLives>,
): Promise<void> {
  const { id, builderId, orderIds } = goLive;
  const outcomes = await store.outcomes(id);
  const found = [...outcomes.keys()].toSorted();
  mustEqual("P3", `the orders with an outcome in go-live ${id}`, found, orderIds.toSorted());
  const isProvisional = [...outcomes.values()].some((each) => ["broken", "delayed"].includes(each));
  const report = orderReport(goLive, outcomes).embeds?.[0]?.description ?? "";
  const read = readBy(stage, builderId, id);
  if (isUnreachable(stage, builderId, read)) return;
  // A DM is not edited: it may say that an order takes longer.
  const isRead = read.includes(report) || read.includes("⏳") || isProvisional;
  mustHold("P3", isRead, () => `${builderId} reads of go-live ${id}: ${read}, not ${report}`);
}

function checkAnnouncement(stage: Stage, { id, builderId, context }: GoLive): void {
  const { generalChannelId, marketplaceChannelId } = community;
  const channel = context.kind === "drop" ? marketplaceChannelId : generalChannelId;
  const times = timesPosted(stage, channel, `announcement:${id}`);
  mustHold("N1", times <= 1, () => `go-live ${id} was announced ${times} times`);
  const read = readBy(stage, builderId, id);
  // An attempt to post was not answered, and its builder is asked to look.
  if (isUnreachable(stage, builderId, read) || read.includes("can't tell whether")) return;
  const isReported = read.includes("The announcement is up");
  mustEqual(
    "N2",
    `whether ${builderId} reads that go-live ${id} is announced`,
    isReported,
    times > 0,
  );
}

/** N1: each buyer of a proved order was notified once, and nobody else was. */
async function checkBuyers(stage: Stage): Promise<void> {
  const { discord, database } = stage;
  const { closedDms, refusing } = airOf(stage);
  const { ordersChannelId } = community;
  const orders = await database.collection("orders").get();
  for (const order of orders.docs) {
    const buyer = String(order.get("buyer_id"));
    if (PSEUDONYM.test(buyer)) continue;
    const times =
      countSent(discord.dms(buyer), `on-the-workbench:${order.id}`) +
      timesPosted(stage, ordersChannelId, `on-the-workbench-in-channel:${order.id}`);
    const expected = order.get("proof_go_live_id") ? 1 : 0;
    const isUnreachable = closedDms.has(buyer) && refusing.has(ordersChannelId);
    if (isUnreachable && times === 0) continue;
    mustEqual("N1", `how often the buyer of order ${order.id} was notified`, times, expected);
  }
}

/** N1 for decisions about builders and hosts, and for requests. */
async function checkDecisions(stage: Stage): Promise<void> {
  const { database } = stage;
  const { staff } = airOf(stage);
  for (const role of ["builders", "hosts"]) {
    for (const person of (await database.collection(role).get()).docs) {
      const changes = await person.ref.collection("standings").get();
      for (const change of changes.docs) {
        const by = String(change.get("by_id"));
        if (staff.includes(by)) checkDecision(stage, person, change);
        else if (by === person.id) {
          const word = role === "hosts" ? "host-asked" : "registered";
          const key = `${word}:${person.id}:${change.get("version")}`;
          const times = timesPosted(stage, community.operatorsChannelId, key);
          mustEqual("N1", `how often the team was notified of ${change.ref.path}`, times, 1);
        }
      }
    }
  }
}

/** Nobody has to be notified of a decision that a later one overtook. */
function checkDecision(
  stage: Stage,
  person: QueryDocumentSnapshot,
  change: QueryDocumentSnapshot,
): void {
  const { discord } = stage;
  const word = person.ref.parent.id === "hosts" ? "host" : "standing";
  const times = countSent(discord.dms(person.id), `${word}:${change.id}`);
  const isLast = change.get("version") === person.get("standing_version");
  const isReached = !airOf(stage).closedDms.has(person.id);
  const isRight = times === 1 || (times === 0 && !(isLast && isReached));
  mustHold("N1", isRight, () => `${person.id} was notified ${times} times of ${change.ref.path}`);
}

/** N3: a notice to the operators no longer asks for a decision that was made. */
async function checkNotices({ database, discord }: Stage): Promise<void> {
  for (const message of discord.messages(community.operatorsChannelId)) {
    const buttons = JSON.stringify(message.components ?? []);
    const [, role, id, version] = /(host|builder)-approve:(\d+)\.(\d+)/.exec(buttons) ?? [];
    if (id === undefined) continue;
    const person = await database.collection(`${role}s`).doc(id).get();
    const known = person.exists ? Number(person.get("standing_version")) : Number(version);
    const found = () => `the notice about ${role} ${id}.${version} still has buttons, at ${known}`;
    mustHold("N3", known <= Number(version), found);
  }
}

const ALERTS_APART_MS = 10 * 60_000;
/** The maximum time from the last check of the claim to the post. */
const POSTING_MS = 60_000;

/** See N7 in docs/invariants.md. */
function checkAlerts({ discord }: Stage): void {
  const alerts = discord
    .messages(community.marketplaceChannelId)
    .filter(({ content }) => content.startsWith("🔥"))
    .map(({ timestamp }) => Date.parse(timestamp));
  for (const [index, atMs] of alerts.entries()) {
    const apartMs = atMs - (alerts[index - 1] ?? Number.NEGATIVE_INFINITY);
    const isRight = apartMs >= ALERTS_APART_MS - POSTING_MS;
    mustHold("N7", isRight, () => `two drop alerts are ${apartMs} ms apart`);
  }
}

/**
 * N1: no message is sent twice, unless Discord had forgotten the first one's nonce. N6: nobody is
 * pinged without reason.
 */
function checkMessages(stage: Stage): void {
  const { discord } = stage;
  const { staff } = airOf(stage);
  const { ordersChannelId, ...others } = community;
  const channels = [
    others.generalChannelId,
    others.marketplaceChannelId,
    others.operatorsChannelId,
    others.racesChannelId,
  ];
  for (const message of channels.flatMap((channel) => discord.messages(channel))) {
    const { users, everyone } = message.pinged;
    const isQuiet = users.length === 0 && !everyone;
    mustHold("N6", isQuiet, () => `somebody is pinged by ${JSON.stringify(message)}`);
  }
  const places = [
    ...[ordersChannelId, ...channels].map((channel) => discord.messages(channel)),
    ...[...people(stage), ...staff].map((user) => discord.dms(user)),
  ];
  for (const messages of places) {
    const byNonce = Map.groupBy(messages, ({ nonce }) => nonce);
    for (const [nonce, [first, ...copies]] of byNonce) {
      if (nonce === undefined) continue;
      const copy = copies.find((each) => first && !isForgotten(each, first));
      mustHold("N1", !copy, () => `this was sent twice: ${JSON.stringify(copy)}`);
    }
  }
}
