import type { OutgoingMessage } from "../../../../shared/clients/discord/outgoing-message.ts";
import { action } from "../../../../shared/discord/definitions/command-action.ts";
import { defineCommand } from "../../../../shared/discord/definitions/define-command.ts";
import { placeBoard } from "../../boards/place-board.ts";
import { scheduleBoard } from "../../boards/schedule-board.ts";
import type { Auction } from "../../domain/auction.ts";
import { freeChannel, isHeldByAnother } from "../../lifecycle/opening/free-channel.ts";
import { controlTexts, shownText } from "../../messages/controls.ts";
import { mayNotPostText } from "../../messages/opening.ts";
import type { AuctionControlDeps } from "../control-deps.ts";
import { auctionOption } from "../options.ts";
import { onOwnAuction } from "../own-auction.ts";

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
export const showing = /* @__PURE__ */ action(
  showCommand,
  (use, { auction }, deps: AuctionControlDeps) =>
    onOwnAuction(use, auction, deps, (own) => show(own, use.channelId, deps)),
);

async function show(
  auction: Auction,
  channelId: string | undefined,
  deps: AuctionControlDeps,
): Promise<OutgoingMessage> {
  if (!channelId) return { content: controlTexts.noChannel };
  if (auction.state !== "live") return { content: controlTexts.notLive };
  await freeChannel(channelId, deps);
  const isHeld = await isHeldByAnother(channelId, auction.id, deps);
  if (isHeld || (await deps.auctionEngine.showIn(channelId, auction.id)) !== auction.id) {
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
