import type { Auction, AuctionTerms } from "../../domain/auction.ts";
import { boardFields } from "./change.ts";

/** An auction before it opens. */
export interface NewAuction extends Pick<Auction, "id" | "opens" | "createdAt" | "imageUrl"> {
  readonly terms: AuctionTerms;
  readonly channelId: string;
}

/** How an auction is stored before it opens. */
export function plannedAuction({ id: _, terms, channelId, ...auction }: NewAuction) {
  return {
    ...terms,
    ...auction,
    state: "planned" as const,
    ...boardFields([{ channelId, messageId: undefined, pin: undefined }]),
    isBoardDue: true,
  };
}
