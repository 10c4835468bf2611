import { documentId } from "../../../shared/discord/custom-id.ts";
import { defineButton } from "../../../shared/discord/define-command.ts";

/** It arrived, under the message about a parcel. */
export const arrivedButton = defineButton({
  name: "parcel-arrived",
  parts: { parcelId: documentId },
  who: "owner",
  answeredBy: "fulfilment",
});
