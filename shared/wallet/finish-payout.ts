import { DiscordError } from "../clients/discord.ts";
import { StripeRefusedError } from "../clients/stripe-errors.ts";
import type { CodeDelivery, Payout, TransferRefusal } from "../domain/payout.ts";
import { type SendDeps, sendDmOnce, sendOnce } from "../messages/send-once.ts";
import { cashedOut, payoutCode } from "../messages/wallet.ts";
import type { Deps } from "../runtime/deps.ts";

/** What finishing a payout needs. */
export type FinishPayoutDeps = SendDeps & Pick<Deps, "payouts" | "users" | "stripe" | "log">;

/**
 * Gives a racer what has left their wallet, then tells everyone. What Stripe refuses for good goes
 * back into the wallet, and nobody is told.
 *
 * Twice, or at the same time: Stripe is asked for the payout's transfer before one is made, messages
 * are sent once. Dying in between: the payout stays open, and the next delivery or the sweeper goes on.
 */
export async function finishPayout(payout: Payout, deps: FinishPayoutDeps): Promise<Payout> {
  if (payout.state !== "open") return payout;
  if (payout.method === "stripe") {
    const refusal = await transfer(payout, deps);
    if (refusal) {
      const after = await deps.payouts.returned(payout.id, refusal, deps.clock.now());
      if (after.state === "returned") return after;
    }
  } else if (payout.code !== undefined) {
    await deps.payouts.codeDelivered(payout.id, await deliver(payout, payout.code, deps));
  }
  const isTold = await announce(payout, deps);
  return deps.payouts.finish(payout.id, isTold, deps.clock.now());
}

/** Makes the transfer; gives why Stripe refuses it for good. */
async function transfer(
  payout: Payout,
  { payouts, stripe, log }: FinishPayoutDeps,
): Promise<TransferRefusal | undefined> {
  const { id: payoutId, racerId, accountId, amount, currency } = payout;
  if (payout.transferId) return undefined;
  if (!accountId) return "account";
  try {
    const terms = { payoutId, racerId, accountId, amount, currency };
    await payouts.transferred(payoutId, await stripe.payOut(terms));
    return undefined;
  } catch (error) {
    if (!(error instanceof StripeRefusedError)) throw error;
    log.error("Stripe refused a payout", error, { payout: payoutId });
    if (error.isLackOfBalance) return "balance";
    return error.isLostAccount ? "account" : "other";
  }
}

/** Sends the code; when Discord will not have it, the staff member who typed it hands it over. */
async function deliver(
  payout: Payout,
  code: string,
  deps: FinishPayoutDeps,
): Promise<CodeDelivery> {
  const message = payoutCode(payout, code);
  const sent = await unlessRefused(
    sendDmOnce(`payout-code:${payout.id}`, payout.racerId, message, deps),
  );
  return sent ? "dm" : "by-hand";
}

/** Tells the channel it was asked for in; false when Discord does not let us. */
async function announce(payout: Payout, deps: FinishPayoutDeps): Promise<boolean> {
  const { id, channelId } = payout;
  if (!channelId) return false;
  const sent = await unlessRefused(
    sendOnce(`payout:${id}`, async () => channelId, cashedOut(payout), deps),
  );
  return sent !== undefined;
}

/** Undefined for what Discord refuses however often it is asked. */
async function unlessRefused<T>(send: Promise<T>): Promise<T | undefined> {
  try {
    return await send;
  } catch (error) {
    if (error instanceof DiscordError && error.isTerminal) return undefined;
    throw error;
  }
}
