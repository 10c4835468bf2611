import type StripeLibrary from "stripe";
import { readId } from "../../documents/outside-id.ts";
import { PAGE } from "./call.ts";
import {
  type CheckoutSession,
  SESSION_PARTS,
  type StripeDispute,
  type StripeRefund,
  type StripeTransfer,
  toDispute,
  toRefund,
  toSession,
  toTransfer,
} from "./objects.ts";

type Session = StripeLibrary.Checkout.Session;

/** The fields of an event about a session of ours. */
export interface SessionNews {
  readonly orderId: string;
  readonly isPaid: boolean;
  readonly hasEnded: boolean;
}

/** Objects at Stripe that changed since a given time, read page by page. */
export function stripeLists(library: () => Promise<StripeLibrary>) {
  return {
    /**
     * The Checkout Sessions with events since `time`, in their current state: a bank's answer arrives days after
     * the session. Sessions for which `isDone` returns true are skipped without being read.
     */
    async *sessionsSince(
      time: Date,
      isDone: (news: SessionNews) => Promise<boolean>,
    ): AsyncGenerator<CheckoutSession> {
      const stripe = await library();
      for await (const object of newsSince(stripe, "checkout.session.*", time)) {
        const { id, metadata, payment_status: paid, status } = object as Partial<Session>;
        const orderId = readId(metadata?.["order_id"]);
        const isPaid = paid === "paid";
        if (
          !id ||
          (orderId && (await isDone({ orderId, isPaid, hasEnded: status === "expired" })))
        ) {
          continue;
        }
        yield toSession(await stripe.checkout.sessions.retrieve(id, { expand: SESSION_PARTS }));
      }
    },

    /** The refunds with events since `time`, in their current state. */
    async *refundsSince(time: Date): AsyncGenerator<StripeRefund> {
      const stripe = await library();
      for await (const { id } of newsSince(stripe, "refund.*", time)) {
        yield toRefund(await stripe.refunds.retrieve(id));
      }
    },

    async *transfersSince(time: Date): AsyncGenerator<StripeTransfer> {
      const stripe = await library();
      const created = { gte: Math.floor(time.getTime() / 1000) };
      for await (const transfer of stripe.transfers.list({ created, limit: PAGE })) {
        yield toTransfer(transfer);
      }
    },

    /** The transfers that were reversed, wholly or partly, since `time`, in their current state. */
    async *reversedTransfersSince(time: Date): AsyncGenerator<StripeTransfer> {
      const stripe = await library();
      for await (const { id } of newsSince(stripe, "transfer.reversed", time)) {
        yield toTransfer(await stripe.transfers.retrieve(id));
      }
    },

    /** The disputes with events since `time`, in their current state. Stripe stores events for 30 days. */
    async *disputesSince(time: Date): AsyncGenerator<StripeDispute> {
      const stripe = await library();
      for await (const { id } of newsSince(stripe, "charge.dispute.*", time)) {
        yield toDispute(await stripe.disputes.retrieve(id));
      }
    },
  };
}

/** The objects of Stripe's events of one type since `time`, each once, the one with the newest event first. */
async function* newsSince(
  stripe: StripeLibrary,
  type: string,
  time: Date,
): AsyncGenerator<{ readonly id: string }> {
  const created = { gte: Math.floor(time.getTime() / 1000) };
  const known = new Set<string>();
  for await (const { data } of stripe.events.list({ created, type, limit: PAGE })) {
    const id = "id" in data.object ? data.object.id : undefined;
    if (id === undefined || known.has(id)) continue;
    known.add(id);
    yield { ...data.object, id };
  }
}
