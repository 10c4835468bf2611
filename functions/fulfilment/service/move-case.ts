import {
  type NotifyDeps,
  notify,
  notifyOperators,
} from "../../../shared/discord/sending/notify.ts";
import type { Case } from "../../shipping/domain/case.ts";
import type { Deadline } from "../../shipping/store/deadlines.ts";
import type { Order } from "../../shop/domain/order.ts";
import type { Deps } from "../deps.ts";
import { caseNotices } from "../messages/cases.ts";
import type { CaseAction, CaseMoved } from "../store/cases.ts";

/** Dependencies of moving cases. */
export type MoveCaseDeps = NotifyDeps & Pick<Deps, "cases" | "clock">;

/** Dependencies of `leaveToBank`. */
export type BankDeps = MoveCaseDeps & Pick<Deps, "orders">;

/** What somebody does about a case, now. */
export type MoveOfCase = Omit<CaseAction, "now">;

/** Moves a case, and notifies those whom it concerns. Idempotent like the move; messages have fixed names. */
export async function moveCase(
  { orderId, move, by, text, changeId, version }: MoveOfCase,
  deps: MoveCaseDeps,
): Promise<CaseMoved> {
  const now = deps.clock.now();
  const of = version === undefined ? {} : { version };
  const moved = await deps.cases.move({ orderId, move, by, text, changeId, now, ...of });
  if (moved.outcome === "moved") await report(moved.order, moved.found, deps);
  return moved;
}

async function report(order: Order, found: Case, deps: NotifyDeps): Promise<void> {
  const { buyer, builder, operators } = caseNotices(order, found);
  const key = `case:${order.id}:${found.version}`;
  if (buyer) await notify(`${key}:buyer`, order.buyerId, { ...buyer, orderPage: order.id }, deps);
  if (builder) await notify(`${key}:builder`, order.builderId, builder, deps);
  if (operators) await notifyOperators(`${key}:operators`, operators, deps);
}

/**
 * Closes the case of an order whose payment a bank has taken back, in whatever state: the bank decides. Inquiries take
 * nothing, and a dispute that was won meanwhile needs nothing. Idempotent.
 */
export async function leaveToBank(orderId: string, deps: BankDeps): Promise<void> {
  const disputes = (await deps.orders.get(orderId))?.payment?.disputes ?? [];
  const isTaken = disputes.some(({ isInquiry, outcome }) => !isInquiry && outcome !== "won");
  if (isTaken) await moveCase({ orderId, move: "close", by: "bank" }, deps);
}

/**
 * Moves a case on that nobody moved: to staff, or to its end. One whose payment a bank disputes is over. Crash safety:
 * a repeat finds the case moved by time, and notifies.
 */
export async function doCaseDeadline(
  { subjectId: orderId, version }: Deadline,
  deps: MoveCaseDeps,
): Promise<void> {
  const found = await deps.cases.get(orderId);
  const isRepeat = found?.movedBy === "time" && found.version === version + 1;
  if (!found || !(found.version === version || isRepeat)) return;
  const move = found.state === (isRepeat ? "escalated" : "open") ? "escalate" : "close";
  const moved = await moveCase({ orderId, move, by: "time", version }, deps);
  if (moved.outcome === "disputed") {
    await moveCase({ orderId, move: "close", by: "bank", version }, deps);
  }
}
