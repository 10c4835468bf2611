import { DiscordError, type OutgoingMessage } from "../../../shared/clients/discord.ts";
import { cannotPostText } from "../../../shared/discord/cannot-post.ts";
import { sendOnce } from "../../../shared/discord/send-once.ts";
import type { DiscordCommand } from "../../../shared/events/discord-command.ts";
import { isTerminal } from "../../../shared/runtime/errors.ts";
import { keepImageAddress } from "../drops/drop-image.ts";
import { fetchPicture } from "../drops/picture.ts";
import { type DropView, dropOpenedText, dropPost, dropRefusalTexts } from "../messages/drops.ts";
import type { NewDrop } from "../store/drops.ts";
import { DROP_FORM_AGAIN } from "./drop-form.ts";
import type { ShopDeps } from "./shop-deps.ts";

/**
 * The drop form: puts the drop in and posts it, under the form's interaction id. A repeat finds the drop and
 * its post. Crash safety: the repeat posts it, or closes it where Discord has lost its picture by then. A
 * builder who cannot be paid yet gets the form back as it was.
 */
export async function openDrop(command: DiscordCommand, deps: ShopDeps): Promise<OutgoingMessage> {
  const builder = await deps.builders.get(command.userId);
  const isMade = (await deps.drops.get(command.id)) !== undefined;
  if (!builder || (!isMade && builder.account?.state !== "ACTIVE")) {
    return formAgain(dropRefusalTexts["no-account"], command.id);
  }

  const file = await pictureOf(command, deps);
  if (file === "gone") {
    if (isMade) await closeUnposted(command.id, command.userId, deps);
    return formAgain(dropRefusalTexts["picture-gone"], command.id);
  }
  const channelId = deps.config.DISCORD_MARKETPLACE_CHANNEL_ID;
  const drop = newDrop(command, deps);
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

function newDrop({ id, userId, options }: DiscordCommand, deps: ShopDeps): NewDrop {
  return {
    id,
    builderId: userId,
    title: String(options["title"]),
    description: String(options["description"] ?? ""),
    price: Number(options["price"]),
    currency: deps.config.SHOP_CURRENCY,
    plan: options["plan"] === "held" ? "held" : "split",
    stock: Number(options["quantity"]),
    limitPerBuyer: Number(options["limitPerBuyer"]),
    hasImage: options["imageUrl"] !== undefined,
    createdAt: deps.clock.now(),
  };
}

/**
 * The form's picture, which goes along with the post because Discord keeps it for some hours only.
 * A drop that is posted needs none any more.
 */
async function pictureOf(
  { id, options }: DiscordCommand,
  { sentMessages }: Pick<ShopDeps, "sentMessages">,
): Promise<Buffer | "gone" | undefined> {
  const url = options["imageUrl"];
  if (url === undefined || (await sentMessages.get(postKey(id)))) return undefined;
  return fetchPicture(String(url));
}

/** Why a form was not taken, with the button that shows it again as it was filled in. */
export function formAgain(refusal: string, formId: string): OutgoingMessage {
  return {
    content: refusal,
    buttons: [{ label: "Fix it", id: `${DROP_FORM_AGAIN}:${formId}`, style: "primary" }],
  };
}
