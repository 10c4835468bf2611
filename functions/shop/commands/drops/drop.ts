import type { OutgoingMessage } from "../../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../../shared/discord/definitions/command-action.ts";
import type { ValuesOf } from "../../../../shared/discord/definitions/define-command.ts";
import { addressesIn } from "../../../../shared/discord/definitions/values.ts";
import { cannotPostText } from "../../../../shared/discord/sending/cannot-post.ts";
import { TerminalError } from "../../../../shared/runtime/errors.ts";
import { type Drop, readDropForm } from "../../domain/drop.ts";
import { type DropToMake, makeDrop } from "../../drops/make-drop.ts";
import { draftRefusalTexts } from "../../messages/drafts.ts";
import { dropRefusalTexts } from "../../messages/drop-refusals.ts";
import { draftPanel, dropOpenedText } from "../../messages/own-drops.ts";
import type { ShopDeps } from "../shop-deps.ts";
import { dropForm, dropFormAgain } from "./drop-form.ts";

/**
 * Puts the drop in and posts it, or keeps it as a draft, under the form's interaction id. A repeat finds the drop and
 * its post. Crash safety: the repeat posts it, or closes it where Discord has lost its picture by then. A
 * builder who cannot be paid yet, or has not said where they ship, gets the form back as it was.
 */
export const openingDrop = /* @__PURE__ */ action(dropForm, {
  run: openDrop,
  isBegun: async ({ id }, _values, { drops }: Pick<ShopDeps, "drops">) =>
    (await drops.get(id)) !== undefined,
  refused: (refusal, { id }) => formAgain(refusal, id),
});

async function openDrop(
  use: CommandUse,
  form: ValuesOf<typeof dropForm>,
  deps: ShopDeps,
): Promise<OutgoingMessage> {
  const builder = await deps.builders.get(use.userId);
  const made = await deps.drops.get(use.id);
  if (!builder || (!made && builder.account?.state !== "ACTIVE")) {
    return formAgain(dropRefusalTexts["no-account"], use.id);
  }
  const pictures = addressesIn(form.image);
  const result = await makeDrop({ drop: newDrop(use, form, deps), made, pictures }, deps);
  switch (result.outcome) {
    case "no-terms":
    case "picture-gone":
      return formAgain(dropRefusalTexts[result.outcome], use.id);
    case "needs-dms":
      return formAgain(draftRefusalTexts["needs-dms"], use.id);
    case "cannot-post":
      return { content: cannotPostText(deps.config.DISCORD_MARKETPLACE_CHANNEL_ID) };
    case "made":
      return showMade(result.drop, form, deps);
  }
}

async function showMade(
  drop: Drop,
  { opening = "now" }: ValuesOf<typeof dropForm>,
  { config, drops, builders }: Pick<ShopDeps, "config" | "drops" | "builders">,
): Promise<OutgoingMessage> {
  if (opening === "now") {
    return { content: dropOpenedText(drop, config.DISCORD_MARKETPLACE_CHANNEL_ID) };
  }
  const stock = await drops.stockLevel(drop.id);
  return draftPanel({ drop, stock, builder: await builders.get(drop.builderId) });
}

function newDrop(
  { id, userId }: CommandUse,
  form: ValuesOf<typeof dropForm>,
  { config, clock }: Pick<ShopDeps, "config" | "clock">,
): DropToMake {
  const currency = config.SHOP_CURRENCY;
  const { plan, limitPerBuyer, opening = "now", opensAtSeconds = 0 } = form;
  const { description = "" } = form;
  const terms = readDropForm({ ...form, description }, currency);
  if (!("title" in terms)) throw new TerminalError(`The form ${id} was sent with mistakes in it.`);
  return {
    id,
    builderId: userId,
    title: terms.title,
    description: terms.description,
    price: terms.price,
    currency,
    plan,
    stock: terms.quantity,
    limitPerBuyer,
    isDraft: opening !== "now",
    opensAt: opening === "later" ? new Date(opensAtSeconds * 1000) : undefined,
    createdAt: clock.now(),
  };
}

/** Why a form was not taken, with the button that shows it again as it was filled in. */
function formAgain(refusal: string, formId: string): OutgoingMessage {
  return {
    content: refusal,
    buttons: [{ label: "Fix it", id: dropFormAgain.id({ draftId: formId }), style: "primary" }],
  };
}
