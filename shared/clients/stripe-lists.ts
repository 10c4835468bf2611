import type StripeLibrary from "stripe";
import {
  type CheckoutSession,
  type StripeDispute,
  type StripeRefund,
  type StripeTransfer,
  toDispute,
  toRefund,
  toSession,
  toTransfer,
} from "./stripe-objects.ts";

const PAGE = 100;

/** What Stripe has of some time, a page after the other. */
export function stripeLists(library: () => Promise<StripeLibrary>) {
  return {
    /** What was made since `time`, newest first. */
    async *sessionsSince(time: Date): AsyncGenerator<CheckoutSession> {
      const stripe = await library();
      const created = { gte: Math.floor(time.getTime() / 1000) };
      const expand = ["data.payment_intent.latest_charge", "data.line_items"];
      for await (const session of stripe.checkout.sessions.list({ created, limit: PAGE, expand })) {
        yield toSession(session);
      }
    },

    async *refundsSince(time: Date): AsyncGenerator<StripeRefund> {
      const stripe = await library();
      const created = { gte: Math.floor(time.getTime() / 1000) };
      for await (const refund of stripe.refunds.list({ created, limit: PAGE })) {
        yield toRefund(refund);
      }
    },

    async *transfersSince(time: Date): AsyncGenerator<StripeTransfer> {
      const stripe = await library();
      const created = { gte: Math.floor(time.getTime() / 1000) };
      for await (const transfer of stripe.transfers.list({ created, limit: PAGE })) {
        yield toTransfer(transfer);
      }
    },

    /** The disputes of which Stripe had news since `time`, as they are now. Events are kept for 30 days. */
    async *disputesSince(time: Date): AsyncGenerator<StripeDispute> {
      const stripe = await library();
      const created = { gte: Math.floor(time.getTime() / 1000) };
      const type = "charge.dispute.*";
      const known = new Set<string>();
      for await (const { data } of stripe.events.list({ created, type, limit: PAGE })) {
        const id = "id" in data.object ? data.object.id : undefined;
        if (id === undefined || known.has(id)) continue;
        known.add(id);
        yield toDispute(await stripe.disputes.retrieve(id));
      }
    },
  };
}
