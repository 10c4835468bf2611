import type { Scenario } from "./scenario.ts";
import { auction } from "./auction/index.ts";
import { shop } from "./shop/index.ts";

/** Every kind of evening. */
export const scenarios: readonly Scenario[] = [shop, auction];
