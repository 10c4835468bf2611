import { isApproved } from "../../functions/members/domain/standing.ts";
import type { Deps } from "../../functions/operations/deps.ts";
import {
  builderPart,
  givenTo,
  isContested,
  openDisputes,
} from "../../functions/shop/domain/builder-part.ts";
import type { Order, Payment } from "../../functions/shop/domain/order.ts";
import type { OpenDebt } from "../../functions/shop/store/refunds/debt-lists.ts";
import type { OpenRefund } from "../../functions/shop/store/refunds/refund-lists.ts";
import { TerminalError } from "../../shared/runtime/errors.ts";
import { utc } from "../cli/table.ts";

/** What finding stuck money needs: only Firestore. */
export type StuckDeps = Pick<
  Deps,
  "orders" | "payments" | "refunds" | "releases" | "debts" | "builders" | "clock"
>;

/** Money of an order that is not where it belongs. */
export interface StuckMoney {
  /** Undefined for what a forgotten person still owes. */
  readonly orderId: string | undefined;
  readonly kind: "payment" | "refund" | "release" | "debt" | "unreadable";
  /** The id of the refund or the debt. */
  readonly id?: string;
  readonly builderId?: string;
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
  readonly since: Date | undefined;
  readonly why: string;
  readonly toDo: string;
  /** It does not proceed by itself, or should have by now. */
  readonly needsYou: boolean;
}

type Paid = Order & { readonly payment: Payment };

const PAGE = 200;
/** If there are more debts, those that are due first are listed. */
const MAX_DEBTS = 1000;
/** The sweeper runs every 15 minutes, so it has not yet handled what is younger than this. */
const SWEPT_MS = 30 * 60_000;
/** Stripe books a charge within an hour, and cannot transfer it before. */
const BOOKED_MS = 2 * 3_600_000;
const DAY_MS = 24 * 3_600_000;
/** How long a builder or a bank may take. */
const PATIENCE_MS = 14 * DAY_MS;
const BY_ITSELF = "nothing: the sweeper continues within 15 minutes";

/** All stuck money, by order. */
export async function allStuckMoney(deps: StuckDeps): Promise<StuckMoney[]> {
  const { orders, refunds, releases, payments, debts, clock } = deps;
  const lists = [
    (after?: string) => payments.unsettled("settling", after, PAGE),
    (after?: string) => payments.unsettled("processing", after, PAGE),
    (after?: string) => refunds.unfinished(after, PAGE),
    (after?: string) => releases.unfinished("releasing", after, PAGE),
    (after?: string) => releases.unfinished("proved", after, PAGE),
    (after?: string) => releases.unfinished("split", after, PAGE),
  ];
  const ids = new Set<string>();
  for (const list of lists) for await (const id of everyId(list)) ids.add(id);
  const found: StuckMoney[] = [];
  for (const id of [...ids].sort()) {
    try {
      const order = await orders.get(id);
      if (order) found.push(...(await ofOrder(order, deps)));
    } catch (error) {
      if (!(error instanceof TerminalError)) throw error;
      found.push(unreadable(id, error));
    }
  }
  const open = await debts.open(MAX_DEBTS);
  return [...found, ...open.map((debt) => ofDebt(debt, clock.now().getTime()))];
}

/** The stuck money of one order. */
export async function stuckMoneyOf(order: Order, deps: StuckDeps): Promise<StuckMoney[]> {
  const debts = await deps.debts.openOf(order);
  const nowMs = deps.clock.now().getTime();
  return [...(await ofOrder(order, deps)), ...debts.map((debt) => ofDebt(debt, nowMs))];
}

/** Whether a part of an order's money could have been transferred to its builder, but was not. */
export function isReleaseDue({ payment, proof }: Order): boolean {
  if (payment?.hold === "releasing") return true;
  return payment?.hold === "held" && (proof !== undefined || payment.plan === "split");
}

async function* everyId(
  list: (after?: string) => Promise<readonly string[]>,
): AsyncGenerator<string> {
  let ids = await list();
  while (ids.length > 0) {
    yield* ids;
    ids = ids.length < PAGE ? [] : await list(ids.at(-1));
  }
}

async function ofOrder(order: Order, deps: StuckDeps): Promise<StuckMoney[]> {
  const { payment } = order;
  if (!payment) return [];
  const paid: Paid = { ...order, payment };
  const refunds = await deps.refunds.openOf(order);
  const nowMs = deps.clock.now().getTime();
  return [
    ...((await deps.payments.isUnsettled(order.id)) ? [await ofPayment(paid, deps)] : []),
    ...refunds.map((refund) => ofRefund(paid, refund, nowMs)),
    ...(isReleaseDue(order) ? [await ofRelease(paid, deps)] : []),
  ];
}

async function ofPayment(order: Paid, deps: StuckDeps): Promise<StuckMoney> {
  const { id, builderId, payment } = order;
  const isAtBank = order.fulfillmentStatus === "processing";
  const since = isAtBank ? await deps.orders.changedAt(id) : payment.paidAt;
  const isOld = isOlder(since, isAtBank ? PATIENCE_MS : SWEPT_MS, deps.clock.now().getTime());
  return {
    orderId: id,
    kind: "payment",
    builderId,
    since,
    needsYou: isOld,
    amount: payment.amount,
    currency: payment.currency,
    why: isAtBank ? "the buyer's bank has not answered" : "paid, but not fully processed here",
    toDo: whenOld(
      isOld,
      `${retry(id)} asks Stripe`,
      isAtBank ? "nothing: banks take days" : BY_ITSELF,
    ),
  };
}

