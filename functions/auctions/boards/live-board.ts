import { defineLiveMessage } from "../../../shared/live-message/live-message.ts";
import { auctionBoardDue } from "../events/auction-tasks.ts";

/** The boards of an auction: one task per auction shows each board separately. An auction lasts a week at most. */
export const liveBoard = defineLiveMessage({
  task: auctionBoardDue,
  taskFor: (auctionId, id) => ({ id, auctionId }),
  title: "An auction's board",
  idField: "auction",
  rememberedDays: 8,
});

/** The id of an auction's board in a channel. */
export function boardId(auctionId: string, channelId: string): string {
  return `${auctionId}:${channelId}`;
}
