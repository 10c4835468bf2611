import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import { action, type CommandUse } from "../../../shared/discord/command-action.ts";
import { defineCommand, type ValuesOf } from "../../../shared/discord/define-command.ts";
import { flag, integer, text } from "../../../shared/discord/options.ts";
import type { Deps } from "../deps.ts";
import { changeTerms } from "../domain/change-terms.ts";
import {
  noTermsText,
  refusedText,
  supersededText,
  termsAnswer,
  termsProblemTexts,
} from "../messages/terms.ts";
import { readChange } from "./read-change.ts";

const price = { maxLength: 20 } as const;

/** `/c500 shipping`. */
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
      max: 180,
    }),
    phone: flag("Whether buyers must give a phone number, for the carrier"),
    pickup: flag("Whether buyers may pick up what they bought"),
    "bundle-hours": integer(
      "Hours after your stream in which orders still share a parcel; 0: each order ships alone",
      { min: 0, max: 168 },
    ),
  },
  who: "builder",
  answeredBy: "shipping",
});

type TermsDeps = Pick<Deps, "buildersTerms" | "config">;

/**
 * Shows a builder's terms, or changes the parts that are given. Idempotency: the terms know the command that changed them
 * last, which changes nothing again; each option sets a value and adds nothing. Crash safety: there is one write. Late:
 * a command that is older than the last change changes nothing, and its user is notified.
 */
export const settingTerms = /* @__PURE__ */ action(shippingCommand, {
  run: setTerms,
  isBegun: ({ id, userId }, _values, { buildersTerms }: Pick<Deps, "buildersTerms">) =>
    buildersTerms.isChangedBy(userId, id),
});

async function setTerms(
  { id, userId }: CommandUse,
  values: ValuesOf<typeof shippingCommand>,
  { buildersTerms, config }: TermsDeps,
): Promise<OutgoingMessage> {
  const currency = config.SHOP_CURRENCY;
  if (Object.values(values).every((value) => value === undefined)) {
    const terms = await buildersTerms.get(userId);
    return terms ? termsAnswer(terms, false) : { content: noTermsText };
  }
  const { change, problems } = readChange(values, currency);
  if (problems.length > 0) return { content: refusedText(problems) };
  const result = await buildersTerms.change({ builderId: userId, changeId: id }, (before) =>
    changeTerms(before, change, currency),
  );
  switch (result.outcome) {
    case "changed":
      return termsAnswer(result.terms, true);
    case "superseded":
      return { content: supersededText };
    case "refused":
      return { content: refusedText([termsProblemTexts[result.problem]]) };
  }
}
