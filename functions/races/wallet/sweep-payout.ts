import { sendDmOnce, sendOnce } from "../../../shared/discord/send-once.ts";
import { isFundsTryRecent, type Payout } from "../domain/payout.ts";
import { payoutAnswer } from "../messages/wallet.ts";
import { type FinishPayoutDeps, finishPayout } from "./finish-payout.ts";

/**
 * Finishes a payout that its own command has left half way, or that waits for funds, and notifies who asked for it:
 * by DM, else in the operators' channel. Doing it twice, or at the same time as the command, changes nothing; while
 * Discord is down the next run goes on with it.
 */
export async function sweepPayout(payout: Payout, deps: FinishPayoutDeps): Promise<void> {
  if (isFundsTryRecent(payout, deps.clock.now())) return;
  await deps.payouts.reportDue(payout.id, true);
  const after = await finishPayout(payout, deps);
  if (after.state === "open") return;
  const answer = payoutAnswer(after);
  const key = `payout-answer:${payout.id}`;
  if (!(await sendDmOnce(key, payout.staffId, answer, deps))) {
    await sendOnce(key, async () => deps.config.DISCORD_OPERATORS_CHANNEL_ID, answer, deps);
  }
  await deps.payouts.reportDue(payout.id, false);
}
