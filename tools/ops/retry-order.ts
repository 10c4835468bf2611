import type { Deps } from "../../functions/operations/deps.ts";
import { settleCheckout } from "../../functions/shop/checkout/settle-checkout.ts";
import type { Order } from "../../functions/shop/domain/order.ts";
import { collectDebt } from "../../functions/shop/money/collect-debt.ts";
import { finishRefund } from "../../functions/shop/money/refund-order.ts";
import { releaseOrder } from "../../functions/shop/money/release-order.ts";
import { describeError } from "../../shared/runtime/errors.ts";
import { isReleaseDue } from "./stuck-orders.ts";

/**
 * Does for one order at once what the sweeper would: its payment, its refunds, its release and its debts, in
 * this order. A step that fails does not stop the others. Returns what failed, and what services answered, in words.
 *
 * Idempotency: each step is the product's own and finds what was already done, also if the sweeper runs meanwhile.
 */
export async function retryOrder(orderId: string, deps: Deps): Promise<string[]> {
  const messages: string[] = [];
  const log: Deps["log"] = {
    ...deps.log,
    warn: (message, fields) => void messages.push(sentence(message, fields?.["transfer"])),
    error: (message, error) => void messages.push(sentence(message, error)),
  };
  const own = { ...deps, log };
  const attempt = async (what: string, work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      messages.push(`The ${what} could not be retried: ${describeError(error)}`);
    }
  };
  const now = (): Promise<Order | undefined> => deps.orders.get(orderId);
  const sessionId = (await now())?.payment?.checkout.sessionId;
  if (sessionId && (await deps.payments.isUnsettled(orderId))) {
    await attempt("payment", async () => settleCheckout(await own.stripe.session(sessionId), own));
  }
  for (const id of (await now())?.payment?.openRefunds ?? []) {
    await attempt(`refund ${id}`, () => finishRefund(orderId, id, own));
  }
  const order = await now();
  if (order && isReleaseDue(order)) await attempt("release", () => releaseOrder(orderId, own));
  for (const debt of order ? await deps.debts.openOf(order) : []) {
    await attempt(`debt ${debt.id}`, () => collectDebt(debt, own));
  }
  return messages;
}

function sentence(message: string, detail: unknown): string {
  if (detail === undefined) return `${message}.`;
  return `${message}: ${detail instanceof Error ? detail.message : String(detail)}`;
}
