import { isPseudonym } from "../../../shared/discord/pseudonym.ts";
import { notify } from "../../../shared/discord/sending/notify.ts";
import { type Case, isLeftBy, movedCase } from "../../shipping/domain/case.ts";
import type { Order } from "../../shop/domain/order.ts";
import { type RefundedPart, refundable } from "../../shop/domain/order-parts.ts";
import { type RefundDeps, type RefundResult, refundOrder } from "../../shop/money/refund-order.ts";
import { caseOpenedNotice } from "../messages/cases.ts";
import type { CaseMoved, CaseOpened, NewCase } from "../store/cases.ts";
import { type CopyPicturesDeps, copyPictures } from "./copy-pictures.ts";
import { type MoveCaseDeps, type MoveOfCase, moveCase } from "./move-case.ts";

/** Dependencies of cases. */
export type CaseDeps = RefundDeps & MoveCaseDeps;

/** Dependencies of opening a case. */
export type OpenCaseDeps = MoveCaseDeps & CopyPicturesDeps;

/** What became of a report, and how many of its pictures could not be copied. */
export type Opened = CaseOpened & { readonly missingPictures?: number };

/** Id of the first refund that a builder decides, and of the first that staff decide. */
const CASE_REFUND = "case";
const STAFF_REFUND = "case-staff";

/** What somebody decides about a case. */
export interface CaseDecision extends MoveOfCase {
  /** Of `refund`: minor units, everything that is left of the part unless given. */
  readonly amount?: number | undefined;
  readonly part?: RefundedPart;
}

/**
 * What became of it. `owed`: the case is settled, and Stripe refuses the refund for now. `unrefunded`: the refund could
 * not be made, nothing has changed, and staff are asked.
 */
export type CaseDecided =
  | CaseMoved
  | { readonly outcome: "too-much"; readonly left: number; readonly order: Order }
  | { readonly outcome: "owed" | "unrefunded"; readonly order: Order };

/**
 * Opens a case and asks the builder, or staff if the builder was forgotten; then copies its pictures. Idempotency: a
 * repeat finds it open, and messages have fixed names. Crash safety: the repeat of the same interaction goes on.
 */
export async function openCase(
  opening: Omit<NewCase, "now">,
  pictures: readonly string[],
  deps: OpenCaseDeps,
): Promise<Opened> {
  const opened = await deps.cases.open({ ...opening, now: deps.clock.now() });
  if (opened.outcome !== "opened") return opened;
  const { order, found } = opened;
  if (isPseudonym(order.builderId)) {
    // Copied first, because staff are shown where the pictures are.
    const missingPictures = await copyPictures(opened, pictures, deps);
    await moveCase({ orderId: order.id, move: "escalate", by: "time" }, deps);
    return { ...opened, missingPictures };
  }
  const notice = caseOpenedNotice(order, found);
  await notify(`case-opened:${order.id}:${found.openedUnder}`, order.builderId, notice, deps);
  return { ...opened, missingPictures: await copyPictures(opened, pictures, deps) };
}

/**
 * Decides a case. A refund is made first, under one id for each side, so that a repeat or two people at once refund
 * once; then the case moves, and both sides are notified. Crash safety: the repeat finds the refund and goes on.
 *
 * What staff decide is owed: when Stripe refuses it, the case is settled and the sweeper tries again. A builder's
 * refund that cannot be made leaves the case to staff, and the builder can still try again. Nor does a refund that was
 * requested otherwise settle the case before it is made; once it is, the case is closed.
 */
