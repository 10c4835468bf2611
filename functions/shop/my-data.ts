import * as z from "zod/mini";
import { DiscordError, type OutgoingMessage } from "../../shared/clients/discord.ts";
import type { DiscordCommand } from "../../shared/events/discord-command.ts";
import { myDataMessage, myDataTexts } from "../../shared/messages/my-data.ts";
import { sendOnce } from "../../shared/messages/send-once.ts";
import { myData } from "../../shared/privacy/my-data.ts";
import { myDataKey } from "../../shared/privacy/my-data-key.ts";
import { parseJson } from "../../shared/runtime/http.ts";
import type { ShopDeps } from "./shop-deps.ts";

/** Reading everything costs some thousand reads: so often is often enough. */
const BETWEEN_MS = 10 * 60_000;
/** Someone whose DMs were closed opens them and asks again; Discord counts each refusal against us. */
const AFTER_CLOSED_MS = 60_000;

/** That someone has asked, by which interaction, and until when that counts. */
const markSchema = z.object({ id: z.string(), untilMs: z.number() });

/**
 * `/c500 my-data`: sends the asker everything that is stored about them, as a file by DM and nowhere else.
 *
 * Idempotency: the send is recorded under the interaction's id, so a repeat says the same and sends
 * nothing; the mark that limits how often is this interaction's own. Crash safety: before the record,
 * Discord's nonce gives the same message again for some minutes; later the asker has the file twice.
 */
export async function sendMyData(
  { id, userId }: DiscordCommand,
  deps: ShopDeps,
): Promise<OutgoingMessage> {
  if (await isDataSent({ id }, deps)) return { content: myDataTexts.sent };
  const waitsUntil = await begin(id, userId, deps);
  if (waitsUntil) return { content: myDataTexts.tooSoon(waitsUntil) };
  const content = await myData(userId, deps);
  if (content === undefined) return { content: myDataTexts.nothing };
  try {
    // Whether DMs were closed before does not count: the asker may have opened them for this.
    await sendOnce(sentKey(id), () => deps.discord.openDm(userId), myDataMessage(content), deps);
    return { content: myDataTexts.sent };
  } catch (error) {
    if (!(error instanceof DiscordError && error.isClosedDm)) throw error;
    const again = await setMark(id, userId, AFTER_CLOSED_MS, deps);
    return { content: myDataTexts.closedDms(again) };
  }
}

/** Whether a request was answered with the file. */
export async function isDataSent(
  { id }: Pick<DiscordCommand, "id">,
  { sentMessages }: Pick<ShopDeps, "sentMessages">,
): Promise<boolean> {
  return (await sentMessages.get(sentKey(id))) !== undefined;
}

function sentKey(interactionId: string): string {
  return `my-data:${interactionId}`;
}

/**
 * Marks that someone asks; gives when they may ask again where another request of theirs came first. The
 * moment counts, by our clock; that Redis forgets the mark is only tidy.
 */
async function begin(id: string, userId: string, deps: ShopDeps): Promise<Date | undefined> {
  const client = await deps.redis();
  const kept = (await client.get<string>(myDataKey(userId))) ?? "";
  const mark = markSchema.safeParse(parseJson(Buffer.from(kept)));
  const until = mark.success ? new Date(mark.data.untilMs) : undefined;
  if (mark.success && mark.data.id === id) return undefined;
  if (until && deps.clock.now() < until) return until;
  await setMark(id, userId, BETWEEN_MS, deps);
  return undefined;
}

/** Keeps someone from asking again for a while; gives until when. */
async function setMark(
  id: string,
  userId: string,
  forMs: number,
  { redis, clock }: Pick<ShopDeps, "redis" | "clock">,
): Promise<Date> {
  const client = await redis();
  const untilMs = clock.now().getTime() + forMs;
  await client.set(myDataKey(userId), JSON.stringify({ id, untilMs }), { px: forMs });
  return new Date(untilMs);
}
