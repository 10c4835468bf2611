import type { StripeTransfer } from "../../../shared/clients/stripe/objects.ts";
import { type SendDeps, sendDmOnce } from "../../../shared/discord/sending/send-once.ts";
import type { Deps } from "../deps.ts";
import type { Payout } from "../domain/payout.ts";
import { payoutReturnedNotice } from "../messages/payout-notices.ts";

/** Dependencies of comparing payouts with Stripe. */
export type ReconcilePayoutDeps = SendDeps & Pick<Deps, "payouts" | "users">;

/** A difference between a payout and its Stripe transfer. */
export interface PayoutDifference {
  /** The transfer's id. */
  readonly id: string;
  readonly orderId: undefined;
  readonly what: string;
  readonly isRepaired: boolean;
}

/** The most by which Stripe's clock may lag behind ours. */
const CLOCKS_APART_MS = 60_000;

/**
 * Compares one transfer with the payout it names. An open payout without a transfer is still in progress, and the
 * sweeper will find its transfer. A returned payout whose transfer was fully reversed is settled. A transfer that
 * was fully reversed in Stripe's dashboard is credited back to the wallet once, and the racer is notified.
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
    // An operator has already booked the reversal by hand.
    if (back.state !== "returned") return undefined;
    await reportReversal(back, deps);
    return { ...differs("it was reversed, and is in the wallet again."), isRepaired: true };
  }
  return differs(`${amountReversed} of it was reversed by hand, and is in nobody's wallet.`);
}

/** Notifies the racer once that their transfer was reversed. */
async function reportReversal(payout: Payout, deps: Omit<ReconcilePayoutDeps, "payouts">) {
  if (payout.refusal !== "reversed") return;
  await sendDmOnce(`payout-back:${payout.id}`, payout.racerId, payoutReturnedNotice(payout), deps);
}

/**
 * Returns a check that takes the ids of Stripe's transfers of the same period and lists the payouts whose recorded
 * transfer is not among them. Payouts are read first, so every transfer they name already exists at Stripe when
 * Stripe is queried.
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
