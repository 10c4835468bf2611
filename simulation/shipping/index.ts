import type { Scenario } from "../scenario.ts";
import { shopActions } from "../shop/actions.ts";
import { openShop, shop } from "../shop/index.ts";
import { fulfilmentActions } from "./actions.ts";
import { checkNoAddresses, checkNoAddressesAtRest, watchAddresses } from "./address-checks.ts";
import { drawTerms } from "./offering.ts";
import { addOthers } from "./others.ts";
import { checkParcelsAtRest } from "./rest-checks.ts";

/** Where buyers are asked for a country, a plain press buys nothing. */
const actions = [...shopActions, ...fulfilmentActions].map((action) =>
  action.name === "buy" ? { ...action, weight: 4 } : action,
);

/** A shop that ships what it sells: all that happens there, and parcels. */
export const shipping: Scenario = {
  name: "shipping",
  actions,
  async checkStep(stage) {
    await shop.checkStep(stage);
    await checkNoAddresses(stage);
  },
  async checkRest(stage) {
    await shop.checkRest(stage);
    await checkParcelsAtRest(stage);
    await checkNoAddressesAtRest(stage);
  },
  async prepare(stage) {
    watchAddresses(stage);
    addOthers(stage);
    await openShop(stage, (builder) => drawTerms(stage, builder));
  },
};
