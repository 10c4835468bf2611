import { community } from "../../../../local/cloud/community.ts";
import { messagesTo } from "../../../people.ts";
import { mustEqual, mustHold } from "../../../rules.ts";
import type { Stage } from "../../../stage.ts";
import { isForgotten } from "../../race/messages.ts";
import { marketOf } from "../market.ts";
import { type StoredOrder, storedRefunds } from "./books.ts";

const DAY_MS = 24 * 3_600_000;
/** A sweep notices within this time what a task has missed. */
const LATE_MS = 3_600_000;
/** Both sides are warned this long before held money is returned. */
const WARNINGS_MS = { "warning-3d": 3 * DAY_MS, "warning-1d": DAY_MS } as const;

/** A message that a user must receive, by its recorded name. */
type Due = readonly [key: string, user: string];

/** N1, N5 and N9 of docs/invariants.md. */
export async function checkShopMessages(
  stage: Stage,
  orders: readonly StoredOrder[],
): Promise<void> {
  checkCopies(stage);
  const { docs } = await stage.database.collection("processed").get();
  const places = new Map(docs.map((sent) => [sent.id, sent.get("channel_id") as unknown]));
  const { buyers, unreachable, closedDms } = marketOf(stage);
  const isReached = (user: string) => !unreachable.has(user) && !closedDms.has(user);
  const received = buyers.flatMap((user) => messagesTo(stage, user));
  for (const order of orders) {
    const { id, isPaid, buyer } = order;
    const receipts = received.filter((text) => text.includes("Receipt") && text.includes(id));
    const what = `whether the buyer of order ${id} has a receipt`;
    if (isReached(buyer) || !isPaid) mustEqual("N1", what, receipts.length > 0, isPaid);
    const due = [...(await dueOf(stage, order)), ...(await warningsOf(stage, order))];
    const own = due.filter(([, user]) => isReached(user));
    const missed = own.filter(([key]) => !places.has(key)).map(([key]) => key);
    mustEqual("N1", `notices not sent for order ${id}`, missed, []);
    for (const [key, user] of own) {
      const [first] = stage.discord.dms(user);
      mustEqual("N5", `where ${key} was sent`, places.get(key), first?.channel_id);
    }
  }
}

/** The messages that an order's outcome requires. */
async function dueOf(
  stage: Stage,
  { id, isPaid, chargeId, hold, plan, disputes, buyer }: StoredOrder,
): Promise<readonly Due[]> {
  const { builder } = marketOf(stage);
  const due: Due[] = [];
  if (isPaid) due.push([`sold:${id}`, builder], [`receipt:${id}`, buyer]);
  if (chargeId && !isPaid) due.push([`apology:${id}`, buyer]);
  if (hold === "released" && plan === "held") due.push([`released:${id}`, builder]);
  for (const { id: dispute, outcome, isInquiry } of disputes) {
    const turn = outcome === "open" && isInquiry ? "inquiry" : outcome;
    due.push([`dispute-of:${dispute}:${turn}`, builder]);
  }
  for (const refund of await storedRefunds(stage, id)) {
    const isToNotify = refund.kind === "refund" && refund.state === "made" && refund.amount > 0;
    if (!isToNotify || refund.id === "unit-gone") continue;
    if (refund.id === "hold-ended") due.push(...toBoth(`hold-ended:${id}`, builder, buyer));
    else
      due.push([`refunded:${id}:${refund.id}`, buyer], [`refunded-by:${id}:${refund.id}`, builder]);
  }
  return due;
}

/** N9, for money that nobody has touched since the payment. */
async function warningsOf(
  stage: Stage,
  { id, buyer, heldUntilMs, disputes, isProved, isPaid }: StoredOrder,
): Promise<readonly Due[]> {
  if (heldUntilMs === undefined || !isPaid || isProved || disputes.length > 0) return [];
  const refunds = await storedRefunds(stage, id);
  if (refunds.some((refund) => refund.id !== "hold-ended")) return [];
  const { builder } = marketOf(stage);
  const passedMs = stage.cloud.clock.nowMs() - heldUntilMs - LATE_MS;
  return Object.entries(WARNINGS_MS).flatMap(([name, ms]) =>
    passedMs >= -ms ? toBoth(`hold-${name}:${id}`, builder, buyer) : [],
  );
}

function toBoth(key: string, builder: string, buyer: string): readonly Due[] {
  return [
    [`${key}:buyer`, buyer],
    [`${key}:builder`, builder],
  ];
}

/** Nobody receives a message twice, except after Discord has forgotten the first one's nonce. */
function checkCopies(stage: Stage): void {
  const { discord, faults } = stage;
  const { buyers, builder } = marketOf(stage);
  const places = [
    discord.messages(community.operatorsChannelId),
    ...[builder, ...buyers].map((user) => discord.dms(user)),
  ];
  for (const messages of places) {
    const firsts = new Map<unknown, (typeof messages)[number]>();
    for (const message of messages.filter(({ nonce }) => nonce)) {
      const first = firsts.get(message.nonce);
      const isExcused = !first || (isForgotten(message, first) && faults.faultCounts.size > 0);
      mustHold("N1", isExcused, () => `this was sent twice: ${JSON.stringify(message)}`);
      firsts.set(message.nonce, first ?? message);
    }
  }
}
