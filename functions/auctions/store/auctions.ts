import type { Database } from "../../../shared/ports/database.ts";
import { createBoardRecords } from "./auctions/boards.ts";
import { createAuctionChanges } from "./auctions/change.ts";
import { createInterruptions } from "./auctions/interruptions.ts";
import { createLifecycle } from "./auctions/lifecycle.ts";
import { createAuctionLists } from "./auctions/lists.ts";
import { createResults } from "./auctions/results.ts";
import { createUnreadableAuctions } from "./auctions/unreadable.ts";

export type Auctions = ReturnType<typeof createAuctions>;

/** The `auctions` collection. Bids are decided in Redis and recorded here; everything else is decided here. */
export function createAuctions(database: Database) {
  const changes = createAuctionChanges(database);
  return {
    get: changes.get,
    ...createLifecycle(database, changes),
    ...createInterruptions(changes),
    ...createResults(database, changes),
    ...createBoardRecords(database, changes),
    ...createAuctionLists(database),
    ...createUnreadableAuctions(database),
  };
}
