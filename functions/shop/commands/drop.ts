import { DiscordError, type OutgoingMessage } from "../../../shared/clients/discord.ts";
import { cannotPostText } from "../../../shared/discord/cannot-post.ts";
import { action, type CommandUse } from "../../../shared/discord/command-action.ts";
import { snowflake } from "../../../shared/discord/custom-id.ts";
import {
  defineButton,
  defineCommand,
  defineForm,
  shown,
  type ValuesOf,
} from "../../../shared/discord/define-command.ts";
import { pictureField, textField } from "../../../shared/discord/modal.ts";
import { choice, integer } from "../../../shared/discord/options.ts";
import { sendOnce } from "../../../shared/discord/send-once.ts";
import { isTerminal, TerminalError } from "../../../shared/runtime/errors.ts";
import {
  DEFAULT_LIMIT_PER_BUYER,
  MAX_DESCRIPTION_LENGTH,
  MAX_LIMIT_PER_BUYER,
  MAX_TITLE_LENGTH,
  readDropForm,
} from "../domain/drop.ts";
import { keepImageAddress } from "../drops/drop-image.ts";
import { fetchPicture } from "../drops/picture.ts";
import { dropRefusalTexts } from "../messages/drop-refusals.ts";
import { type DropView, dropPost } from "../messages/drops.ts";
import { dropOpenedText } from "../messages/own-drops.ts";
import type { NewDrop } from "../store/drops.ts";
import type { ShopDeps } from "./shop-deps.ts";

/** Longer than any price or quantity: what is wrong with one is said in words. */
const MAX_TYPED = 300;

const plans = {
  split: "ready to ship: paid at once",
  held: "made to order: held until you build it live",
} as const;
const limit = { min: 1, max: MAX_LIMIT_PER_BUYER } as const;

/** The button that shows the form again as it was filled in. */
export const dropFormAgain = defineButton({
  name: "drop-form-again",
  parts: { draftId: snowflake },
  who: "owner",
  answeredBy: "draft",
});

/** The form of a new drop. What is decided before it opens travels in its id. */
export const dropForm = defineForm({
  name: "drop-form",
  parts: {
    plan: { kind: "choice", choices: plans, required: true },
    limitPerBuyer: { kind: "integer", ...limit, required: true },
  },
  fields: {
    title: textField("Title", {
      required: true,
      maxLength: MAX_TITLE_LENGTH,
      placeholder: "Brass weight for the C500",
    }),
    price: textField("Price", { required: true, maxLength: MAX_TYPED, placeholder: "12.50" }),
    quantity: textField("Quantity", { required: true, maxLength: MAX_TYPED, placeholder: "3" }),
    description: textField("Description", {
      isLong: true,
      maxLength: MAX_DESCRIPTION_LENGTH,
      placeholder: "What it is, and what makes it special",
    }),
    image: pictureField("Picture", "PNG, JPEG, GIF or WebP, up to 8 MB"),
  },
  title: ({ plan }) => (plan === "held" ? "New drop, made to order" : "New drop, ready to ship"),
  problems: (typed, shopCurrency) => {
    const { title = "", price = "", quantity = "", description = "" } = typed;
    const terms = readDropForm({ title, price, quantity, description }, shopCurrency);
    return "title" in terms ? [] : terms;
  },
  draft: { button: dropFormAgain, command: "c500 drop" },
  who: "builder",
  limit: "drops",
  answeredBy: "shop",
});

/** `/c500 drop`. Discord's forms have room for five fields, so how it is paid is asked before. */
export const dropCommand = defineCommand({
  words: "c500 drop",
  description: "Put something up for sale",
  options: {
    payment: choice("When the money becomes yours", { choices: plans, required: true }),
    limit: integer(`How many one buyer may have; ${DEFAULT_LIMIT_PER_BUYER} by default`, limit),
  },
  opens: ({ payment, limit: limitPerBuyer = DEFAULT_LIMIT_PER_BUYER }) =>
    shown(dropForm, { plan: payment, limitPerBuyer }),
  who: "builder",
  limit: "dropForms",
  answeredBy: "form",
});

/**
 * Puts the drop in and posts it, under the form's interaction id. A repeat finds the drop and
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
  const isMade = (await deps.drops.get(use.id)) !== undefined;
  if (!builder || (!isMade && builder.account?.state !== "ACTIVE")) {
    return formAgain(dropRefusalTexts["no-account"], use.id);
  }

  const file = await pictureOf(use.id, form.image, deps);
  if (file === "gone") {
    if (isMade) await closeUnposted(use.id, use.userId, deps);
    return formAgain(dropRefusalTexts["picture-gone"], use.id);
  }
  const channelId = deps.config.DISCORD_MARKETPLACE_CHANNEL_ID;
  const drop = newDrop(use, form, deps);
  await deps.drops.create(drop);
  const stored = await deps.drops.get(drop.id);
  if (!stored) throw new Error(`Drop ${drop.id} was created and is not there.`);
  try {
    await post({ drop: stored, stock: await deps.drops.stockLevel(drop.id), builder }, file, deps);
  } catch (error) {
    if (!isTerminal(error)) throw error;
    await closeUnposted(drop.id, drop.builderId, deps);
    if (!(error instanceof DiscordError && error.isUnusableChannel)) throw error;
    return { content: cannotPostText(channelId) };
  }
  return { content: dropOpenedText(stored, channelId) };
}

/** What nobody can see in the marketplace must not be on sale elsewhere. */
async function closeUnposted(
  id: string,
  builderId: string,
  { drops }: Pick<ShopDeps, "drops">,
): Promise<void> {
  await drops.change(id, builderId, { kind: "close" }, `${id}.unposted`);
}

async function post(view: DropView, file: Buffer | undefined, deps: ShopDeps): Promise<void> {
  const { drop } = view;
  const sent = await sendOnce(
    postKey(drop.id),
    async () => deps.config.DISCORD_MARKETPLACE_CHANNEL_ID,
    { ...dropPost(view), ...(file && { file: { name: "drop.png", bytes: file } }) },
    deps,
  );
  await deps.drops.recordPost(drop.id, sent);
  await keepImageAddress({ ...drop, post: sent }, deps);
}

function postKey(dropId: string): string {
  return `drop-post:${dropId}`;
}

function newDrop(
  { id, userId }: CommandUse,
  { plan, limitPerBuyer, image, ...typed }: ValuesOf<typeof dropForm>,
  { config, clock }: Pick<ShopDeps, "config" | "clock">,
): NewDrop {
  const currency = config.SHOP_CURRENCY;
  const { description = "" } = typed;
  const terms = readDropForm({ ...typed, description }, currency);
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
    hasImage: image !== undefined,
    createdAt: clock.now(),
  };
}

/**
 * The form's picture, which goes along with the post because Discord keeps it for some hours only.
 * A drop that is posted needs none any more.
 */
async function pictureOf(
  id: string,
  image: string | undefined,
  { sentMessages }: Pick<ShopDeps, "sentMessages">,
): Promise<Buffer | "gone" | undefined> {
  if (image === undefined || (await sentMessages.get(postKey(id)))) return undefined;
  return fetchPicture(image);
}

/** Why a form was not taken, with the button that shows it again as it was filled in. */
function formAgain(refusal: string, formId: string): OutgoingMessage {
  return {
    content: refusal,
    buttons: [{ label: "Fix it", id: dropFormAgain.id({ draftId: formId }), style: "primary" }],
  };
}
