import type { OutgoingFile, OutgoingMessage } from "../../../shared/clients/discord.ts";
import { cannotPostText } from "../../../shared/discord/cannot-post.ts";
import { action, type CommandUse } from "../../../shared/discord/command-action.ts";
import type { ValuesOf } from "../../../shared/discord/define-command.ts";
import { sendDmOnce } from "../../../shared/discord/send-once.ts";
import { addressesIn } from "../../../shared/discord/values.ts";
import { TerminalError } from "../../../shared/runtime/errors.ts";
import { type Drop, readDropForm } from "../domain/drop.ts";
import { scheduleOpening } from "../drops/open-draft.ts";
import { closeUnposted, openNow, storeDrop } from "../drops/open-now.ts";
import { fetchPictures } from "../drops/picture.ts";
import { postKey } from "../drops/post-drop.ts";
import { draftPreview, draftRefusalTexts } from "../messages/drafts.ts";
import { dropRefusalTexts } from "../messages/drop-refusals.ts";
import { draftPanel, dropOpenedText } from "../messages/own-drops.ts";
import type { NewDrop } from "../store/drops.ts";
import { dropForm, dropFormAgain } from "./drop-form.ts";
import type { ShopDeps } from "./shop-deps.ts";

/**
 * Puts the drop in and posts it, or keeps it as a draft, under the form's interaction id. A repeat finds the drop and
 * its post. Crash safety: the repeat posts it, or closes it where Discord has lost its picture by then. A
 * builder who cannot be paid yet gets the form back as it was.
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
  const { opening = "now" } = form;
  if (made && opening !== "now") return keepDraft(made, deps);

  const files = await picturesOf(use.id, form.image, deps);
  if (files === "gone") {
    if (made) await closeUnposted(use.id, use.userId, deps);
    return formAgain(dropRefusalTexts["picture-gone"], use.id);
  }
  const shipping = await deps.buildersTerms.get(use.userId);
  const drop: NewDrop = { ...newDrop(use, form, deps), shipping };
  if (opening === "now") return showOpened(await openNow(drop, files, deps), deps);
  const preview = await keepPictures(drop, files, deps);
  if (preview === "closed") return formAgain(draftRefusalTexts["needs-dms"], use.id);
  return keepDraft(await storeDrop({ ...drop, preview }, deps), deps);
}

function showOpened(drop: Drop | undefined, { config }: Pick<ShopDeps, "config">): OutgoingMessage {
  const channelId = config.DISCORD_MARKETPLACE_CHANNEL_ID;
  return { content: drop ? dropOpenedText(drop, channelId) : cannotPostText(channelId) };
}

/** Enqueues the opening of a stored draft and shows its control panel. */
async function keepDraft(draft: Drop, deps: ShopDeps): Promise<OutgoingMessage> {
  await scheduleOpening(draft, deps);
  const stock = await deps.drops.stockLevel(draft.id);
  return draftPanel({ drop: draft, stock, builder: await deps.builders.get(draft.builderId) });
}

/**
 * Sends a draft's pictures to its builder, because Discord keeps those of forms for some hours only. `closed` when
 * they take no DMs.
 */
async function keepPictures(drop: NewDrop, files: readonly OutgoingFile[], deps: ShopDeps) {
  if (files.length === 0) return undefined;
  const message = { ...draftPreview(drop), files };
  return (await sendDmOnce(`drop-preview:${drop.id}`, drop.builderId, message, deps)) ?? "closed";
}

function newDrop(
  { id, userId }: CommandUse,
  form: ValuesOf<typeof dropForm>,
  { config, clock }: Pick<ShopDeps, "config" | "clock">,
): Omit<NewDrop, "shipping"> {
  const currency = config.SHOP_CURRENCY;
  const { plan, limitPerBuyer, image, opening = "now", opensAtSeconds = 0 } = form;
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
    preview: undefined,
    hasImage: image !== undefined,
    imageCount: addressesIn(image).length,
    createdAt: clock.now(),
  };
}

/**
 * The form's pictures, which go along with the post because Discord keeps them for some hours only. A drop that is
 * posted needs none any more.
 */
async function picturesOf(
  id: string,
  image: string | undefined,
  { sentMessages }: Pick<ShopDeps, "sentMessages">,
): Promise<readonly OutgoingFile[] | "gone"> {
  if (image === undefined || (await sentMessages.get(postKey(id)))) return [];
  return fetchPictures(addressesIn(image));
}

/** Why a form was not taken, with the button that shows it again as it was filled in. */
function formAgain(refusal: string, formId: string): OutgoingMessage {
  return {
    content: refusal,
    buttons: [{ label: "Fix it", id: dropFormAgain.id({ draftId: formId }), style: "primary" }],
  };
}
