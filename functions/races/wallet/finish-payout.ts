import { DiscordError } from "../../../shared/clients/discord.ts";
import { StripeRefusedError } from "../../../shared/clients/stripe/errors.ts";
import { type SendDeps, sendDmOnce, sendOnce } from "../../../shared/discord/send-once.ts";
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
} from "../messages/wallet.ts";

/** What finishing a payout needs. */
export type FinishPayoutDeps = SendDeps &
  Pick<Deps, "config" | "payouts" | "users" | "stripe" | "log">;

/**
 * Gives a racer what has left their wallet, then notifies everyone. What Stripe refuses for good goes
 * back into the wallet, and only the racer is notified; if it was transferred after all, the operators are, who
 * take one of the two back. While C500 has too little at Stripe the payout stays open and is tried again hourly,
 * for three days at the longest.
 *
 * Idempotency, also of two at the same time: Stripe is asked for the payout's transfer before one is made, messages
 * are sent once. Crash safety: the payout stays open, and the next delivery or the sweeper goes on.
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

/** Makes the transfer, or puts back what Stripe refuses for good; gives the payout as it is then. */
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

/** Counts the try, and has the operators know, once, that money is missing at Stripe. */
async function awaitFunds(payout: Payout, deps: FinishPayoutDeps): Promise<Payout> {
  const { payouts, config, clock } = deps;
  const waiting = await payouts.waitsForFunds(payout.id, payout.fundsTries, clock.now());
  const channel = async () => config.DISCORD_OPERATORS_CHANNEL_ID;
  await sendOnce(`payout-waits:${payout.id}`, channel, payoutWaitsNotice(payout), deps);
  return waiting;
}

/** Of what a transfer names, its destination alone can be missing. */
function reasonOf({ isLackOfBalance, code }: StripeRefusedError): TransferRefusal {
  if (isLackOfBalance) return "balance";
  return code === "resource_missing" ? "account" : "other";
}

/** Has the racer know of money that came back, and the operators of money that went both ways. */
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
