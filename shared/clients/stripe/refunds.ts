import type { Log } from "../../runtime/log.ts";
import { type Call, PAGE } from "./call.ts";
import { once } from "./errors.ts";
import {
  chargeOf,
  type DisputeEvidence,
  type StripeDispute,
  type StripeRefund,
  toDispute,
  toRefund,
} from "./objects.ts";

/** Money that goes back to buyers, by refunds and by disputes. */
export function refundCalls(call: Call, log: Pick<Log, "info">) {
  return {
    /** Refunds a part of a payment, unless a refund of this id was made before. */
    refund: (refund: {
      readonly orderId: string;
      readonly id: string;
      readonly paymentIntentId: string;
      readonly amount: number;
      readonly attempt: number;
    }): Promise<StripeRefund> =>
      call(async (stripe) => {
        const { id, orderId, amount, attempt, paymentIntentId: payment_intent } = refund;
        const metadata = { order_id: orderId, refund_id: id };
        const made = await once(
          `refund:${orderId}:${id}:${attempt}`,
          (options) => stripe.refunds.create({ payment_intent, amount, metadata }, options),
          async () => {
            const before = await stripe.refunds.list({ payment_intent, limit: PAGE });
            return before.data.find((each) => each.metadata?.["refund_id"] === id);
          },
        );
        log.info("Money was refunded", { event: "refund-made", orderId, refund: made.id, amount });
        return toRefund(made);
      }),

    refundById: (id: string): Promise<StripeRefund> =>
      call(async (stripe) => toRefund(await stripe.refunds.retrieve(id))),

    /**
     * The amount of a payment that can still be refunded, in minor units: neither refunded nor lost to a bank.
     * Undefined while a bank has taken money and has not decided.
     */
    refundableOf: (payment_intent: string): Promise<number | undefined> =>
      call(async (stripe) => {
        const expand = ["latest_charge"];
        const intent = await stripe.paymentIntents.retrieve(payment_intent, { expand });
        const charge = chargeOf(intent);
        const { data } = await stripe.disputes.list({ payment_intent, limit: PAGE });
        const disputes = data.map(toDispute);
        if (disputes.some(({ outcome, isInquiry }) => outcome === "open" && !isInquiry)) {
          return undefined;
        }
        const lost = disputes.filter(({ outcome }) => outcome === "lost");
        const gone = lost.reduce((sum, { withdrawn }) => sum + withdrawn, 0);
        const left = (charge?.amount ?? 0) - (charge?.amount_refunded ?? 0) - gone;
        return Math.max(0, left);
      }),

    /**
     * Adds evidence to the draft of a dispute, for staff to complete and submit. What the draft has stays, because staff
     * may have written it; what was submitted or decided is left alone. Idempotent.
     * https://docs.stripe.com/api/disputes/update
     */
    draftEvidence: (id: string, evidence: DisputeEvidence): Promise<"drafted" | "left-alone"> =>
      call(async (stripe) => {
        const { evidence: draft, evidence_details, status } = await stripe.disputes.retrieve(id);
        const isOpen = status === "needs_response" || status === "warning_needs_response";
        if (!isOpen || evidence_details.submission_count > 0) return "left-alone";
        const known: Readonly<Record<string, unknown>> = { ...draft };
        const added = Object.entries(evidence).filter(([name, text]) => text && !known[name]);
        if (added.length === 0) return "left-alone";
        await stripe.disputes.update(id, { evidence: Object.fromEntries(added), submit: false });
        return "drafted";
      }),

    dispute: (id: string): Promise<StripeDispute> =>
      call(async (stripe) => toDispute(await stripe.disputes.retrieve(id))),
  };
}
