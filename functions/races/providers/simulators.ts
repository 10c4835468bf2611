import type { ShopSimulator } from "../../../local/shops/simulator.ts";
import { kofiSimulator } from "./kofi/simulator.ts";
import type { ProviderName } from "./settings.ts";
import { shopifySimulator } from "./shopify/simulator.ts";
import { woocommerceSimulator } from "./woocommerce/simulator.ts";

/** The simulators of all providers. */
export const simulators = {
  kofi: kofiSimulator,
  shopify: shopifySimulator,
  woocommerce: woocommerceSimulator,
} as const satisfies Record<ProviderName, ShopSimulator<unknown>>;
