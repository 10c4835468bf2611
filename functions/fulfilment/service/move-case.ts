import {
  type NotifyDeps,
  notify,
  notifyOperators,
} from "../../../shared/discord/sending/notify.ts";
import { type Case, daysAtStaff, nextCaseReminder } from "../../shipping/domain/case.ts";
import type { Deadline } from "../../shipping/store/deadlines.ts";
import type { Order } from "../../shop/domain/order.ts";
import type { Deps } from "../deps.ts";
import { caseNotices, caseReminder } from "../messages/cases.ts";
import type { CaseAction, CaseMoved } from "../store/cases.ts";

/** Dependencies of moving cases. */
export type MoveCaseDeps = NotifyDeps & Pick<Deps, "cases" | "clock"> & ReportDeps;

/** Where the pictures of cases are shown to staff. */
interface ReportDeps {
  readonly config: Pick<Deps["config"], "DISCORD_GUILD_ID" | "DISCORD_OPERATORS_CHANNEL_ID">;
}

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

async function report(order: Order, found: Case, deps: NotifyDeps & ReportDeps): Promise<void> {
  const { buyer, builder, operators } = caseNotices(order, found, placeOf(deps));
  const key = `case:${order.id}:${found.version}`;
  if (buyer) await notify(`${key}:buyer`, order.buyerId, { ...buyer, orderPage: order.id }, deps);
  if (builder) await notify(`${key}:builder`, order.builderId, builder, deps);
  if (operators) await notifyOperators(`${key}:operators`, operators, deps);
}

function placeOf({ config }: ReportDeps) {
  return { guildId: config.DISCORD_GUILD_ID, channelId: config.DISCORD_OPERATORS_CHANNEL_ID };
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

/**
 * Closes the case of an order whose money has all gone back in another way: with `/c500 refund`, in Stripe's dashboard
 * or at a bank. Idempotent: what is settled stays so, and messages have fixed names. Order: it is due from when the
 * refund is booked, and what was refunded cannot be reported any more.
 */
export async function closeRefundedCase(
  { subjectId: orderId }: Deadline,
  deps: MoveCaseDeps,
): Promise<void> {
  await moveCase({ orderId, move: "refund", by: "refund" }, deps);
}

/**
 * Reminds staff of a case that still waits for them, once a day and some days at most. Idempotency: a day's reminder has
 * a fixed name. Crash safety: the next one is set last. Lateness: a sweeper that was down reminds once for all days.
 */
export async function remindStaff(
  { subjectId: orderId, version }: Deadline,
  deps: MoveCaseDeps & Pick<Deps, "orders" | "deadlines">,
): Promise<void> {
  const now = deps.clock.now();
  const found = await deps.cases.get(orderId);
  const order = await deps.orders.get(orderId);
  const days = found?.version === version ? daysAtStaff(found, now) : undefined;
  if (!found || !order || days === undefined) return;
  const key = `case-reminder:${orderId}:${version}:${days}`;
  await notifyOperators(key, caseReminder(order, found, { days, ...placeOf(deps) }), deps);
  const dueAt = nextCaseReminder(found, now);
  if (dueAt)
    await deps.deadlines.set({ kind: "case-reminder", subjectId: orderId, version, dueAt });
}
