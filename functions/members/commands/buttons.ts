import {
  defineButton,
  defineForm,
  shown,
} from "../../../shared/discord/definitions/define-command.ts";
import { aboutStanding, reasonFields } from "./deciding.ts";

/** Approve, under the operators' notice of someone who has proved their channel. */
export const approveBuilderButton = defineButton({
  name: "builder-approve",
  ...aboutStanding,
  who: "staff",
  answeredBy: "shop",
});

/** The form in which staff say why they decline a builder. */
export const declineBuilderForm = defineForm({
  name: "builder-decline-form",
  ...aboutStanding,
  fields: reasonFields,
  title: () => "Decline a builder",
  who: "staff",
  answeredBy: "shop",
});

/** Decline, beside Approve: shows the form. */
export const declineBuilderButton = defineButton({
  name: "builder-decline",
  ...aboutStanding,
  opens: (about) => shown(declineBuilderForm, about),
  who: "staff",
  answeredBy: "form",
});
