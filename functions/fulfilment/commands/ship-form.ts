import { documentId, snowflake } from "../../../shared/discord/definitions/custom-id.ts";
import {
  defineButton,
  defineForm,
  defineSelect,
  shown,
} from "../../../shared/discord/definitions/define-command.ts";
import { textField } from "../../../shared/discord/modal.ts";
import { readCarrier, readTracking } from "../domain/carriers.ts";
import { parcelRefusalTexts } from "../messages/parcels.ts";

/** Longer than any number or carrier: what is wrong with one is said in words. */
const MAX_TYPED = 100;
/** https://discord.com/developers/docs/components/reference#text-input */
const MAX_PASTED = 4000;

/** The button that shows the form below again as it was filled in. */
export const shipFormAgain = defineButton({
  name: "ship-form-again",
  parts: { draftId: snowflake },
  who: "owner",
  answeredBy: "draft",
});

/** The form that ships one order, behind the list in `/c500 orders`. */
export const shipForm = defineForm({
  name: "ship-form",
  parts: { orderId: documentId },
  fields: {
    tracking: textField("Tracking number, if it has one", { maxLength: MAX_TYPED }),
    carrier: textField("Carrier; recognized from most numbers", {
      maxLength: MAX_TYPED,
      placeholder: "UPS, USPS, FedEx, DHL, Royal Mail, …",
    }),
  },
  title: () => "Ship an order",
  problems: ({ tracking = "", carrier = "" }) => [
    ...(tracking === "" || readTracking(tracking) ? [] : [parcelRefusalTexts["bad-tracking"]]),
    ...(carrier === "" || readCarrier(carrier) ? [] : [parcelRefusalTexts["unknown-carrier"]]),
  ],
  draft: { button: shipFormAgain, command: "c500 orders" },
  who: "owner",
  answeredBy: "fulfilment",
});

/** Ship an order, in `/c500 orders`: the chosen one opens the form. */
export const shipSelect = defineSelect({
  name: "ship",
  parts: {},
  chosen: documentId,
  opens: ({ chosen }) => shown(shipForm, { orderId: chosen }),
  who: "everyone",
  answeredBy: "form",
});

/** The form that ships several orders, pasted a line each. */
export const shipSeveralForm = defineForm({
  name: "ship-several-form",
  parts: {},
  fields: {
    lines: textField("One a line: order, number, carrier if needed", {
      required: true,
      isLong: true,
      maxLength: MAX_PASTED,
      placeholder: "1234567890 1Z999AA10123456784",
    }),
  },
  title: () => "Ship several orders",
  who: "owner",
  answeredBy: "fulfilment",
});

/** Ship several, in `/c500 orders`. */
export const shipSeveralButton = defineButton({
  name: "ship-several",
  parts: {},
  opens: () => shown(shipSeveralForm, {}),
  who: "everyone",
  answeredBy: "form",
});
