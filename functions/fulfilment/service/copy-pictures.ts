import { DiscordError } from "../../../shared/clients/discord/errors.ts";
import type { OutgoingFile } from "../../../shared/clients/discord/outgoing-message.ts";
import { type SendDeps, sendDmOnce, sendOnce } from "../../../shared/discord/sending/send-once.ts";
import type { Case } from "../../shipping/domain/case.ts";
import type { Order } from "../../shop/domain/order.ts";
import { fetchPicture } from "../../shop/drops/picture.ts";
import type { Deps } from "../deps.ts";
import { picturesMessage } from "../messages/cases.ts";

/** Dependencies of copying pictures. */
export type CopyPicturesDeps = SendDeps & Pick<Deps, "casePictures" | "config" | "log" | "users">;

/** How the files of each kind of picture begin, in hexadecimal digits; a dot is any. The last word names the file. */
const KINDS = [
  [/^89504e470d0a1a0a/, "png"],
  [/^ffd8ff/, "jpg"],
  [/^47494638(?:37|39)61/, "gif"],
  [/^52494646.{8}57454250/, "webp"],
] as const;
const HEAD_BYTES = 12;

/**
 * Copies what a buyer has uploaded about an order, because Discord's addresses expire within a day: into the operators'
 * channel, and into a DM to the builder, who may accept none. Returns how many pictures could not be copied: they are
 * gone, too big or no pictures, or Discord refuses them.
 *
 * Idempotency: each message is sent once. Crash safety: a repeat finds what was sent, and remembers it.
 */
export async function copyPictures(
  { order, found }: { readonly order: Order; readonly found: Case },
  urls: readonly string[],
  deps: CopyPicturesDeps,
): Promise<number> {
  if (urls.length === 0) return 0;
  const files = await readPictures(urls);
  const missing = urls.length - files.length;
  if (files.length === 0) return missing;
  const message = { ...picturesMessage(order, missing), files };
  const key = `case-pictures:${order.id}:${found.openedUnder}`;
  try {
    const channel = async () => deps.config.DISCORD_OPERATORS_CHANNEL_ID;
    const kept = await sendOnce(key, channel, message, deps);
    await deps.casePictures.add(order.id, [kept], deps.clock.now());
    const shown = await sendDmOnce(`${key}:builder`, order.builderId, message, deps);
    if (shown) await deps.casePictures.add(order.id, [shown], deps.clock.now());
    return missing;
  } catch (error) {
    if (!(error instanceof DiscordError && error.isTerminal)) throw error;
    deps.log.error("Discord refused the pictures of a case", error, { order: order.id });
    return urls.length;
  }
}

async function readPictures(urls: readonly string[]): Promise<readonly OutgoingFile[]> {
  const read = await Promise.all(urls.map(fetchPicture));
  return read.flatMap((bytes, index) => {
    if (bytes === "gone") return [];
    const head = bytes.subarray(0, HEAD_BYTES).toString("hex");
    const kind = KINDS.find(([beginning]) => beginning.test(head))?.[1];
    return kind === undefined ? [] : [{ name: `picture-${index + 1}.${kind}`, bytes }];
  });
}
