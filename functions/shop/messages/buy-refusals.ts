import { limitText, tooManyOpenText, tooYoungText } from "../../../shared/limits/texts.ts";
import { notThereText, whichCountryText } from "../../shipping/messages/country.ts";
import type { BuyRefusal } from "../checkout/checkout.ts";
import type { Deps } from "../deps.ts";
import { buyRefusalTexts } from "./drops.ts";
import { fewerText, type QuantityQuestion } from "./quantity.ts";

/** Why someone could not buy, and when they may try again. */
export function buyRefusalText(
  {
    refusal,
    retryAt,
    country,
    howMany,
  }: {
    readonly refusal: BuyRefusal;
    readonly retryAt?: Date | undefined;
    readonly country?: string;
    readonly howMany?: QuantityQuestion;
  },
  { MIN_ACCOUNT_AGE_DAYS: minDays }: Pick<Deps["config"], "MIN_ACCOUNT_AGE_DAYS">,
): string {
  switch (refusal) {
    case "too-many-open":
      return tooManyOpenText(retryAt);
    case "too-often":
    case "cannot-count":
      return limitText("reservations", retryAt);
    case "too-young":
      return tooYoungText(retryAt, minDays);
    case "how-many":
      return fewerText(howMany?.most ?? 1);
    case "which-country":
      return whichCountryText;
    case "not-there":
      return notThereText(country ?? "");
    default:
      return buyRefusalTexts[refusal];
  }
}
