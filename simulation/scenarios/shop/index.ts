import { addBuilder, addPerson, openDrop, shipForNothing } from "../../people.ts";
import type { Stage } from "../../stage.ts";
import type { Scenario } from "../scenario.ts";
import { shopActions } from "./actions.ts";
import { checkShopRest } from "./checks/rest.ts";
import { checkShopStep } from "./checks/step.ts";
import type { Market } from "./market.ts";
import { addPastOrders } from "./past-orders.ts";
import { drawStripeTimes } from "./stripe-times.ts";

const BUYERS = 5;
/** The share of simulations whose builder has more orders than a list shows. */
const MANY_ORDERS_ODDS = 1 / 16;
/**
 * The share of simulations with more drops than one person may have open Checkout Sessions, and how
 * many more.
 */
const MANY_DROPS_ODDS = 1 / 8;
const MORE_DROPS = 5;

/** A builder with drops of a few units each, and more buyers than units. */
export const shop: Scenario = {
  name: "shop",
  actions: shopActions,
  checkStep: checkShopStep,
  checkRest: checkShopRest,
  prepare: (stage) => openShop(stage),
};

/** How many units a drop has. */
const QUANTITIES = ["3", "8", "8"];

/** Prepares the shop; `setTerms` has its builder say where they ship. */
export async function openShop(
  stage: Stage,
  setTerms: (builder: string) => Promise<void> = (builder) => shipForNothing(stage, builder),
  quantities: readonly string[] = QUANTITIES,
): Promise<void> {
  const { choices } = stage;
  const builder = await addBuilder(stage, 1, "builder_one");
  await setTerms(builder);
  const stored = await stage.database.collection("builders").doc(builder).get();
  const quantity = choices.oneOf("shop: units of a drop", quantities);
  const drops = [
    await openDrop(stage, builder, { payment: "split", price: "12.34", quantity, limit: 3 }),
    await openDrop(stage, builder, { payment: "held", price: "33.33", quantity, limit: 2 }),
  ];
  const isMany = choices.isChosen("shop: many drops", MANY_DROPS_ODDS);
  for (const _ of Array(isMany ? MORE_DROPS : 0)) {
    drops.push(await openDrop(stage, builder, { payment: "held", price: "5", quantity: "3" }));
  }
  const market: Market = {
    builder,
    drops,
    drafts: new Set(),
    paidOut: 0,
    platformPaidOut: 0,
    sentByHand: 0,
    presses: [],
    shipments: [],
    joined: [],
    seen: new Map(),
    unreachable: new Set(),
    closedDms: new Set(),
    closed: new Map(),
    isMarketplaceTouched: false,
    takenByHand: new Map(),
    overturned: new Set(),
    account: String(stored.get("stripe_account_id")),
    buyers: Array.from({ length: BUYERS }, (_, index) =>
      addPerson(stage, 10 + index, `buyer_${index}`),
    ),
    opensAt: new Date(stage.cloud.clock.nowMs()),
  };
  stage.memory.set("market", market);
  drawStripeTimes(stage);
  if (choices.isChosen("shop: many orders before", MANY_ORDERS_ODDS)) {
    await addPastOrders(stage, market);
  }
}
