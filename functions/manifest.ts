import type { FunctionRow } from "../shared/runtime/function/function-row.ts";
import { auctionsFunctions } from "./auctions/functions.ts";
import { fulfilmentFunctions } from "./fulfilment/functions.ts";
import { goingLiveFunctions } from "./going-live/functions.ts";
import { ingressFunctions } from "./ingress/functions.ts";
import { membersFunctions } from "./members/functions.ts";
import { operationsFunctions } from "./operations/functions.ts";
import { paymentsFunctions } from "./payments/functions.ts";
import { privacyFunctions } from "./privacy/functions.ts";
import { racesFunctions } from "./races/functions.ts";
import { shippingFunctions } from "./shipping/functions.ts";
import { shopFunctions } from "./shop/functions.ts";

/** The features by their folders, each with the functions it deploys. */
const features = {
  ingress: ingressFunctions,
  members: membersFunctions,
  shipping: shippingFunctions,
  shop: shopFunctions,
  fulfilment: fulfilmentFunctions,
  auctions: auctionsFunctions,
  races: racesFunctions,
  "going-live": goingLiveFunctions,
  payments: paymentsFunctions,
  privacy: privacyFunctions,
  operations: operationsFunctions,
} as const;

/**
 * Every function there is. `local/` wires itself from this list, and so does the real cloud:
 * nothing about a function is written down twice.
 */
export const manifest = {
  ...ingressFunctions,
  ...membersFunctions,
  ...shippingFunctions,
  ...shopFunctions,
  ...fulfilmentFunctions,
  ...auctionsFunctions,
  ...racesFunctions,
  ...goingLiveFunctions,
  ...paymentsFunctions,
  ...privacyFunctions,
  ...operationsFunctions,
} as const;

export type FunctionName = keyof typeof manifest;

/** The names of all functions. */
export const functionNames = Object.keys(manifest) as FunctionName[];

/** The folder of the feature that deploys a function. */
export function featureOf(name: FunctionName): string {
  const [folder] = Object.entries(features).find(([, rows]) => name in rows) ?? [];
  if (folder === undefined) throw new Error(`No feature deploys "${name}".`);
  return folder;
}

/** The module that wires a function's dependencies. */
export function depsOf(name: FunctionName): string {
  const row: FunctionRow = manifest[name];
  return row.deps ?? `functions/${featureOf(name)}/deps.ts`;
}
