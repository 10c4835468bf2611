import type { CheckoutSession, StripeDispute } from "../../../shared/clients/stripe/objects.ts";
import { type SendDeps, sendOnce } from "../../../shared/discord/sending/send-once.ts";
import { saleRefunded } from "../../races/events/sale.ts";
import type { Deps } from "../deps.ts";
import { merchDisputeNotice } from "../messages/operators.ts";
import { merchDispute, merchSaleId } from "./merch.ts";

/** Dependencies of following a dispute of merch. */
export type MerchDisputeDeps = SendDeps &
  Pick<Deps, "config" | "publisher" | "sales" | "saleDisputes" | "stripe">;

/**
 * Applies the current state of a dispute at Stripe to its merch sale, and notifies the operators when it opens and each
 * time it is decided. An open dispute freezes the sale's shares that are still in wallets. A won one releases them; a
 * lost one takes them back, including what was already paid out. An overturned outcome is applied as well. Staff
 * collect the evidence in Stripe's dashboard. Returns whether anything has changed.
 *
 * Idempotency: a state is stored once, its notice is sent once, and each turn is booked once. Order: the dispute is
 * read from Stripe, so the order of events does not matter; a dispute that arrives before its sale waits under the
 * sale's id. Crash safety: the next delivery or the sweeper does everything again; the shares stay frozen until the
 * outcome is booked.
 */
export async function followMerchDispute(
  merch: CheckoutSession,
  dispute: StripeDispute,
  { sales, saleDisputes, stripe, publisher, config, ...deps }: MerchDisputeDeps,
): Promise<boolean> {
  const { id } = dispute;
  const saleId = merchSaleId(merch);
  const { isNew, ...now } = await saleDisputes.follow(saleId, id, {
    read: async () => (await stripe.dispute(id)).outcome,
    now: () => deps.clock.now(),
  });
  const channel = async () => config.DISCORD_OPERATORS_CHANNEL_ID;
  const key = `merch-dispute:${id}:${now.outcome}:${now.turn}`;
  await sendOnce(key, channel, merchDisputeNotice(dispute, now), deps);
  if (now.outcome === "open") return isNew;
  const taken = merchDispute(merch, dispute, now);
  const heard = await sales.findRefund(saleId, taken.refundId);
  if (heard?.turn === taken.turn) return false;
  await publisher.publish(saleRefunded, taken);
  return true;
}
