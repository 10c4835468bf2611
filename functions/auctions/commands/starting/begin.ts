import type { OutgoingMessage } from "../../../../shared/clients/discord/outgoing-message.ts";
import { placeBoard } from "../../boards/place-board.ts";
import { scheduleBoard } from "../../boards/schedule-board.ts";
import { freeChannel } from "../../lifecycle/opening/free-channel.ts";
import { openAuction } from "../../lifecycle/opening/open-auction.ts";
import { controlTexts } from "../../messages/controls.ts";
import { mayNotPostText, plannedText, startedText } from "../../messages/opening.ts";
import type { AuctionControlDeps } from "../control-deps.ts";

/** Opens an auction that was just planned, or shows that it waits for the builder's stream. */
export async function begin(id: string, deps: AuctionControlDeps): Promise<OutgoingMessage> {
  const planned = await deps.auctions.get(id);
  if (!planned) throw new Error(`Auction ${id} was created and is not there.`);
  const channelId = planned.boards[0]?.channelId ?? "";
  if (planned.opens === "live" && planned.state === "planned") {
    if ((await placeBoard(planned, channelId, deps)) === "forbidden") {
      await deps.auctions.couldNotOpen(id, "forbidden", { isNotified: true });
      return { content: mayNotPostText(channelId) };
    }
    await scheduleBoard(id, deps);
    return { content: plannedText(planned) };
  }
  const result = await openAuction(id, deps);
  switch (result.outcome) {
    case "open":
      return { content: startedText(result.auction) };
    case "forbidden":
      return { content: mayNotPostText(channelId) };
    case "busy":
      return { content: controlTexts.busy };
    case "interrupted":
    case "over":
      return { content: controlTexts.alreadyOver };
  }
}

/** Whether an auction runs in a channel, according to Redis or, if Redis has lost it, to the record. */
export async function isTaken(channelId: string, deps: AuctionControlDeps): Promise<boolean> {
  await freeChannel(channelId, deps);
  if ((await deps.auctionEngine.inChannel(channelId)) !== undefined) return true;
  return (await deps.auctions.runningIn(channelId)) !== undefined;
}
