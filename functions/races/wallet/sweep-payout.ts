import { sendDmOnce, sendOnce } from "../../../shared/discord/sending/send-once.ts";
import { isFundsTryRecent, type Payout } from "../domain/payout.ts";
import { payoutAnswer } from "../messages/payout-notices.ts";
import { type FinishPayoutDeps, finishPayout, reportWait } from "./finish-payout.ts";

/**
 * Finishes a payout whose command was interrupted or that waits for funds, and notifies the staff member who
 * requested it: by DM, or in the operators' channel if DMs are closed. Idempotency: repeated and concurrent runs
 * have no further effect. Crash safety: if Discord is down, the next run continues; a run between two attempts notifies
 * the operators of the wait if the process died before it could.
 */
export async function sweepPayout(payout: Payout, deps: FinishPayoutDeps): Promise<void> {
  if (isFundsTryRecent(payout, deps.clock.now())) {
    if (payout.state === "open" && !payout.transferId) await reportWait(payout, deps);
    return;
  }
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
