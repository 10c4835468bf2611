import type { OutgoingMessage } from "../../../../shared/clients/discord.ts";
import { action, type CommandUse } from "../../../../shared/discord/command-action.ts";
import { defineCommand, type ValuesOf } from "../../../../shared/discord/define-command.ts";
import { placeBoard } from "../../boards/place-board.ts";
import { scheduleBoard } from "../../boards/schedule-board.ts";
import { controlTexts, shownText } from "../../messages/controls.ts";
import { mayNotPostText } from "../../messages/opening.ts";
import { type AuctionControlDeps, freeChannel, ownAuction } from "../control-deps.ts";
import { auctionOption } from "../options.ts";

/** `/c500 auction show`. */
export const showCommand = defineCommand({
  words: "c500 auction show",
  description: "Show an auction in this channel, too",
  options: { auction: auctionOption },
  who: "builder-or-staff",
  postsHere: true,
  limit: "boards",
  answeredBy: "auction-control",
});

/** Shows a board in another channel, even a partner's. `/bid` works there too. A repeat shows the same board. */
export const showing = /* @__PURE__ */ action(showCommand, show);

async function show(
  use: CommandUse,
  options: ValuesOf<typeof showCommand>,
  deps: AuctionControlDeps,
): Promise<OutgoingMessage> {
  const auction = await ownAuction(use, options.auction, deps);
  const { channelId } = use;
  if (!auction) return { content: controlTexts.notYours };
  if (!channelId) return { content: controlTexts.noChannel };
  if (auction.state !== "live") return { content: controlTexts.notLive };
  await freeChannel(channelId, deps);
  if ((await deps.auctionEngine.showIn(channelId, auction.id)) !== auction.id) {
    return { content: controlTexts.busy };
  }
  if ((await placeBoard(auction, channelId, deps)) === "forbidden") {
    const isNew = !auction.boards.some((board) => board.channelId === channelId);
    if (isNew) await deps.auctionEngine.leave(channelId);
    return { content: mayNotPostText(channelId) };
  }
  await scheduleBoard(auction.id, deps);
  return { content: shownText(auction) };
}
