import type { HoldReason } from "../../shipping/domain/parcel.ts";

/** Why a parcel may not be sent, or not yet, in a sentence each. */
export const holdReasonTexts: Readonly<Record<HoldReason, string>> = {
  "not-open": "It was sent, or there is nothing left to send.",
  empty: "Everything in it was refunded.",
  unpaid: "Its payment hasn't arrived yet.",
  disputed: "The buyer's bank disputes the payment; wait for its decision.",
  unproved: "Its money is held until you build it on stream.",
  "bundle-open": "The buyer may still add to it until some time after the stream.",
  "buyer-asked": "The buyer asked you to wait.",
  "price-wrong": "Its shipping was paid for another place than the address that the buyer gave.",
};

/** The same in a few words, for lists. */
export const holdReasonWords: Readonly<Record<HoldReason, string>> = {
  "not-open": "nothing to send",
  empty: "refunded",
  unpaid: "not paid yet",
  disputed: "the bank disputes it",
  unproved: "build it on stream first",
  "bundle-open": "the buyer may add to it",
  "buyer-asked": "the buyer asked to wait",
  "price-wrong": "shipping paid for another place",
};
