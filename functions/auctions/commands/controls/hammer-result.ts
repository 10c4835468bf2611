import { closedText, controlTexts } from "../../messages/controls.ts";
import type { AuctionControlDeps } from "../control-deps.ts";

/** Describes the hammer's result, or that the auction continues because Redis lost it at that moment. */
export async function resultText(
  id: string,
  { auctions }: Pick<AuctionControlDeps, "auctions">,
): Promise<string> {
  const after = await auctions.get(id);
  if (after?.state === "sold" || after?.state === "unsold") return closedText(after);
  return after?.state === "live" ? controlTexts.restoring : controlTexts.notRunning;
}
