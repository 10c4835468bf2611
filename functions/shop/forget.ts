import { randomBytes } from "node:crypto";
import type { OutgoingMessage } from "../../shared/clients/discord.ts";
import { pseudonymOf } from "../../shared/domain/pseudonym.ts";
import { snowflakeTimeMs } from "../../shared/domain/snowflake.ts";
import type { DiscordCommand } from "../../shared/events/discord-command.ts";
import { forgetQuestion, forgetTexts, stillOpenAnswer } from "../../shared/messages/forgetting.ts";
import { stillOpenNotice } from "../../shared/messages/operators.ts";
import { sendOnce } from "../../shared/messages/send-once.ts";
import { REST_MS, scheduleForgetting } from "../../shared/privacy/forget-person.ts";
import { givenUp, openAffairs } from "../../shared/privacy/open-affairs.ts";
import type { ShopDeps } from "./shop-deps.ts";

/** So many bits nobody guesses, and no two people draw the same. */
const PSEUDONYM_BYTES = 12;
/** A task that was lost by then is the sweeper's. */
const GRACE_MS = 5 * 60_000;

/**
 * `/c500 forget me`: says what would be removed and what kept, with a button; or what is still open, which
 * the operators read too. Changes nothing.
 */
export async function askToForget(
  { id, userId }: DiscordCommand,
  deps: ShopDeps,
): Promise<OutgoingMessage> {
  if (await deps.forgettings.get(userId)) return { content: forgetTexts.underWay };
  const affairs = await openAffairs(userId, deps);
  if (affairs.length > 0) {
    const operators = async () => deps.config.DISCORD_OPERATORS_CHANNEL_ID;
    await sendOnce(`forget-refused:${id}`, operators, stillOpenNotice(userId, affairs), deps);
    return stillOpenAnswer(affairs);
  }
  const isBuilder = (await deps.builders.get(userId)) !== undefined;
  return forgetQuestion(userId, { isBuilder, lost: await givenUp(userId, deps) });
}

/**
 * The press of the red button, by the person themselves: draws a pseudonym and asks for the work. Again
 * it says that it is under way; so late that it may be over, nothing begins.
 */
export async function beginToForget(
  { id, token, userId, options }: DiscordCommand,
  deps: ShopDeps,
): Promise<OutgoingMessage> {
  const { forgettings, builders, clock } = deps;
  if (options["target"] !== userId) return { content: forgetTexts.notYours };
  const nowMs = clock.now().getTime();
  if (nowMs - snowflakeTimeMs(id) >= REST_MS) return { content: forgetTexts.tooOld };
  const known = await forgettings.get(userId);
  if (known && known.interactionId !== id) return { content: forgetTexts.underWay };
  if (!known) {
    const affairs = await openAffairs(userId, deps);
    if (affairs.length > 0) return stillOpenAnswer(affairs);
    await forgettings.begin({
      ...{ userId, pseudonym: pseudonymOf(randomBytes(PSEUDONYM_BYTES)) },
      ...{ interactionId: id, interactionToken: token },
      twitchUserId: (await builders.get(userId))?.twitchUserId,
      dueAt: new Date(nowMs + GRACE_MS),
    });
  }
  await scheduleForgetting(userId, clock.now(), deps);
  return { content: forgetTexts.begun };
}
