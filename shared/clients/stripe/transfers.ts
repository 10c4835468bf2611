import type { Log } from "../../runtime/log.ts";
import { type Call, PAGE } from "./call.ts";
import { lookedFor, once, unlessOurKey } from "./errors.ts";
import { idOf } from "./objects.ts";

/** Transfers to connected accounts. */
export function transferCalls(call: Call, log: Pick<Log, "info">) {
  return {
    /**
     * Transfers money from one charge to a connected account, unless this was done before. `isReturn` means that
     * the charge's money was transferred before and reversed for a dispute that was won. Stripe transfers no more
     * than a charge's amount from it, so a return comes out of the platform's available balance.
     */
    transfer: (transfer: {
      readonly orderId: string;
      readonly accountId: string;
      readonly chargeId: string;
      readonly amount: number;
      readonly currency: string;
      readonly attempt: number;
      readonly isReturn: boolean;
    }): Promise<string> =>
      call(async (stripe) => {
        const { orderId, accountId, chargeId, amount, currency, attempt, isReturn } = transfer;
        const terms = {
          amount,
          currency,
          destination: accountId,
          ...(!isReturn && { source_transaction: chargeId }),
          transfer_group: orderId,
          metadata: { order_id: orderId, attempt: String(attempt) },
        };
        const made = await once(
          `release:${orderId}:${attempt}`,
          (options) => stripe.transfers.create(terms, options),
          async () => {
            const { data } = await stripe.transfers.list({ transfer_group: orderId, limit: PAGE });
            return data.find(({ metadata }) => metadata["attempt"] === String(attempt));
          },
        );
        log.info("A builder was paid", {
          event: "transfer-made",
          orderId,
          transfer: made.id,
          amount,
        });
        return made.id;
      }),

    /**
     * Pays a connected account out of the platform's balance, unless this payout was paid before. Throws
     * StripeRefusedError only if no transfer was made and Stripe will make none, so not for an API key without the
     * permission. The transfer names the payout, and no person.
     */
    payOut: (payout: {
      readonly payoutId: string;
      readonly accountId: string;
      readonly amount: number;
      readonly currency: string;
      /**
       * How often it was refused for lack of funds. It is part of the key, because Stripe repeats a refusal for a day.
       */
      readonly tries: number;
    }): Promise<string> =>
      call(async (stripe) => {
        const { payoutId, accountId, amount, currency, tries } = payout;
        const transfer_group = `payout_${payoutId}`;
        const metadata = { payout_id: payoutId };
        const terms = { amount, currency, destination: accountId, transfer_group, metadata };
        const made = await once(
          tries === 0 ? `payout:${payoutId}` : `payout:${payoutId}:${tries}`,
          (options) => unlessOurKey(stripe.transfers.create(terms, options)),
          async () => (await lookedFor(stripe.transfers.list({ transfer_group }))).data[0],
        );
        log.info("A racer was paid", { event: "payout-made", payoutId, transfer: made.id, amount });
        return made.id;
      }),

    /** The amount that the recipient of a transfer has available, in the transfer's currency. */
    availableAt: (transferId: string): Promise<number> =>
      call(async (stripe) => {
        const { destination, currency } = await stripe.transfers.retrieve(transferId);
        const stripeAccount = idOf(destination) ?? "";
        const { available } = await stripe.balance.retrieve({}, { stripeAccount });
        return available.find((part) => part.currency === currency)?.amount ?? 0;
      }),
  };
}
