import { defineSweep, type Sweep } from "../../shared/runtime/sweep.ts";
import { auctionsSweeps } from "../auctions/sweeps.ts";
import { fulfilmentSweeps } from "../fulfilment/sweeps.ts";
import { goingLiveSweeps } from "../going-live/sweeps.ts";
import { membersSweeps } from "../members/sweeps.ts";
import { paymentsSweeps } from "../payments/sweeps.ts";
import { privacySweeps } from "../privacy/sweeps.ts";
import { racesSweeps } from "../races/sweeps.ts";
import { shopSweeps } from "../shop/sweeps.ts";
import type { Deps } from "./deps.ts";
import { checkLedger } from "./service/check-ledger.ts";

/** The sweeps of this feature. */
export const operationsSweeps = [
  defineSweep({
    name: "ledger",
    does: "checks four times a day that the ledger's postings sum to zero",
    asks: [],
    budget: { maxItems: 400 },
    run: checkLedger,
  }),
];

/** All sweeps of a sweeper run, as declared by the features. */
export const sweeps: readonly Sweep<Deps>[] = [
  ...membersSweeps,
  ...shopSweeps,
  ...fulfilmentSweeps,
  ...auctionsSweeps,
  ...racesSweeps,
  ...goingLiveSweeps,
  ...paymentsSweeps,
  ...privacySweeps,
  ...operationsSweeps,
];
