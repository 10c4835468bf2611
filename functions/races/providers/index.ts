import { kofi } from "./kofi/provider.ts";
import { shopify } from "./shopify/provider.ts";
import { woocommerce } from "./woocommerce/provider.ts";

/** The providers of merch sales. `simulators.ts` lists their simulators, which are never deployed. */
export const providers = [kofi, shopify, woocommerce] as const;
