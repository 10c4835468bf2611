import { DiscordError, type OutgoingMessage } from "../../shared/clients/discord.ts";
import { DROP_FORM_AGAIN } from "../../shared/commands/drop-form.ts";
import type { DiscordCommand } from "../../shared/events/discord-command.ts";
import { dropOpenedText, dropPost, dropRefusalTexts } from "../../shared/messages/drops.ts";
import { cannotPostText } from "../../shared/messages/go-live.ts";
import { sendOnce } from "../../shared/messages/send-once.ts";
import { TerminalError } from "../../shared/runtime/errors.ts";
import { keepImageAddress } from "../../shared/shop/drop-image.ts";
import type { NewDrop } from "../../shared/store/drops.ts";
import type { ShopDeps } from "./shop-deps.ts";

const IMAGE_TIMEOUT_MS = 10_000;
const MAX_IMAGE_BYTES = 8_000_000;

/**
 * The drop form: puts the drop in and posts it, under the form's interaction id. A repeat finds the
 * drop and its post. Dying in between: the repeat posts it. A builder who can not be paid yet gets
 * the form back as it was.
 */
export async function openDrop(command: DiscordCommand, deps: ShopDeps): Promise<OutgoingMessage> {
  const builder = await deps.builders.get(command.userId);
  if (!builder) return refusal("unknown-builder", command.id);
  if (builder.account?.state !== "ACTIVE") return refusal("no-account", command.id);

  const channelId = deps.config.DISCORD_MARKETPLACE_CHANNEL_ID;
  const drop = newDrop(command, deps);
  await deps.drops.create(drop);
  const stored = await deps.drops.get(drop.id);
  if (!stored) throw new Error(`Drop ${drop.id} was created and is not there.`);
  const stock = await deps.drops.stockLevel(drop.id);
  const post = dropPost({ drop: stored, stock, builder });
  try {
    const file = drop.hasImage && (await fetchImage(String(command.options["imageUrl"])));
    const sent = await sendOnce(
      `drop-post:${drop.id}`,
      async () => channelId,
      { ...post, ...(file && { file: { name: "drop.png", bytes: file } }) },
      deps,
    );
    await deps.drops.recordPost(drop.id, sent);
    await keepImageAddress({ ...stored, post: sent }, deps);
  } catch (error) {
    if (!(error instanceof DiscordError && error.isUnusableChannel)) throw error;
    await deps.drops.change(drop.id, drop.builderId, { kind: "close" }, `${drop.id}.unposted`);
    return { content: cannotPostText(channelId) };
  }
  return { content: dropOpenedText(stored, channelId) };
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

/** Discord keeps a form's files for some hours, so the picture goes along with the post. */
async function fetchImage(url: string): Promise<Buffer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(IMAGE_TIMEOUT_MS) });
  if (response.status === 404 || response.status === 403) {
    throw new TerminalError("The picture of a drop is no longer there.");
  }
  if (!response.ok) throw new Error(`The picture of a drop answered ${response.status}.`);
  const bytes = Buffer.from(await response.arrayBuffer());
  if (bytes.length > MAX_IMAGE_BYTES)
    throw new TerminalError("The picture of a drop is too large.");
  return bytes;
}

function refusal(reason: "unknown-builder" | "no-account", formId: string): OutgoingMessage {
  return {
    content: dropRefusalTexts[reason],
    buttons: [{ label: "Mend it", id: `${DROP_FORM_AGAIN}:${formId}`, style: "primary" }],
  };
}
