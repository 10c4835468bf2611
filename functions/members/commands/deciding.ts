import { snowflake, wholeNumber } from "../../../shared/discord/definitions/custom-id.ts";
import { text, user } from "../../../shared/discord/definitions/options.ts";
import { textField } from "../../../shared/discord/modal.ts";
import { MAX_REASON_LENGTH } from "../domain/standing.ts";

/** The person whom staff decide about. */
export const personOption = user("Who it is about", { required: true });

/** The option in which staff say why they decide against someone. */
export const reasonOption = text("Why; they read it", {
  required: true,
  maxLength: MAX_REASON_LENGTH,
});

/** What a button or form under an operators' notice is about: a person, and the version of their standing. */
export const aboutStanding = {
  parts: { userId: snowflake, version: wholeNumber(999_999_999) },
  separator: ".",
} as const;

/** The field in which staff say why they decline someone. */
export const reasonFields = {
  reason: textField("Why? They read it", {
    required: true,
    isLong: true,
    maxLength: MAX_REASON_LENGTH,
  }),
} as const;
