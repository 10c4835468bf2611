import { documentId } from "../../../shared/discord/definitions/custom-id.ts";
import {
  defineButton,
  MAX_MONEY_COMMAND_AGE_MS,
} from "../../../shared/discord/definitions/define-command.ts";

/** It arrived, under the message about a parcel. */
export const arrivedButton = defineButton({
  name: "parcel-arrived",
  parts: { parcelId: documentId },
  who: "owner",
  answeredBy: "fulfilment",
});

/** Cancel it, under a buyer's request. */
export const cancelAcceptButton = defineButton({
  name: "cancel-accept",
  parts: { orderId: documentId },
  who: "owner",
  maxAgeMs: MAX_MONEY_COMMAND_AGE_MS,
  answeredBy: "fulfilment",
});

/** Keep it, beside that. */
export const cancelDeclineButton = defineButton({
  name: "cancel-decline",
  parts: { orderId: documentId },
  who: "owner",
  answeredBy: "fulfilment",
});

/** Something is wrong, under the message about a parcel. */
export const wrongButton = defineButton({
  name: "parcel-wrong",
  parts: { parcelId: documentId },
  who: "owner",
  answeredBy: "fulfilment",
});

/** Under messages about something that is wrong: what can be decided with a press. */
export const caseButton = defineButton({
  name: "case",
  parts: {
    move: {
      kind: "choice",
      choices: {
        refund: "refund",
        replace: "replace",
        close: "close",
        withdraw: "withdraw",
        escalate: "escalate",
      },
      required: true,
    },
    orderId: documentId,
  },
  who: "owner",
  maxAgeMs: MAX_MONEY_COMMAND_AGE_MS,
  answeredBy: "fulfilment",
});
