import type { OutgoingMessage } from "../../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../../shared/discord/definitions/command-action.ts";
import type { ValuesOf } from "../../../../shared/discord/definitions/define-command.ts";
import { addressesIn } from "../../../../shared/discord/definitions/values.ts";
import { TerminalError } from "../../../../shared/runtime/errors.ts";
import { readDropText } from "../../domain/drop.ts";
import { changeAnswer, changeOwnDrop } from "../../drops/change-drop.ts";
import { fetchPictures } from "../../drops/picture.ts";
import { replacePictures } from "../../drops/replace-pictures.ts";
import { dropRefusalTexts } from "../../messages/drop-refusals.ts";
import type { ShopDeps } from "../shop-deps.ts";
import { dropEditAgain, dropEditForm } from "./drop-edit-form.ts";

/**
 * Edits a builder's own drop, once by the form's interaction id. What is bought or being paid for keeps the title and
 * price that its order has. Idempotency: a repeat finds the edit made and schedules the post again. Crash safety: new
 * pictures are in the post before they are stored, so that a repeat puts them there again; the sweeper brings the
 * post up to date. Late: an edit that is too old is refused with the form as it was filled in.
 */
export const editingDrop = /* @__PURE__ */ action(dropEditForm, {
  run: editDrop,
  isBegun: ({ id }, { dropId }, { drops }: Pick<ShopDeps, "drops">) => drops.hasApplied(dropId, id),
  refused: formAgain,
});

async function editDrop(
  use: CommandUse,
  { dropId, title, description = "", image }: ValuesOf<typeof dropEditForm>,
  deps: ShopDeps,
): Promise<OutgoingMessage> {
  const text = readDropText({ title, description });
  if (!("title" in text))
    throw new TerminalError(`The form ${use.id} was sent with mistakes in it.`);
  const change = { kind: "edit", ...text } as const;
  const addresses = addressesIn(image);
  if (addresses.length === 0 || (await deps.drops.hasApplied(dropId, use.id))) {
    return changeOwnDrop({ use, dropId, change }, deps);
  }
  const files = await fetchPictures(addresses);
  if (files === "gone") return formAgain(dropRefusalTexts["picture-gone"], use);
  const result = await replacePictures({ use, dropId, text, files }, deps);
  if (!result.ok && result.refusal === "needs-dms") return formAgain(result.text, use);
  return changeAnswer(result, change, deps);
}

function formAgain(refusal: string, { id }: CommandUse): OutgoingMessage {
  return {
    content: refusal,
    buttons: [{ label: "Fix it", id: dropEditAgain.id({ draftId: id }), style: "primary" }],
  };
}
