import { DiscordError } from "../../../shared/clients/discord/errors.ts";
import { StripeRefusedError } from "../../../shared/clients/stripe/errors.ts";
import { type SendDeps, sendDmOnce, sendOnce } from "../../../shared/discord/sending/send-once.ts";
import type { Deps } from "../deps.ts";
import {
  type CodeDelivery,
  fundsDeadline,
  type Payout,
  type TransferRefusal,
} from "../domain/payout.ts";
import {
  cashedOut,
  paidTwiceNotice,
  payoutCode,
  payoutReturnedNotice,
  payoutWaitsNotice,
} from "../messages/payout-notices.ts";

/** Dependencies of finishing a payout. */
export type FinishPayoutDeps = SendDeps &
  Pick<Deps, "config" | "payouts" | "users" | "stripe" | "log">;

/**
 * Delivers a payout whose amount has already left the wallet, then announces it. If Stripe refuses the transfer for
 * good, the money goes back into the wallet and only the racer is notified; if a transfer exists after all, the
 * operators are notified too, because one of the two has to be taken back. While C500's Stripe balance is too low,
 * the payout stays open and is retried hourly for at most three days.
 *
 * Idempotency, including concurrent runs: Stripe is asked for an existing transfer of the payout before one is
 * created, and each message is sent once. Crash safety: the payout stays open, and the next delivery or the sweeper
 * continues.
 */
export async function finishPayout(payout: Payout, deps: FinishPayoutDeps): Promise<Payout> {
  if (payout.state !== "open") return reported(payout, deps);
  if (payout.method === "stripe") {
    const after = await transfer(payout, deps);
    if (after.state === "returned") return reported(after, deps);
    if (!after.transferId) return after;
  } else if (payout.code !== undefined) {
    await deps.payouts.codeDelivered(payout.id, await deliver(payout, payout.code, deps));
  }
  const isNotified = await announce(payout, deps);
  return deps.payouts.finish(payout.id, isNotified, deps.clock.now());
}

/** Creates the transfer, or returns the money to the wallet if Stripe refuses for good. Returns the updated payout. */
async function transfer(payout: Payout, deps: FinishPayoutDeps): Promise<Payout> {
  const { payouts, stripe, log, clock } = deps;
  const { id: payoutId, accountId, amount, currency, fundsTries: tries } = payout;
  if (payout.transferId) return payout;
  if (!accountId) return payouts.returned(payoutId, "account", clock.now());
  let transferId: string;
  try {
    transferId = await stripe.payOut({ payoutId, accountId, amount, currency, tries });
  } catch (error) {
    if (!(error instanceof StripeRefusedError)) throw error;
    const refusal = reasonOf(error);
    const now = clock.now();
    if (refusal === "balance" && now < fundsDeadline(payout)) return awaitFunds(payout, deps);
    log.error("Stripe refused a payout", error, { payout: payoutId });
    return payouts.returned(payoutId, refusal, now);
  }
  return payouts.transferred(payoutId, transferId);
}

/** Counts the attempt and notifies the operators, once per payout, that C500's Stripe balance is too low. */
async function awaitFunds(payout: Payout, deps: FinishPayoutDeps): Promise<Payout> {
  const { payouts, clock } = deps;
  const waiting = await payouts.waitsForFunds(payout.id, payout.fundsTries, clock.now());
  await reportWait(payout, deps);
  return waiting;
}

/** Notifies the operators, once per payout, that C500's Stripe balance is too low for it. */
export async function reportWait(
  payout: Payout,
  deps: SendDeps & Pick<Deps, "config">,
): Promise<void> {
  const channel = async () => deps.config.DISCORD_OPERATORS_CHANNEL_ID;
  await sendOnce(`payout-waits:${payout.id}`, channel, payoutWaitsNotice(payout), deps);
}

function reasonOf(refusal: StripeRefusedError): TransferRefusal {
  if (refusal.isLackOfBalance) return "balance";
  return refusal.isLostDestination ? "account" : "other";
}

/** Notifies the racer of a returned payout, and the operators of one that was both returned and transferred. */
async function reported(payout: Payout, deps: FinishPayoutDeps): Promise<Payout> {
  if (payout.state === "returned") {
    await sendDmOnce(
      `payout-back:${payout.id}`,
      payout.racerId,
      payoutReturnedNotice(payout),
      deps,
    );
  }
  if (payout.state === "returned" && payout.transferId && payout.refusal !== "reversed") {
    const channel = async () => deps.config.DISCORD_OPERATORS_CHANNEL_ID;
    const notice = paidTwiceNotice(payout, payout.transferId);
    await sendOnce(`payout-twice:${payout.id}`, channel, notice, deps);
  }
  return payout;
}

/** Sends the code by DM. If Discord refuses the DM, the staff member who entered the code hands it over. */
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

/**
 * Announces the payout in the channel it was requested in. False if there is no channel or Discord refuses the
 * message.
 */
async function announce(payout: Payout, deps: FinishPayoutDeps): Promise<boolean> {
  const { id, channelId } = payout;
  if (!channelId) return false;
  const sent = await unlessRefused(
    sendOnce(`payout:${id}`, async () => channelId, cashedOut(payout), deps),
  );
  return sent !== undefined;
}

/** Returns undefined if Discord refuses the message for good; rethrows every other error. */
async function unlessRefused<T>(send: Promise<T>): Promise<T | undefined> {
  try {
    return await send;
  } catch (error) {
    if (error instanceof DiscordError && error.isTerminal) return undefined;
    throw error;
  }
}
