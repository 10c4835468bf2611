import type { Payout } from "../domain/payout.ts";
import { sendDmOnce, sendOnce } from "../messages/send-once.ts";
import { payoutAnswer } from "../messages/wallet.ts";
import { type FinishPayoutDeps, finishPayout } from "./finish-payout.ts";

/**
 * Finishes a payout that its own command has left half way, and tells who asked for it: by DM, else in
 * the operators' channel. Doing it twice, or at the same time as the command, changes nothing.
 */
export async function sweepPayout(payout: Payout, deps: FinishPayoutDeps): Promise<void> {
  const answer = payoutAnswer(await finishPayout(payout, deps));
  const key = `payout-answer:${payout.id}`;
  if (await sendDmOnce(key, payout.staffId, answer, deps)) return;
  await sendOnce(key, async () => deps.config.DISCORD_OPERATORS_CHANNEL_ID, answer, deps);
}
