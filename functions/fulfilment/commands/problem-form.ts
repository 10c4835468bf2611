import { documentId } from "../../../shared/discord/definitions/custom-id.ts";
import {
  defineButton,
  defineForm,
  defineSelect,
  shown,
} from "../../../shared/discord/definitions/define-command.ts";
import { pictureField, textField } from "../../../shared/discord/modal.ts";
import { CASE_PICTURES, caseKindWords } from "../../shipping/domain/case.ts";

/** The longest that a buyer can write about what is wrong. */
export const MAX_REPORT_LENGTH = 1000;

const what = { kind: "choice", choices: caseKindWords, required: true } as const;

/** Which order of a parcel something is wrong with. */
export const wrongOrderSelect = defineSelect({
  name: "wrong-order",
  parts: {},
  chosen: documentId,
  who: "owner",
  answeredBy: "fulfilment",
});

/** The form behind "Something is wrong", about an order. */
export const problemForm = defineForm({
  name: "problem-form",
  parts: { what, orderId: documentId },
  fields: {
    text: textField("Tell them more", { maxLength: MAX_REPORT_LENGTH, isLong: true }),
    pictures: pictureField(
      "Pictures",
      `Up to ${CASE_PICTURES}, if they help: PNG, JPEG, GIF or WebP, each up to 8 MB`,
      CASE_PICTURES,
    ),
  },
  title: ({ what: kind }) => headline(caseKindWords[kind]),
  who: "owner",
  limit: "requests",
  answeredBy: "fulfilment",
});

/** What is wrong with an order: opens the form. */
export const wrongKindButton = defineButton({
  name: "wrong-kind",
  parts: { what, orderId: documentId },
  opens: (parts) => shown(problemForm, parts),
  who: "everyone",
  answeredBy: "form",
});

function headline(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
