import type { Database } from "../../shared/ports/database.ts";
import type { PlatformDeps } from "../../shared/runtime/deps.ts";
import {
  createDeps as createFulfilmentDeps,
  type Deps as FulfilmentDeps,
} from "../fulfilment/deps.ts";
import { createDeps as createPaymentsDeps, type Deps as PaymentsDeps } from "../payments/deps.ts";
import { createDeps as createPrivacyDeps, type Deps as PrivacyDeps } from "../privacy/deps.ts";
import { createDeadLetters, type DeadLetters } from "./store/dead-letters.ts";

/** The dependencies of this feature and of all sweeps. Each handler takes the narrowest `Pick` of them. */
export interface Deps extends PrivacyDeps, PaymentsDeps, FulfilmentDeps {
  readonly deadLetters: DeadLetters;
}

/** Creates the dependencies of one instance; nothing connects before its first use. */
export function createDeps(platform: PlatformDeps, database: Database): Deps {
  return {
    ...createPrivacyDeps(platform, database),
    ...createPaymentsDeps(platform, database),
    ...createFulfilmentDeps(platform, database),
    deadLetters: createDeadLetters(database),
  };
}
