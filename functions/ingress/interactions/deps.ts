import type { Database } from "../../../shared/ports/database.ts";
import type { PlatformDeps } from "../../../shared/runtime/deps.ts";
import { createAuctionEngine } from "../../auctions/engine/engine.ts";
import { createAuctions } from "../../auctions/store/auctions.ts";
import { createBiddingBars } from "../../auctions/store/bidding-bars/bidding-bars.ts";
import { createLobbies } from "../../races/store/lobbies/lobbies.ts";
import { createParcels } from "../../shipping/store/parcels.ts";
import { createDrops } from "../../shop/store/drops.ts";
import { createOrders } from "../../shop/store/orders.ts";
import type { Deps } from "../deps.ts";

/** Dependencies of answering interactions: bids, choices and forms. */
export type InteractionDeps = PlatformDeps &
  Pick<
    Deps,
    "auctionEngine" | "auctions" | "biddingBars" | "drops" | "lobbies" | "orders" | "parcels"
  >;

/** Wires only these, because a user waits for each cold start. */
export function createDeps(platform: PlatformDeps, database: Database): InteractionDeps {
  return {
    ...platform,
    auctionEngine: createAuctionEngine(platform.redis),
    auctions: createAuctions(database),
    biddingBars: createBiddingBars(database),
    drops: createDrops(database),
    lobbies: createLobbies(database),
    orders: createOrders(database),
    parcels: createParcels(database),
  };
}
