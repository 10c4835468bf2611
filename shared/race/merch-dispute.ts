import type { CheckoutSession, StripeDispute } from "../clients/stripe-objects.ts";
import { saleRefunded } from "../events/sale.ts";
import { merchDisputeReversedNotice } from "../messages/operators.ts";
import { type SendDeps, sendOnce } from "../messages/send-once.ts";
import type { Deps } from "../runtime/deps.ts";
import { merchDispute, merchSaleId } from "./merch.ts";

/** What following a dispute of merch needs. */
export type MerchDisputeDeps = SendDeps & Pick<Deps, "config" | "publisher" | "sales" | "stripe">;

/**
 * Of merch only a dispute's outcome counts: lost, it takes the sale's shares back. An appeal that turns
 * it over is followed, and the staff are told. Its evidence is Stripe's dashboard's to collect. Gives
 * whether the outcome was news: it is until the clawback is booked, so dying half-way does all again.
 */
export async function followMerchDispute(
  merch: CheckoutSession,
  dispute: StripeDispute,
  { sales, stripe, publisher, config, ...deps }: MerchDisputeDeps,
): Promise<boolean> {
  const { id } = dispute;
  const saleId = merchSaleId(merch);
  const now = await sales.disputeTurn(saleId, id, async () => (await stripe.dispute(id)).outcome);
  if (now.outcome === "open") return false;
  const taken = merchDispute(merch, dispute, now);
  const heard = await sales.heardRefund(saleId, taken.refundId);
  const isNews = heard?.turn !== taken.turn || heard?.amount !== taken.amount;
  if (!isNews) return false;
  if (now.turn > 1) {
    const notice = merchDisputeReversedNotice({ ...dispute, outcome: now.outcome });
    const channel = async () => config.DISCORD_OPERATORS_CHANNEL_ID;
    await sendOnce(`dispute:${id}:${now.turn}`, channel, notice, deps);
  }
  await publisher.publish(saleRefunded, taken);
  return true;
}
