import { auction } from "./auction/index.ts";
import { live } from "./live/index.ts";
import { race } from "./race/index.ts";
import type { Scenario } from "./scenario.ts";
import { shipping } from "./shipping/index.ts";
import { shop } from "./shop/index.ts";

/** Every kind of simulation. */
export const scenarios: readonly Scenario[] = [shop, auction, race, live, shipping];
