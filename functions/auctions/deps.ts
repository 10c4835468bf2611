import type { Database } from "../../shared/ports/database.ts";
import type { PlatformDeps } from "../../shared/runtime/deps.ts";
import { createDeps as createShopDeps, type Deps as ShopDeps } from "../shop/deps.ts";
import { type AuctionEngine, createAuctionEngine } from "./engine/engine.ts";
import { type Auctions, createAuctions } from "./store/auctions.ts";
import { type BiddingBars, createBiddingBars } from "./store/bidding-bars/bidding-bars.ts";
import { type Bids, createBids } from "./store/bids/bids.ts";
import { createWonOrders, type WonOrders } from "./store/won-orders.ts";

/** Auctions, and the shop that their orders are in. Each handler takes the narrowest `Pick` of it. */
export interface Deps extends ShopDeps {
  readonly auctionEngine: AuctionEngine;
  readonly auctions: Auctions;
  readonly biddingBars: BiddingBars;
  readonly bids: Bids;
  readonly wonOrders: WonOrders;
}

/** Wires them for one instance; nothing connects before its first use. */
export function createDeps(platform: PlatformDeps, database: Database): Deps {
  return {
    ...createShopDeps(platform, database),
    auctionEngine: createAuctionEngine(platform.redis),
    auctions: createAuctions(database),
    biddingBars: createBiddingBars(database),
    bids: createBids(database),
    wonOrders: createWonOrders(database),
  };
}
