import * as z from "zod/mini";
import type { TaskDefinition } from "./define-event.ts";

const boardSchema = z.object({ id: z.string(), auctionId: z.string() });

/** An auction's bids are to be recorded, and its boards to show what is true now. */
export const auctionBoardDue: TaskDefinition<z.infer<typeof boardSchema>> = {
  queue: "auction-board",
  schema: boardSchema,
};

const hammerSchema = z.object({ id: z.string(), auctionId: z.string(), endsAtMs: z.number() });

/** An auction's time is over, unless a bid has moved its end. */
export const hammerDue: TaskDefinition<z.infer<typeof hammerSchema>> = {
  queue: "hammer-drop",
  schema: hammerSchema,
};

const settlementSchema = z.object({
  id: z.string(),
  auctionId: z.string(),
  /** It must not come before this; absent when it may at any time. */
  dueAtMs: z.optional(z.number()),
});

/** What comes next after the hammer: ask the winner, or the next runner-up, or nobody. */
export const auctionSettlementDue: TaskDefinition<z.infer<typeof settlementSchema>> = {
  queue: "auction-settlement",
  schema: settlementSchema,
};
