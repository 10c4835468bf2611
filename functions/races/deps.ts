import type { Database } from "../../shared/ports/database.ts";
import type { PlatformDeps } from "../../shared/runtime/deps.ts";
import { createDeps as createShopDeps, type Deps as ShopDeps } from "../shop/deps.ts";
import { createLobbies, type Lobbies } from "./store/lobbies/lobbies.ts";
import { createPayouts, type Payouts } from "./store/payouts/payouts.ts";
import { createRaceCommands, type RaceCommands } from "./store/race-commands.ts";
import { createSaleDisputes, type SaleDisputes } from "./store/sales/sale-disputes.ts";
import { createSales, type Sales } from "./store/sales/sales.ts";

/** Races, their sales and payouts. Each handler takes the narrowest `Pick` of it. */
export interface Deps extends ShopDeps {
  readonly lobbies: Lobbies;
  readonly payouts: Payouts;
  readonly raceCommands: RaceCommands;
  readonly saleDisputes: SaleDisputes;
  readonly sales: Sales;
}

/** Wires them for one instance; nothing connects before its first use. */
export function createDeps(platform: PlatformDeps, database: Database): Deps {
  return {
    ...createShopDeps(platform, database),
    lobbies: createLobbies(database),
    payouts: createPayouts(database),
    raceCommands: createRaceCommands(database),
    saleDisputes: createSaleDisputes(database),
    sales: createSales(database),
  };
}
