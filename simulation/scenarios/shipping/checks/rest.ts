import { mustEqual, mustHold } from "../../../rules.ts";
import type { Stage } from "../../../stage.ts";
import { countSent } from "../../race/messages.ts";
import { type StoredOrder, storedOrders } from "../../shop/checks/books.ts";
import { marketOf } from "../../shop/market.ts";
import {
  type StoredCase,
  type StoredParcel,
  storedCases,
  storedDeadlines,
  storedParcels,
} from "../parcels.ts";
import { checkNumbers } from "./number.ts";

/** A sweep notices a deadline within this time. */
const LATE_MS = 3_600_000;
const BACK = ["refunded", "charged_back"];

/** S4 to S6, S9 and S11 of docs/invariants.md. */
export async function checkParcelsAtRest(stage: Stage): Promise<void> {
  const all = {
    parcels: await storedParcels(stage),
    cases: await storedCases(stage),
    orders: await storedOrders(stage),
  };
  await checkDeadlines(stage, all);
  checkEmptied(all);
  checkCanceled(stage, all);
  for (const parcel of all.parcels) checkSentMessage(stage, parcel);
  checkNumbers(stage, all.parcels);
}

/** Everything that is stored about parcels. */
interface Stored {
  readonly parcels: readonly StoredParcel[];
  readonly cases: readonly StoredCase[];
  readonly orders: readonly StoredOrder[];
}

/**
 * S4: what was due is done. Every parcel that is on its way will count as arrived, and silence moves
 * every case and every request to cancel.
 */
async function checkDeadlines(stage: Stage, { parcels, cases, orders }: Stored): Promise<void> {
  const deadlines = await storedDeadlines(stage);
  const nowMs = stage.cloud.clock.nowMs();
  const isSet = (kind: string, subjectId: string) =>
    deadlines.some(
      (each) =>
        each.kind === kind && each.subjectId === subjectId && each.dueAtMs > nowMs - LATE_MS,
    );
  const overdue = deadlines.filter(({ dueAtMs }) => dueAtMs < nowMs - LATE_MS);
  mustEqual("S4", "the deadlines that were due", overdue, []);
  const live = cases.filter(({ state }) => ["open", "answered", "escalated"].includes(state));
  const reported = new Set(live.map(({ orderId }) => orderId));
  for (const { id, orderIds } of parcels.filter(({ state }) => state === "sent")) {
    const isAwaited = isSet("arrival", id) || orderIds.some((orderId) => reported.has(orderId));
    mustHold("S4", isAwaited, () => `parcel ${id} is on its way for ever`);
  }
  const returned = orders.filter(({ status }) => BACK.includes(status)).map(({ id }) => id);
  for (const { orderId, state } of live) {
    const isOver = returned.includes(orderId);
    mustHold("S4", !isOver, () => `the case about ${orderId}, all refunded, is ${state} for ever`);
  }
  for (const { orderId, state } of live.filter((each) => each.state !== "escalated")) {
    const isAwaited = isSet("case-answer", orderId);
    mustHold("S4", isAwaited, () => `the case about ${orderId} is ${state} for ever`);
  }
  for (const { id } of orders.filter(({ cancellation }) => cancellation === "asked")) {
    const isOver = orders.some((order) => order.id === id && isGone(order));
    const isAwaited = isOver || isSet("cancel-answer", id);
    mustHold("S4", isAwaited, () => `nobody answers the request to cancel ${id}`);
  }
}

/** Whether an order can't be cancelled any more, so that a request stays as it is. */
function isGone({ status, refundRequested, amount, hold }: StoredOrder): boolean {
  const isOut = ["shipped", "delivered", ...BACK].includes(status);
  return isOut || refundRequested === amount || hold === "ended" || hold === "returned";
}

/** S5: a parcel that waits has something to send. */
function checkEmptied({ parcels, orders: all }: Stored): void {
  const orders = new Map(all.map((order) => [order.id, order]));
  for (const { id, orderIds } of parcels.filter(({ state }) => state === "open")) {
    const kept = orderIds.filter((each) => !BACK.includes(orders.get(each)?.status ?? ""));
    mustHold("S5", kept.length > 0, () => `parcel ${id} waits with nothing in it`);
  }
}

/** S11: what was cancelled goes back in full, unless a bank decides about it. */
function checkCanceled(stage: Stage, { orders }: Stored): void {
  const { overturned } = marketOf(stage);
  for (const order of orders.filter(({ cancellation }) => cancellation === "accepted")) {
    const { id, amount, refundRequested, disputes, status, chargeId } = order;
    // After a loss, nothing is owed any more; that the money came back later changes nothing.
    const isAppealed = overturned.has(chargeId ?? "");
    const isOpen = disputes.some(({ outcome, isInquiry }) => outcome === "open" && !isInquiry);
    const isAtBank = isOpen || isAppealed;
    const isBack = refundRequested === amount || BACK.includes(status);
    mustHold(
      "S11",
      isBack || isAtBank,
      () => `${refundRequested} of ${amount} of the cancelled order ${id} go back`,
    );
  }
}

/** S6: a buyer is notified once that a parcel was sent. */
function checkSentMessage(stage: Stage, { id, state, buyer, isSent }: StoredParcel): void {
  const { unreachable, closedDms } = marketOf(stage);
  const times = countSent(stage.discord.dms(buyer), `parcel-sent:${id}`);
  const what = `how often the buyer of parcel ${id}, ${state}, was notified of its sending`;
  if (unreachable.has(buyer) || closedDms.has(buyer)) mustHold("S6", times <= 1, () => what);
  else mustEqual("S6", what, times, isSent ? 1 : 0);
}
