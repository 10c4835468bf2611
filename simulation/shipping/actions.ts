import type { Action } from "../scenario.ts";
import * as offering from "./offering.ts";
import * as ordering from "./ordering.ts";
import * as sending from "./sending.ts";

const DAY_MS = 24 * 3_600_000;

/** Actions around parcels and their weights. */
export const fulfilmentActions: readonly Action[] = (
  [
    { name: "buy and say where it goes", weight: 40, perform: ordering.buyShipped },
    { name: "buy something more", weight: 15, perform: ordering.buyMore },
    { name: "choose a country", weight: 3, perform: ordering.chooseCountry },
    { name: "change shipping terms", weight: 2, perform: offering.changeTerms },
    { name: "a stream ends or begins", weight: 3, perform: offering.changeStream },
    { name: "send a parcel", weight: 14, perform: sending.send },
    { name: "prove and send", weight: 12, perform: sending.proveAndSend },
    { name: "send a parcel twice", weight: 3, perform: sending.sendTwice },
    { name: "correct a number", weight: 5, perform: sending.correct },
    { name: "confirm the arrival", weight: 5, perform: sending.confirmArrival },
    { name: "refund what is in a parcel", weight: 5, perform: sending.refundPacked },
    { name: "refund as it is sent", weight: 3, perform: sending.refundAsSent },
    {
      name: "a week passes",
      weight: 3,
      perform: () => undefined,
      passesMs: async () => 8 * DAY_MS,
    },
  ] as const
).map((action) => ({ ...action, kind: "parcels" }));
