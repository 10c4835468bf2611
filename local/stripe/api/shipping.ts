import * as z from "zod/mini";
import { shippingRateOf } from "../actions/sessions/shipping-rates.ts";
import type { Calls } from "../requests/calls.ts";
import { changeTaxSettings, shownTaxSettings, taxSettingsChanges } from "../tax.ts";
import type { World } from "../world.ts";

const nothing = z.strictObject({});

/** Reading https://docs.stripe.com/api/shipping_rates; sessions create them. */
export function serveShippingRates(calls: Calls, world: World): void {
  calls.get("/shipping_rates/:id", {
    schema: nothing,
    handle: ({ id }) => shippingRateOf(world, id),
  });
}

/** https://docs.stripe.com/api/tax/settings */
export function serveTaxSettings(calls: Calls, world: World): void {
  calls.get("/tax/settings", {
    schema: nothing,
    handle: () => shownTaxSettings(world.taxSettings),
  });
  calls.post("/tax/settings", {
    schema: taxSettingsChanges,
    handle: ({ parameters }) => {
      world.taxSettings = changeTaxSettings(world.taxSettings, parameters);
      const shown = shownTaxSettings(world.taxSettings);
      world.emit("tax.settings.updated", shown);
      return shown;
    },
  });
}
