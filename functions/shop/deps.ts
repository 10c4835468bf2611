import type { Database } from "../../shared/ports/database.ts";
import type { PlatformDeps } from "../../shared/runtime/deps.ts";
import { createDeps as createShippingDeps, type Deps as ShippingDeps } from "../shipping/deps.ts";
import { type Customers, createCustomers } from "./store/customers.ts";
import { createDisputes, type Disputes } from "./store/disputes.ts";
import { createDropWaits, type DropWaits } from "./store/drop-waits.ts";
import { createDrops, type Drops } from "./store/drops.ts";
import { createOrderLinks, type OrderLinks } from "./store/order-links.ts";
import { createOrders, type Orders } from "./store/orders.ts";
import { createPayments, type Payments } from "./store/payments/payments.ts";
import { createDebts, type Debts } from "./store/refunds/debts.ts";
import { createRefunds, type Refunds } from "./store/refunds/refunds.ts";
import { createReleases, type Releases } from "./store/releases/releases.ts";
import { createReservations, type Reservations } from "./store/reservations.ts";
import { createTombstones, type Tombstones } from "./store/tombstones.ts";

/** The shop: drops, orders, their money. Each handler takes the narrowest `Pick` of it. */
export interface Deps extends ShippingDeps {
  readonly customers: Customers;
  readonly debts: Debts;
  readonly disputes: Disputes;
  readonly dropWaits: DropWaits;
  readonly drops: Drops;
  readonly orderLinks: OrderLinks;
  readonly orders: Orders;
  readonly payments: Payments;
  readonly refunds: Refunds;
  readonly releases: Releases;
  readonly reservations: Reservations;
  readonly tombstones: Tombstones;
}

/** Wires them for one instance; nothing connects before its first use. */
export function createDeps(platform: PlatformDeps, database: Database): Deps {
  return {
    ...createShippingDeps(platform, database),
    customers: createCustomers(database),
    debts: createDebts(database),
    disputes: createDisputes(database),
    dropWaits: createDropWaits(database),
    drops: createDrops(database),
    orderLinks: createOrderLinks(database),
    orders: createOrders(database),
    payments: createPayments(database),
    refunds: createRefunds(database),
    releases: createReleases(database),
    reservations: createReservations(database),
    tombstones: createTombstones(database),
  };
}
