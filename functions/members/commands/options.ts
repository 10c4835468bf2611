import { text } from "../../../shared/discord/definitions/options.ts";

/** The country of an account for payouts. */
export const countryOption = text(
  "Where you live, or your business is registered; needed the first time",
  { maxLength: 60, suggest: "payout-countries" },
);
