import type { Database } from "../../shared/ports/database.ts";
import type { PlatformDeps } from "../../shared/runtime/deps.ts";
import { type Deps as AuctionsDeps, createDeps as createAuctionsDeps } from "../auctions/deps.ts";
import { type Cancellations, createCancellations } from "./store/cancellations.ts";
import { type Cases, createCases } from "./store/cases.ts";
import { createDeskLists, type DeskLists } from "./store/desk-lists.ts";
import { createOrderViews, type OrderViews } from "./store/order-views.ts";
import { createParcelMoves, type ParcelMoves } from "./store/parcel-moves.ts";

/** Fulfilment: orders on their way from payment to arrival. Each handler takes the narrowest `Pick` of it. */
export interface Deps extends AuctionsDeps {
  readonly cancellations: Cancellations;
  readonly deskLists: DeskLists;
  readonly cases: Cases;
  readonly orderViews: OrderViews;
  readonly parcelMoves: ParcelMoves;
}

/** Wires them for one instance; nothing connects before its first use. */
export function createDeps(platform: PlatformDeps, database: Database): Deps {
  return {
    ...createAuctionsDeps(platform, database),
    cancellations: createCancellations(database),
    deskLists: createDeskLists(database),
    cases: createCases(database),
    orderViews: createOrderViews(database),
    parcelMoves: createParcelMoves(database),
  };
}
