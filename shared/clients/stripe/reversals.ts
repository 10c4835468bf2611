import type { Log } from "../../runtime/log.ts";
import { type Call, PAGE } from "./call.ts";
import { isRefusal, once } from "./errors.ts";

/** Reversals of transfers to connected accounts. */
export function reversalCalls(call: Call, log: Pick<Log, "info">) {
  return {
    /**
     * Reverses a part of a transfer, or what is left of it, unless it was reversed for this cause before. Returns the
     * reversed amount.
     *
     * Other causes may reverse the same transfer at the same time, and less is left then: each amount has an
     * idempotency key of its own, since Stripe repeats its refusal of the first one. Of two calls for one cause only
     * the smaller amount can succeed, because the larger one was left before the smaller one was.
     */
    reverseTransfer: (
      transferId: string,
      { causeId, amount: most }: { readonly causeId: string; readonly amount: number },
    ): Promise<number> =>
      call(async (stripe) => {
        const unreversed = async () => {
          const { amount, amount_reversed } = await stripe.transfers.retrieve(transferId);
          return amount - amount_reversed;
        };
        const find = async () => {
          const { data } = await stripe.transfers.listReversals(transferId, { limit: PAGE });
          return data.find(({ metadata }) => metadata?.["cause_id"] === causeId);
        };
        const reverse = async (left: number): Promise<number> => {
          if (left === 0) return (await find())?.amount ?? 0;
          const terms = { amount: Math.min(most, left), metadata: { cause_id: causeId } };
          try {
            const { amount } = await once(
              `reversal:${transferId}:${causeId}:${terms.amount}`,
              (options) => stripe.transfers.createReversal(transferId, terms, options),
              find,
            );
            log.info("A transfer was taken back", {
              event: "transfer-reversed",
              transfer: transferId,
              causeId,
              amount,
            });
            return amount;
          } catch (error) {
            const leftNow = isRefusal(error) ? await unreversed() : left;
            if (leftNow >= terms.amount) throw error;
            return reverse(leftNow);
          }
        };
        return reverse(await unreversed());
      }),
  };
}
