import type { StripeTransfer } from "../../../shared/clients/stripe/objects.ts";
import { type SendDeps, sendDmOnce } from "../../../shared/discord/send-once.ts";
import type { Deps } from "../deps.ts";
import type { Payout } from "../domain/payout.ts";
import { payoutReturnedNotice } from "../messages/wallet.ts";

/** What comparing payouts with Stripe needs. */
export type ReconcilePayoutDeps = SendDeps & Pick<Deps, "payouts" | "users">;

/** A transfer that is not what its payout says. */
export interface PayoutDifference {
  /** The transfer's id. */
  readonly id: string;
  readonly orderId: undefined;
  readonly what: string;
  readonly isRepaired: boolean;
}

/** Stripe's clock may be behind ours by less than this. */
const CLOCKS_APART_MS = 60_000;

/**
 * Compares one transfer with the payout it names. An open payout is being made, or the sweeper finds
 * its transfer; one that was returned and whose transfer was reversed is settled. What was reversed as a whole in
 * Stripe's dashboard goes back into the wallet, once, and the racer is notified.
 */
export async function comparePayoutTransfer(
  { id, amount, amountReversed, currency, accountId }: StripeTransfer,
  payoutId: string,
  { payouts, ...deps }: ReconcilePayoutDeps,
): Promise<PayoutDifference | undefined> {
  const differs = (what: string) => difference(id, `Of payout ${payoutId}: ${what}`);
  const payout = await payouts.get(payoutId);
  if (!payout) return differs("we know no such payout.");
  if (payout.state === "returned") {
    if (amountReversed === amount) {
      await reportReversal(payout, deps);
      return undefined;
    }
    return differs("its money went back into the wallet, and was transferred too.");
  }
  if (payout.state === "open" && payout.transferId === undefined) return undefined;
  if (payout.transferId !== id) {
    return differs(`it was paid by ${payout.transferId ?? "no transfer"} instead.`);
  }
  if (amount !== payout.amount || currency !== payout.currency || accountId !== payout.accountId) {
    const asked = `${payout.amount} ${payout.currency} to ${payout.accountId}`;
    return differs(`${amount} ${currency} went to ${accountId}, not ${asked}.`);
  }
  if (amountReversed === 0) return undefined;
  if (amountReversed === amount) {
    const back = await payouts.returned(payoutId, "reversed", deps.clock.now());
    // An operator has booked it by hand.
    if (back.state !== "returned") return undefined;
    await reportReversal(back, deps);
    return { ...differs("it was reversed, and is in the wallet again."), isRepaired: true };
  }
  return differs(`${amountReversed} of it was reversed by hand, and is in nobody's wallet.`);
}

/** Notifies the racer, once, of a transfer that somebody has reversed. */
async function reportReversal(payout: Payout, deps: Omit<ReconcilePayoutDeps, "payouts">) {
  if (payout.refusal !== "reversed") return;
  await sendDmOnce(`payout-back:${payout.id}`, payout.racerId, payoutReturnedNotice(payout), deps);
}

/**
 * Gives a check to be made with the transfers that Stripe has of the same time: which payouts say that
 * they were transferred, and were not. The payouts are read first: whatever one of them names is at
 * Stripe by then.
 */
export async function payoutsWithoutTransfer(
  since: Date,
  { payouts }: Pick<Deps, "payouts">,
): Promise<(atStripe: ReadonlySet<string>) => PayoutDifference[]> {
  const named = await payouts.transfersSince(new Date(since.getTime() + CLOCKS_APART_MS));
  return (atStripe) =>
    [...named]
      .filter(([, transferId]) => !atStripe.has(transferId))
      .map(([payoutId, transferId]) =>
        difference(transferId, `Payout ${payoutId} names it, and Stripe has no such transfer.`),
      );
}

function difference(id: string, what: string): PayoutDifference {
  return { id, orderId: undefined, what, isRepaired: false };
}
