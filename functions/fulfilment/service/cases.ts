import { notify } from "../../../shared/discord/notify.ts";
import { type Case, movedCase } from "../../shipping/domain/case.ts";
import type { Order } from "../../shop/domain/order.ts";
import type { RefundedPart } from "../../shop/domain/order-parts.ts";
import { type RefundDeps, type RefundResult, refundOrder } from "../../shop/money/refund-order.ts";
import { caseOpenedNotice } from "../messages/cases.ts";
import type { CaseMoved, CaseOpened, NewCase } from "../store/cases.ts";
import { type MoveCaseDeps, type MoveOfCase, moveCase } from "./move-case.ts";

/** Dependencies of cases. */
export type CaseDeps = RefundDeps & MoveCaseDeps;

/** Id of the refund that a builder decides. */
export const CASE_REFUND = "case";

/** What somebody decides about a case. */
export interface CaseDecision extends MoveOfCase {
  /** Of `refund`: minor units, everything that is left of the part unless given. */
  readonly amount?: number | undefined;
  readonly part?: RefundedPart;
}

/** What became of it. `unrefunded`: the refund could not be made, and staff are notified. */
export type CaseDecided =
  | CaseMoved
  | { readonly outcome: "too-much"; readonly left: number; readonly order: Order }
  | { readonly outcome: "unrefunded"; readonly order: Order };

/** Opens a case and asks the builder. Idempotent: a repeat finds it open, and its message has a fixed name. */
export async function openCase(
  opening: Omit<NewCase, "now">,
  pictures: readonly string[],
  deps: CaseDeps,
): Promise<CaseOpened> {
  const opened = await deps.cases.open({ ...opening, now: deps.clock.now() });
  if (opened.outcome !== "opened") return opened;
  const { order, found } = opened;
  const notice = caseOpenedNotice(order, found, pictures);
  await notify(`case-opened:${order.id}:${found.version}`, order.builderId, notice, deps);
  return opened;
}

/**
 * Decides a case. A refund is made first, under one id for each side, so that a repeat or two people at once refund
 * once; then the case moves, and both sides are notified. Crash safety: the repeat finds the refund and goes on.
 */
export async function decideCase(decision: CaseDecision, deps: CaseDeps): Promise<CaseDecided> {
  const { orderId, move, by } = decision;
  const found = await deps.cases.get(orderId);
  if (move === "refund" && found && movedCase(found.state, move, by)) {
    const refund = await refundCase(decision, found, deps);
    const isAll = decision.amount === undefined && decision.part === undefined;
    if (refund.outcome === "too-much" && !(isAll && refund.left === 0)) return refund;
    if (refund.outcome === "disputed") return { outcome: "disputed", order: refund.order, found };
    const isMade = refund.outcome === "refunded" || refund.outcome === "too-much";
    if (!isMade && "order" in refund) {
      await decideCase({ orderId, move: "escalate", by }, deps);
      return { outcome: "unrefunded", order: refund.order };
    }
  }
  return moveCase(decision, deps);
}

/** What staff decide is owed; what a builder gives back is limited like every refund of theirs. */
function refundCase(
  { orderId, by, amount, part }: CaseDecision,
  { version }: Case,
  deps: CaseDeps,
): Promise<RefundResult> {
  const isStaffs = by === "staff";
  const id = isStaffs ? `case-staff-${version}` : CASE_REFUND;
  const whose = { isOwed: isStaffs && amount === undefined, isLimited: !isStaffs };
  return refundOrder({ id, orderId, amount, part, restock: false, ...whose }, deps);
}
