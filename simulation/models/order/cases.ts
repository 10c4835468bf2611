import { mustEqual, mustHold } from "../../rules.ts";
import type { Known } from "./known.ts";
import type { CaseState, Changed, OrderState } from "./state.ts";

const DAY_MS = 24 * 3_600_000;
/** A builder has so long to answer, and a buyer so long to object to an answer. */
const ANSWER_MS = 3 * DAY_MS;
const STANDS_MS = 7 * DAY_MS;
const ALL = ["builder", "staff", "bank", "refund"];

/** S10: who may move a case from one state to another. */
const MOVES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  open: {
    answered: ["builder"],
    escalated: ["builder", "time"],
    settled: ALL,
    withdrawn: ["buyer"],
  },
  answered: {
    answered: ["builder"],
    escalated: ["builder", "buyer"],
    settled: [...ALL, "time"],
    withdrawn: ["buyer"],
  },
  escalated: { settled: ALL, withdrawn: ["buyer"] },
  withdrawn: { open: ["buyer"] },
};

/** S10: the states that a request to cancel may follow. */
const ANSWERS: Readonly<Record<string, readonly (string | undefined)[]>> = {
  asked: [undefined],
  declined: ["asked"],
  accepted: [undefined, "asked", "declined"],
};

/** S10: a case is about a parcel that was sent, moves as it may, and follows from what it says. */
export function checkCase({ before, now }: Changed<CaseState>, known: Known, atMs: number): void {
  const { orderId, state, movedBy, version } = now;
  if (before && isMovedAlike(before, now)) return;
  const order = known.orders.get(orderId);
  const parties = [order?.buyer, order?.builder];
  mustEqual("S10", `whose the case about ${orderId} is`, [now.buyer, now.builder], parties);
  mustEqual("S10", `the version of the case about ${orderId}`, version, (before?.version ?? 0) + 1);
  const move = `the case about ${orderId} went from ${before?.state} to ${state} by ${movedBy}`;
  const isOpening = state === "open" && movedBy === "buyer";
  const isMove = before ? MOVES[before.state]?.[state]?.includes(movedBy) === true : isOpening;
  mustHold("S10", isMove, () => move);
  mustEqual(
    "S10",
    `whether it is settled: ${move}`,
    now.outcome !== undefined,
    state === "settled",
  );
  if (state === "open") {
    const { sentAtMs } = known.parcels.get(now.parcelId) ?? {};
    mustHold("S10", sentAtMs !== undefined, () => `${move}, about a parcel that was not sent`);
    mustEqual("S10", `the parcel of ${move}`, now.parcelId, order?.parcelId);
  }
  if (movedBy === "time") checkSilence(before, known, atMs, move);
  if (order) checkOutcome(now, order, known, move);
}

/** Whether only pictures were added or deleted. */
function isMovedAlike(before: CaseState, now: CaseState): boolean {
  const { pictures, updatedAtMs } = now;
  return JSON.stringify({ ...before, pictures, updatedAtMs }) === JSON.stringify(now);
}

/** Silence moves a case only after the time that both sides know. */
function checkSilence(
  before: CaseState | undefined,
  { terms }: Known,
  atMs: number,
  move: string,
): void {
  const waitMs = before?.state === "open" ? ANSWER_MS : STANDS_MS;
  const sinceMs = atMs + terms.skewMs - (before?.updatedAtMs ?? 0);
  mustHold("S10", sinceMs >= waitMs, () => `${move} after ${sinceMs / DAY_MS} days`);
}

/** A refund is decided, another parcel is opened, and a bank has a dispute that it may have decided meanwhile. */
function checkOutcome(
  { outcome, movedBy, orderId }: CaseState,
  { requested, refunded, amount, disputes, parcelState }: OrderState,
  { refunds }: Known,
  move: string,
): void {
  if (outcome === "refund") {
    const own = [...refunds.values()].filter((refund) => refund.orderId === orderId);
    const isDecided = own.some(({ id, state }) => /^case(?:-|$)/.test(id) && state !== "failed");
    mustHold("S10", isDecided || requested === amount, () => `${move} without a refund`);
  }
  if (outcome === "replace") {
    mustEqual("S10", `the new parcel: ${move}`, parcelState, "open");
  }
  if (movedBy === "refund") mustEqual("S10", `what went back: ${move}`, refunded, amount);
  if (movedBy !== "bank") return;
  const isTaken = disputes.some((each) => each.outcome !== "won" && !each.isInquiry);
  mustHold("S10", isTaken, () => `${move} without a dispute`);
}

/** S10, S11: how a request to cancel moves; what is on its way is not cancelled. */
export function checkCancellation({ before, now }: Changed<OrderState>): void {
  const { id, cancellation, parcelState, paidAtMs } = now;
  if (before?.cancellation === cancellation) return;
  const move = `the request to cancel ${id} went from ${before?.cancellation} to ${cancellation}`;
  const isMove = ANSWERS[cancellation ?? ""]?.includes(before?.cancellation) === true;
  mustHold("S10", isMove, () => move);
  mustHold("S11", paidAtMs !== undefined, () => `${move}, unpaid`);
  const isOut = parcelState === "sent" || parcelState === "arrived";
  mustHold("S11", !isOut, () => `${move} while its parcel is ${parcelState}`);
}
