import type { Database } from "../../../shared/ports/database.ts";
import type { PlatformDeps } from "../../../shared/runtime/deps.ts";
import { createAuctions } from "../../auctions/store/auctions.ts";
import { createBids } from "../../auctions/store/bids/bids.ts";
import type { Deps as FulfilmentDeps } from "../../fulfilment/deps.ts";
import { createDeskLists } from "../../fulfilment/store/desk-lists.ts";
import { createOrderViews } from "../../fulfilment/store/order-views.ts";
import { createParcelMoves } from "../../fulfilment/store/parcel-moves.ts";
import { createBuilders } from "../../members/store/builders.ts";
import { createLobbies } from "../../races/store/lobbies/lobbies.ts";
import { createSales } from "../../races/store/sales/sales.ts";
import { createDeadlines } from "../../shipping/store/deadlines.ts";
import { createParcels } from "../../shipping/store/parcels.ts";
import { createDrops } from "../../shop/store/drops.ts";
import { createOrderLinks } from "../../shop/store/order-links.ts";
import { createOrders } from "../../shop/store/orders.ts";
import type { Deps } from "../deps.ts";

/** Dependencies of the pages. */
export type WebDeps = PlatformDeps &
  Pick<
    Deps,
    "auctions" | "bids" | "builders" | "drops" | "lobbies" | "orderLinks" | "orders" | "sales"
  > &
  Pick<FulfilmentDeps, "deadlines" | "deskLists" | "orderViews" | "parcelMoves" | "parcels">;

/** Wires only these, because a visitor waits for each cold start. */
export function createDeps(platform: PlatformDeps, database: Database): WebDeps {
  return {
    ...platform,
    auctions: createAuctions(database),
    bids: createBids(database),
    builders: createBuilders(database),
    deadlines: createDeadlines(database),
    deskLists: createDeskLists(database),
    drops: createDrops(database),
    lobbies: createLobbies(database),
    orderLinks: createOrderLinks(database),
    orders: createOrders(database),
    orderViews: createOrderViews(database),
    parcelMoves: createParcelMoves(database),
    parcels: createParcels(database),
    sales: createSales(database),
  };
}
