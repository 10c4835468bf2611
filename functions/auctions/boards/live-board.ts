import { defineLiveMessage } from "../../../shared/live-message/live-message.ts";
import { auctionBoardDue } from "../events/auction-tasks.ts";

/** The boards of an auction: asked for by the auction's id, shown each on its own. An auction lasts a week at most. */
export const liveBoard = defineLiveMessage({
  task: auctionBoardDue,
  taskFor: (auctionId, id) => ({ id, auctionId }),
  title: "An auction's board",
  idField: "auction",
  rememberedDays: 8,
});

/** Names one of an auction's boards. */
export function boardId(auctionId: string, channelId: string): string {
  return `${auctionId}:${channelId}`;
}
