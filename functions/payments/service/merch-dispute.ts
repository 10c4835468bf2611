import type { CheckoutSession, StripeDispute } from "../../../shared/clients/stripe/objects.ts";
import { type SendDeps, sendOnce } from "../../../shared/discord/send-once.ts";
import { saleRefunded } from "../../races/events/sale.ts";
import type { Deps } from "../deps.ts";
import { merchDisputeNotice } from "../messages/operators.ts";
import { merchDispute, merchSaleId } from "./merch.ts";

/** What following a dispute of merch needs. */
export type MerchDisputeDeps = SendDeps &
  Pick<Deps, "config" | "publisher" | "sales" | "saleDisputes" | "stripe">;

/**
 * Brings a sale of merch up to date with its dispute at Stripe, and notifies the operators when it opens and
 * each time it is decided. Open, it freezes what of the sale's shares is still in wallets. Won, they are
 * released; lost, they are taken back, also what was paid out before it was opened. An appeal that turns it
 * over is followed. Staff collect its evidence in Stripe's dashboard.
 *
 * Idempotency: a state is kept once, its notice is sent once, and what it takes is booked once by its turn.
 * Out of order: an event only says that something has happened, and the dispute is read again. Before its
 * sale: what is known waits below the sale's id. Crash safety: the next delivery, or the sweeper, does all of
 * it again; until the outcome is booked the shares stay frozen. Gives whether something was not known or
 * booked yet.
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
  const heard = await sales.heardRefund(saleId, taken.refundId);
  if (heard?.turn === taken.turn) return false;
  await publisher.publish(saleRefunded, taken);
  return true;
}
