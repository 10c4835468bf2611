import type { Order } from "../../shop/domain/order.ts";
import { type SentToBuyerDeps, sentToBuyer } from "../../shop/messages/sent-to-buyer.ts";
import type { Evidence } from "../messages/operators.ts";

/** Collects the evidence for an order's dispute. */
export async function collectEvidence(order: Order, deps: SentToBuyerDeps): Promise<Evidence> {
  return {
    watchUrl: order.twitchVodLink,
    provedAt: order.proof && new Date(order.proof.verifiedAtMs),
    paidAt: order.payment?.paidAt,
    messages: await sentToBuyer(order, deps),
  };
}