export async function decideCase(decision: CaseDecision, deps: CaseDeps): Promise<CaseDecided> {
  const { orderId, move, by } = decision;
  const found = await deps.cases.get(orderId);
  if (move !== "refund" || !found || !movedCase(found.state, move, by)) {
    const moved = await moveCase(decision, deps);
    const isOther = move === "refund" && moved.outcome === "moved";
    if (isOther && !(await isMade(decision, moved, deps))) return { ...moved, outcome: "not-now" };
    return moved;
  }
  const refund = await refundCase(decision, found, deps);
  const isAll = decision.amount === undefined && decision.part === undefined;
  const isDone =
    refund.outcome === "too-much" &&
    isAll &&
    refund.left === 0 &&
    !(await canStillFail(refund.order, deps));
  if (refund.outcome === "refunded" || isDone) return moveCase(decision, deps);
  if (refund.outcome === "too-much") return refund;
  // Only typed refunds are refused before they begin, and this one has no deadline.
  if (!("order" in refund)) throw new Error(`The refund of ${orderId} has not begun.`);
  const { order, outcome } = refund;
  if (outcome === "disputed") return { outcome, order, found };
  if (outcome === "refused" && by === "staff") {
    await moveCase(decision, deps);
    return { outcome: "owed", order };
  }
  await moveCase({ orderId, move: "escalate", by }, deps);
  return { outcome: "unrefunded", order };
}

/** Whether a refund of the order is decided and not made, and is given up if Stripe refuses it. */
async function canStillFail(
  order: Order,
  { refunds }: Pick<CaseDeps, "refunds">,
): Promise<boolean> {
  return (await refunds.openOf(order)).some(
    ({ state, isOwed }) => state === "requested" && !isOwed,
  );
}

/** Refunds, limited like every refund of a builder's if it is theirs. */
async function refundCase(
  { orderId, by, amount, part }: CaseDecision,
  found: Case,
  deps: CaseDeps,
): Promise<RefundResult> {
  const isStaffs = by === "staff";
  const { id } = await currentRefund(found, isStaffs ? STAFF_REFUND : CASE_REFUND, deps);
  const whose = { isOwed: isStaffs, isLimited: !isStaffs };
  return refundOrder({ id, orderId, amount, part, restock: false, ...whose }, deps);
}

/** Whether the refund that settled a case is the one that is asked for, and not a second one. */
async function isMade(
  { by, amount, part = "order" }: CaseDecision,
  { order: { payment }, found }: { readonly order: Order; readonly found: Case },
  deps: Pick<CaseDeps, "refunds">,
): Promise<boolean> {
  if (amount === undefined) {
    const left = payment ? payment.amount - payment.refundRequested : 0;
    return !payment || refundable(payment, left, part) === 0;
  }
  const first = by === "staff" ? STAFF_REFUND : CASE_REFUND;
  return (await currentRefund(found, first, deps)).refund?.amount === amount;
}

/**
 * One side's refund of an order, and its id: the first under which none has failed. A case that was opened again has
 * refunds of its own.
 */
async function currentRefund(
  { id: orderId, moves }: Pick<Case, "id" | "moves">,
  side: string,
  { refunds }: Pick<CaseDeps, "refunds">,
) {
  const openings = moves.filter(({ state }) => state === "open").length;
  const first = openings > 1 ? `${side}-opened-${openings}` : side;
  for (let attempt = 1; ; attempt += 1) {
    const id = attempt === 1 ? first : `${first}-${attempt}`;
    const refund = await refunds.get(orderId, id);
    if (refund?.state !== "failed") return { id, refund };
  }
}

/** Whether somebody's decision has begun: its refund is decided, or the case is as the decision leaves it. */
export async function isDecisionBegun(
  { orderId, move, text }: Pick<CaseDecision, "orderId" | "move" | "text">,
  deps: Pick<CaseDeps, "refunds" | "cases">,
): Promise<boolean> {
  const found = await deps.cases.get(orderId);
  if (!found) return false;
  if (isLeftBy(found, { move, by: found.movedBy, text })) return true;
  const both = [STAFF_REFUND, CASE_REFUND].map((side) => currentRefund(found, side, deps));
  return (await Promise.all(both)).some(({ refund }) => refund !== undefined);
}
