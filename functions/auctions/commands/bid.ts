import { snowflake, wholeNumber } from "../../../shared/discord/definitions/custom-id.ts";
import {
  defineButton,
  defineCommand,
  defineForm,
  shown,
} from "../../../shared/discord/definitions/define-command.ts";
import { text } from "../../../shared/discord/definitions/options.ts";
import { textField } from "../../../shared/discord/modal.ts";
import { MAX_AMOUNT } from "../domain/auction.ts";
import { MAX_AMOUNT_LENGTH } from "./options.ts";

const amount = { kind: "integer", min: 1, max: MAX_AMOUNT, required: true } as const;
const atOnce = { who: "everyone", answeredBy: "bid" } as const;

/** `/bid`. The bid is decided at once, like those of the buttons and the form in this file. */
export const bidCommand = defineCommand({
  words: "bid",
  description: "Bid in this channel's auction",
  options: {
    amount: text("Your bid, such as 55 or $55.50", {
      required: true,
      maxLength: MAX_AMOUNT_LENGTH,
    }),
    max: text("Your secret ceiling: I bid for you up to it, as little as needed", {
      maxLength: MAX_AMOUNT_LENGTH,
    }),
  },
  ...atOnce,
});

/** Bids exactly this amount, in minor units. */
export const bidButton = defineButton({
  name: "bid",
  parts: { auctionId: snowflake, amount },
  ...atOnce,
});

/** Confirms an amount that looked like a typo. A `max` of 0 means no ceiling. */
export const sureButton = defineButton({
  name: "bid-sure",
  parts: { auctionId: snowflake, amount, max: wholeNumber(MAX_AMOUNT) },
  ...atOnce,
});

/** Turns DMs about being outbid on; a second press turns them off. */
export const noticeButton = defineButton({
  name: "bid-notify",
  parts: { auctionId: snowflake },
  ...atOnce,
});

/** The form for an amount that no button offers. */
export const amountForm = defineForm({
  name: "bid-custom",
  parts: { auctionId: snowflake },
  fields: {
    amount: textField("Amount", {
      required: true,
      maxLength: MAX_AMOUNT_LENGTH,
      description: "Such as 55 or $55.50",
    }),
    max: textField("Secret ceiling", {
      maxLength: MAX_AMOUNT_LENGTH,
      description: "I bid for you up to it, as little as needed",
    }),
  },
  title: () => "Your bid",
  ...atOnce,
});

/** Opens the form for a custom amount. */
export const amountButton = defineButton({
  name: "bid-custom",
  parts: { auctionId: snowflake },
  opens: ({ auctionId }) => shown(amountForm, { auctionId }),
  who: "everyone",
  answeredBy: "form",
});
