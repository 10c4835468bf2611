import { mustEqual, mustHold } from "../rules.ts";
import type { Known } from "./order/known.ts";

/** What must be stored before a notice is sent, by the notice's name. */
const AFTER: readonly (readonly [notice: RegExp, stored: (...parts: string[]) => string])[] = [
  [/^(?:receipt|sold):([^:]+)$/, (order) => `order ${order} was paid`],
  [/^released:([^:]+)/, (order) => `order ${order} releasing`],
  [/^apology:([^:]+)$/, (order) => `refund ${order} unit-gone made`],
  [/^refunded(?:-by)?:([^:]+):(.+)$/, (order, refund) => `refund ${order} ${refund} made`],
  [/^hold-ended:([^:]+):/, (order) => `refund ${order} hold-ended made`],
  [/^bank-is-working:([^:]+)$/, (order) => `order ${order} processing`],
  [/^bank-refused:([^:]+)$/, (order) => `order ${order} cancelled`],
  [/^dispute-of:([^:]+):([^:]+)$/, (dispute, turn) => `dispute ${dispute} ${turn}`],
];

/**
 * N2: no message about an order is sent before its reason is stored. `been` is everything that was
 * ever stored.
 */
export function checkMessageOrder(keys: readonly string[], been: ReadonlySet<string>): void {
  for (const key of keys) {
    for (const [notice, stored] of AFTER) {
      const [match, ...parts] = notice.exec(key) ?? [];
      if (match === undefined) continue;
      const what = stored(...parts);
      mustHold("N2", been.has(what), () => `${key} was sent before its reason was stored: ${what}`);
    }
  }
}

/** A received message. */
export interface Message {
  readonly user: string;
  readonly text: string;
}

const RECEIPT = /"name":"Paid","value":"([^"]+)".*?"value":"`([^`]+)`"/;
const REFUND = /^💌 (\S+)(?: of your order)? for .*? \(`([^`]+)`\)/;

/**
 * N5: receipts and refund notices go to the buyer and contain the paid amount, or one of the
 * refunded amounts.
 */
export function checkMessages(messages: readonly Message[], { orders, refunds }: Known): void {
  for (const { user, text } of messages) {
    const [, paid, ofReceipt] = RECEIPT.exec(text) ?? [];
    const [, back, ofRefund] = REFUND.exec(text) ?? [];
    const order = orders.get(ofReceipt ?? ofRefund ?? "");
    if (!order) continue;
    mustEqual("N5", `the recipient for order ${order.id}`, user, order.buyer);
    if (paid) mustEqual("N5", `the receipt of order ${order.id}`, paid, written(order.amount));
    const made = [...refunds.values()].filter(
      ({ orderId, kind, state }) => orderId === order.id && kind === "refund" && state === "made",
    );
    const isRight = !back || made.some(({ amount }) => written(amount) === back);
    mustHold("N5", isRight, () => `${user} reads that ${back} of order ${order.id} was refunded`);
  }
}

/** Formats cents as in messages. */
function written(cents: number): string {
  return `$${(cents / 100).toLocaleString("en-US", { minimumFractionDigits: 2 })}`;
}
