import type { OutgoingMessage } from "../../../../shared/clients/discord.ts";
import { action, type CommandUse } from "../../../../shared/discord/command-action.ts";
import { defineCommand, type ValuesOf } from "../../../../shared/discord/define-command.ts";
import { dropHammer } from "../../lifecycle/ending/drop-hammer.ts";
import { controlTexts } from "../../messages/controls.ts";
import { type AuctionControlDeps, ownAuction } from "../control-deps.ts";
import { auctionOption } from "../options.ts";
import { resultText } from "./hammer-result.ts";

/** `/c500 auction close`. */
export const closeCommand = defineCommand({
  words: "c500 auction close",
  description: "Let the hammer fall now",
  options: { auction: auctionOption },
  who: "owner",
  answeredBy: "auction-control",
});

/** Closes an auction now. Idempotency: a repeat finds it closed and gives the same answer. */
export const closing = /* @__PURE__ */ action(closeCommand, {
  run: closeNow,
  isBegun: async (use, { auction }, deps: Pick<AuctionControlDeps, "auctions">) => {
    const { state } = (await ownAuction(use, auction, deps)) ?? {};
    return state === "sold" || state === "unsold";
  },
});

async function closeNow(
  use: CommandUse,
  options: ValuesOf<typeof closeCommand>,
  deps: AuctionControlDeps,
): Promise<OutgoingMessage> {
  const auction = await ownAuction(use, options.auction, deps);
  if (!auction) return { content: controlTexts.notYours };
  if (auction.state === "live") await dropHammer(auction.id, 0, deps, "now");
  return { content: await resultText(auction.id, deps) };
}