function ofRefund({ id, builderId, payment }: Paid, refund: OpenRefund, nowMs: number): StuckMoney {
  const { since, isOwed, attempt } = refund;
  const about = isOwed ? "owed" : "asked for";
  const tried = attempt > 1 ? `Stripe refused it ${times(attempt - 1)}` : "Stripe has not answered";
  const isFrozen = isContested(payment);
  const isOld = !isFrozen && (attempt > 1 || isOlder(since, SWEPT_MS, nowMs));
  const settle = `${retry(id)}; ./dev ops orders close ${id} ${refund.id} if you settled it in another way`;
  return {
    orderId: id,
    kind: "refund",
    id: refund.id,
    builderId,
    since,
    needsYou: isOld,
    amount: refund.amount,
    currency: payment.currency,
    why: `${about}; ${isFrozen ? "a dispute is open, during which Stripe makes no refund" : tried}`,
    toDo: whenOld(isOld, settle, isFrozen ? "wait for the dispute's outcome" : BY_ITSELF),
  };
}

async function ofRelease(order: Paid, deps: StuckDeps): Promise<StuckMoney> {
  const { id, builderId, payment, proof } = order;
  const { sending, ids = [] } = payment.transfer ?? {};
  const isUnderWay = payment.hold === "releasing";
  const due = proof && payment.plan === "held" ? new Date(proof.verifiedAtMs) : payment.paidAt;
  const since = isUnderWay ? await deps.orders.changedAt(id) : due;
  const amount = sending ? sending.gross - sending.netted : builderPart(payment) - givenTo(payment);
  const common = { orderId: id, kind: "release", builderId, amount, since } as const;
  const nowMs = deps.clock.now().getTime();
  const stuck = (why: string, toDo: string, needsYou: boolean): StuckMoney => ({
    ...common,
    currency: payment.currency,
    why,
    toDo,
    needsYou,
  });
  if (isUnderWay) {
    const isOld = isOlder(since, SWEPT_MS, nowMs);
    return stuck(
      "being sent; Stripe has not answered",
      whenOld(isOld, retry(id), BY_ITSELF),
      isOld,
    );
  }
  if (openDisputes(payment).length > 0) {
    return stuck(
      "a dispute is open",
      "answer it in Stripe's dashboard; it is sent if it is won",
      false,
    );
  }
  if (payment.refundRequested !== payment.refunded) {
    return stuck("a refund of the order has not been made yet", "settle the refund first", false);
  }
  const builder = await deps.builders.get(builderId);
  if (!isApproved(builder?.standing)) {
    const state = builder?.standing.state ?? "not registered";
    return stuck(
      `the builder is ${state}`,
      `/c500 builders approve or restore, or /c500 refund`,
      true,
    );
  }
  if (builder?.account?.state !== "ACTIVE") {
    const state = builder?.account ? `${builder.account.state.toLowerCase()} at Stripe` : "missing";
    const isOld = isOlder(since, PATIENCE_MS, nowMs);
    const toDo = "the builder connects an account or completes it with /c500 payouts; remind them";
    return stuck(`the builder's account is ${state}`, toDo, isOld);
  }
  const refusals = payment.releaseAttempt - 1 - ids.length;
  if (refusals > 0) {
    const why = `Stripe refused the transfer ${times(refusals)}`;
    return stuck(
      why,
      `${retry(id)} prints the reason, which was also sent to the operators' channel`,
      true,
    );
  }
  const isOld = isOlder(since, BOOKED_MS, nowMs);
  const wait = "nothing: Stripe books a payment within an hour, then it is sent";
  return stuck("not sent yet", whenOld(isOld, retry(id), wait), isOld);
}

/** Never urgent: collection is tried daily, and the debt is deducted from the builder's next transfer. */
function ofDebt(debt: OpenDebt, nowMs: number): StuckMoney {
  const { orderId, id, builderId, amount, settled, currency, since, dueAt } = debt;
  const triedAt = new Date(dueAt.getTime() - DAY_MS);
  const tried = dueAt.getTime() <= nowMs ? "tried within 15 minutes" : `last tried ${utc(triedAt)}`;
  return {
    orderId,
    kind: "debt",
    id,
    builderId,
    since,
    needsYou: false,
    amount: amount - settled,
    currency,
    why: `owed by the builder; ${tried}`,
    toDo: "nothing: collection is tried daily, and it is deducted from their next transfer",
  };
}

function unreadable(orderId: string, error: Error): StuckMoney {
  return {
    orderId,
    kind: "unreadable",
    amount: 0,
    currency: "usd",
    since: undefined,
    why: error.message,
    toDo: "correct the document in Firestore",
    needsYou: true,
  };
}

function isOlder(since: Date | undefined, ms: number, nowMs: number): boolean {
  return since === undefined || nowMs - since.getTime() > ms;
}

function whenOld(isOld: boolean, then: string, otherwise: string): string {
  return isOld ? then : otherwise;
}

function retry(orderId: string): string {
  return `./dev ops orders retry ${orderId}`;
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}
