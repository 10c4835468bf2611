import { closedText, controlTexts } from "../messages/auction-control.ts";
import type { AuctionControlDeps } from "./control-deps.ts";

/** What came of the hammer; that it goes on where Redis had lost it at this very moment. */
export async function resultText(
  id: string,
  { auctions }: Pick<AuctionControlDeps, "auctions">,
): Promise<string> {
  const after = await auctions.get(id);
  if (after?.state === "sold" || after?.state === "unsold") return closedText(after);
  return after?.state === "live" ? controlTexts.restoring : controlTexts.notRunning;
}
