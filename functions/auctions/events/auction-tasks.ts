import * as z from "zod/mini";
import { defineTask } from "../../../shared/events/define-event.ts";

const acceptedBid = z.object({
  bidId: z.string(),
  bidderId: z.string(),
  sequence: z.number(),
  amount: z.number(),
});
/** A bid whose bidder was answered that it counts. Amount in minor units. */
export type AcceptedBid = z.infer<typeof acceptedBid>;

/**
 * An auction's bids are to be recorded, and its boards to show what is true now. With `accepted`: these bids are
 * to be looked for in the record.
 */
export const auctionBoardDue = defineTask({
  queue: "auction-board",
  schema: z.object({
    id: z.string(),
    auctionId: z.string(),
    accepted: z.optional(z.array(acceptedBid)),
  }),
});

/** An auction's time is over, unless a bid has moved its end. */
export const hammerDue = defineTask({
  queue: "hammer-drop",
  schema: z.object({ id: z.string(), auctionId: z.string(), endsAtMs: z.number() }),
});

const settlementSchema = z.object({
  id: z.string(),
  auctionId: z.string(),
  /** It must not come before this; absent when it may at any time. */
  dueAtMs: z.optional(z.number()),
});

/** What comes next after the hammer: ask the winner, or the next runner-up, or nobody. */
export const auctionSettlementDue = defineTask({
  queue: "auction-settlement",
  schema: settlementSchema,
});
