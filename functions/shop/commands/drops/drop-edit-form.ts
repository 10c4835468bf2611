import { documentId, snowflake } from "../../../../shared/discord/definitions/custom-id.ts";
import {
  defineButton,
  defineForm,
  shown,
} from "../../../../shared/discord/definitions/define-command.ts";
import { pictureField, textField } from "../../../../shared/discord/modal.ts";
import {
  MAX_DESCRIPTION_LENGTH,
  MAX_PICTURES,
  MAX_TITLE_LENGTH,
  readDropText,
} from "../../domain/drop.ts";
import { PICTURES_DESCRIPTION } from "./drop-form.ts";

/** The button that shows the edit form again as it was filled in. */
export const dropEditAgain = defineButton({
  name: "drop-edit-again",
  parts: { draftId: snowflake },
  who: "owner",
  answeredBy: "draft",
});

/** The form that edits a drop, filled in with what the drop says. */
export const dropEditForm = defineForm({
  name: "drop-edit-form",
  parts: { dropId: documentId },
  fields: {
    title: textField("Title", { required: true, maxLength: MAX_TITLE_LENGTH }),
    description: textField("Description", { isLong: true, maxLength: MAX_DESCRIPTION_LENGTH }),
    image: pictureField("New pictures, instead of all it has", PICTURES_DESCRIPTION, MAX_PICTURES),
  },
  title: () => "Edit your drop",
  filledBy: "own-drop",
  problems: ({ title = "", description = "" }) => {
    const text = readDropText({ title, description });
    return "title" in text ? [] : text;
  },
  draft: { button: dropEditAgain, command: "c500 drops" },
  who: "builder",
  limit: "dropEdits",
  answeredBy: "shop",
});

/** Edit, in a drop's control panel. */
export const dropEditButton = defineButton({
  name: "drop-edit",
  parts: { dropId: documentId },
  opens: ({ dropId }) => shown(dropEditForm, { dropId }),
  who: "owner",
  answeredBy: "form",
});
