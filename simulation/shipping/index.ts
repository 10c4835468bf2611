import type { Scenario } from "../scenario.ts";
import { shopActions } from "../shop/actions.ts";
import { openShop, shop } from "../shop/index.ts";
import { fulfilmentActions } from "./actions.ts";
import { checkNoAddresses, checkNoAddressesAtRest, watchAddresses } from "./address-checks.ts";
import { drawTerms } from "./offering.ts";
import { checkParcelsAtRest } from "./rest-checks.ts";

/** A shop that ships what it sells: all that happens there, and parcels. */
export const shipping: Scenario = {
  name: "shipping",
  actions: [...shopActions, ...fulfilmentActions],
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
    await openShop(stage, (builder) => drawTerms(stage, builder));
  },
};
