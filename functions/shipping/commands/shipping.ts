import { defineCommand } from "../../../shared/discord/definitions/define-command.ts";
import { flag, integer, text } from "../../../shared/discord/definitions/options.ts";
import { MAX_BUNDLE_HOURS, MAX_DISPATCH_DAYS } from "../domain/change-terms.ts";

const price = { maxLength: 20 } as const;

/** `/c500 shipping`: of a builder, of one of their drops, or of an auction that has not begun. */
export const shippingCommand = defineCommand({
  words: "c500 shipping",
  description: "Where you ship to and for how much; without options it shows that",
  options: {
    from: text("The country your parcels come from", { maxLength: 60, suggest: "ship-countries" }),
    home: text("Price of a parcel within that country, such as 5.00; or no", price),
    countries: text("Other countries with one price, such as EU, UK, Norway; or no", {
      maxLength: 400,
      suggest: "ship-country-lists",
    }),
    "countries-price": text("Price of a parcel to each of those countries", price),
    world: text("Price of a parcel to everywhere else; or no", price),
    further: text(
      "What each further item in the same parcel adds; full: as much as the first",
      price,
    ),
    "free-from": text("Shipping is free where the items cost this much; or no", price),
    "dispatch-days": integer("Days within which you send parcels, after payment", {
      min: 1,
      max: MAX_DISPATCH_DAYS,
    }),
    phone: flag("Whether buyers must give a phone number, for the carrier"),
    pickup: flag("Whether buyers may pick up what they bought"),
    "bundle-hours": integer(
      "Hours after your stream in which orders still share a parcel; 0: each order ships alone",
      { min: 0, max: MAX_BUNDLE_HOURS },
    ),
    drop: text("Of this drop alone", { maxLength: 100, suggest: "drops" }),
    auction: text("Of this auction alone, until it begins", {
      maxLength: 100,
      suggest: "auctions",
    }),
  },
  who: "builder",
  answeredBy: "fulfilment",
});
