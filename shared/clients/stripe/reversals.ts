import type StripeLibrary from "stripe";
import type { Log } from "../../runtime/log.ts";
import { type Call, PAGE } from "./call.ts";
import { isRefusal, isUsedKey, once } from "./errors.ts";

/** The transfer that a reversal takes from, and how much. */
interface Terms {
  readonly transferId: string;
  readonly amount: number;
}

/** Reversals of transfers to connected accounts. */
export function reversalCalls(call: Call, log: Pick<Log, "info">) {
  return {
    /**
     * Reverses a part of the newest of these transfers that has something left, or all that is left of it, unless a
     * reversal was made for this cause before. Returns the reversed amount; 0 if nothing is left.
     *
     * A cause makes one reversal at most. It has one idempotency key, whichever transfer and amount a call chooses,
     * so once Stripe has refused it, no other call for it takes anything. Another cause may reverse the same transfer
     * meanwhile, and less is left then. Stripe does not accept the key for the smaller amount if it has seen the
     * larger one, and 0 is returned: the larger amount can no longer be reversed, and the rest needs another cause.
     */
    reverseTransfer: (
      transferIds: readonly string[],
      { causeId, amount: most }: { readonly causeId: string; readonly amount: number },
    ): Promise<number> =>
      call(async (stripe) => {
        const find = () => findReversal(stripe, transferIds, causeId);
        const reverse = async (terms: Terms | undefined): Promise<number> => {
          if (!terms) return (await find())?.amount ?? 0;
          const { transferId, amount } = terms;
          const parameters = { amount, metadata: { cause_id: causeId } };
          try {
            const made = await once(
              `reversal:${causeId}`,
              (options) => stripe.transfers.createReversal(transferId, parameters, options),
              find,
            );
            log.info("A transfer was taken back", {
              event: "transfer-reversed",
              transfer: transferId,
              causeId,
              amount: made.amount,
            });
            return made.amount;
          } catch (error) {
            if (!isRefusal(error) && !isUsedKey(error)) throw error;
            const now = await findTerms(stripe, transferIds, most);
            if (now?.transferId !== transferId || now.amount !== amount) return reverse(now);
            if (isRefusal(error)) throw error;
            return (await find())?.amount ?? 0;
          }
        };
        return reverse(await findTerms(stripe, transferIds, most));
      }),

    /** The amount that was reversed of these transfers for a cause, in minor units; 0 if nothing was. */
    amountReversedFor: (transferIds: readonly string[], causeId: string): Promise<number> =>
      call(async (stripe) => (await findReversal(stripe, transferIds, causeId))?.amount ?? 0),
  };
}

/** What a reversal of `most` can take from the newest transfer that has something left; undefined if none has. */
async function findTerms(
  stripe: StripeLibrary,
  transferIds: readonly string[],
  most: number,
): Promise<Terms | undefined> {
  for (const transferId of transferIds.toReversed()) {
    const { amount, amount_reversed } = await stripe.transfers.retrieve(transferId);
    const left = amount - amount_reversed;
    if (left > 0) return { transferId, amount: Math.min(most, left) };
  }
  return undefined;
}

/** The reversal of one of these transfers that was made for a cause. */
async function findReversal(
  stripe: StripeLibrary,
  transferIds: readonly string[],
  causeId: string,
): Promise<StripeLibrary.TransferReversal | undefined> {
  for (const transferId of transferIds) {
    const { data } = await stripe.transfers.listReversals(transferId, { limit: PAGE });
    const made = data.find(({ metadata }) => metadata?.["cause_id"] === causeId);
    if (made) return made;
  }
  return undefined;
}
