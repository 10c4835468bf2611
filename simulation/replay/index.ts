import type { Stage } from "../stage.ts";
import { checkLedgerReplay } from "./ledger.ts";
import { checkOrderReplay } from "./orders.ts";

/** Replays what entered and left in a run by the plain models. Throws RuleBroken where they come to something else. */
export async function checkReplay(stage: Stage): Promise<void> {
  checkOrderReplay(stage);
  await checkLedgerReplay(stage);
}
