import { addBuilder, addPerson, openDrop } from "../people.ts";
import type { Scenario } from "../scenario.ts";
import { shopDeeds } from "./deeds.ts";
import type { Market } from "./market.ts";
import { checkShopRest } from "./rest-checks.ts";
import { checkShopStep } from "./step-checks.ts";

const BUYERS = 5;

/** A builder with two drops of a few units each, and more people who want them. */
export const shop: Scenario = {
  name: "shop",
  deeds: shopDeeds,
  checkStep: checkShopStep,
  checkRest: checkShopRest,
  async prepare(stage) {
    const builder = await addBuilder(stage, 1, "builder_one");
    const stored = await stage.database.collection("builders").doc(builder).get();
    const drops = [
      await openDrop(stage, builder, { payment: "split", price: "12.34", quantity: "8", limit: 3 }),
      await openDrop(stage, builder, { payment: "held", price: "33.33", quantity: "8", limit: 2 }),
    ];
    const market: Market = {
      ...{ builder, drops, paidOut: 0, seen: new Map(), unreachable: new Set(), presses: [] },
      account: String(stored.get("stripe_account_id")),
      buyers: Array.from({ length: BUYERS }, (_, index) =>
        addPerson(stage, 10 + index, `buyer_${index}`),
      ),
    };
    stage.memory.set("market", market);
  },
};
