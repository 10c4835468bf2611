import { DiscordError } from "../../../shared/clients/discord.ts";
import { type AnswerDeps, answerInteraction } from "../../../shared/discord/answer-interaction.ts";
import { sendOnce } from "../../../shared/discord/send-once.ts";
import { readId } from "../../../shared/documents/outside-id.ts";
import {
  type DiscordCommand,
  discordCommandReceived,
} from "../../../shared/events/discord-command.ts";
import {
  type DeadLetter,
  messageDeadLettered,
} from "../../../shared/events/message-dead-lettered.ts";
import { fromWire } from "../../../shared/events/wire.ts";
import { NewerVersionError } from "../../../shared/runtime/errors.ts";
import { parseJson } from "../../../shared/runtime/http.ts";
import { messageSubscriber, type PushedMessage } from "../../../shared/runtime/subscriber.ts";
import { currentSpan } from "../../../shared/runtime/trace.ts";
import type { Deps } from "../deps.ts";
import { deadLetterNotice } from "../messages/dead-letters.ts";

type DeadLetterDeps = AnswerDeps & Pick<Deps, "deadLetters" | "config" | "payouts" | "refunds">;

const SORRY =
  "I'm sorry: that didn't work, and trying again didn't help. I've saved your request and notified the team, who will look into it.";

/** Money that has been decided on moves without anybody's asking again: a second command would be a second one. */
const GOES_ON = {
  payout:
    "The money has left the wallet, but not everything after that has worked yet. I go on with it by myself and tell you how it ends. **Don't run it again**: that would be another payout.",
  refund:
    "The refund is decided, but not everything after that has worked yet. I go on with it by myself. **Don't run it again**: that would be another refund.",
} as const;

/** https://cloud.google.com/pubsub/docs/handling-failures#dead_letter_topic */
const SOURCE_SUBSCRIPTION = "CloudPubSubDeadLetterSourceSubscription";
const DELIVERY_COUNT = "CloudPubSubDeadLetterSourceDeliveryCount";

/**
 * Stores what failed for good, and notifies the operators' channel and the person who asked for it: events a
 * function refused for good, and messages Pub/Sub gave up on.
 *
 * A second delivery finds the document and the notice under the same id. What an operator has sent
 * again and what failed again opens its dead letter again, and is reported again. If the channel cannot be
 * written to, the document is still kept; its log line is the alert. No error here is terminal:
 * the place for such messages is this very topic.
 */
export const handler = messageSubscriber(async (message, deps: DeadLetterDeps) => {
  const received = toDeadLetter(message);
  const deadLetter = withoutSecrets(received);
  const traceId = currentSpan()?.traceId;
  const channel = async () => deps.config.DISCORD_OPERATORS_CHANNEL_ID;
  try {
    const id = await deps.deadLetters.keep(deadLetter, traceId, deps.clock.now());
    const fields = { event: "dead-letter-kept", deadLetter: id, from: deadLetter.functionName };
    deps.log.warn("A dead letter was kept", fields);
    const notice = deadLetterNotice({ ...deadLetter, id }, traceId);
    await sendOnce(`dead-letter:${deadLetter.id}`, channel, notice, deps);
  } catch (error) {
    if (!(error instanceof DiscordError && error.isUnusableChannel)) {
      throw new Error("A dead letter was not kept", { cause: error });
    }
    const fields = { event: "operators-unreached", deadLetter: deadLetter.id };
    deps.log.error("The operators' channel cannot be written to", error, fields);
  }
  await answerAsker(received, deps);
});

/** The person whose command failed for good still sees "thinking…". */
async function answerAsker(deadLetter: DeadLetter, deps: DeadLetterDeps): Promise<void> {
  const command = fromWire(discordCommandReceived, parseJson(Buffer.from(deadLetter.body)));
  if (!command.ok) return;
  const { id, userId, token } = command.payload;
  // As a DM it has a name of its own: what is sent again may still have an answer.
  const asker = { id: `sorry.${id}`, userId, token };
  try {
    const goesOn = await whatGoesOn(command.payload, deps);
    await answerInteraction(asker, { content: goesOn ? GOES_ON[goesOn] : SORRY }, deps);
  } catch (error) {
    deps.log.error("Nobody could tell the asker", error, { deadLetter: deadLetter.id });
  }
}

/** What a command that failed in the end had decided on before. */
async function whatGoesOn(
  { id, options }: DiscordCommand,
  { payouts, refunds }: Pick<Deps, "payouts" | "refunds">,
): Promise<keyof typeof GOES_ON | undefined> {
  if (await payouts.get(id)) return "payout";
  const orderId = readId(options["order"]);
  return orderId && (await refunds.get(orderId, id)) ? "refund" : undefined;
}

/**
 * An interaction's token would let anyone who reads the dead letter answer in our name, and a payout's code
 * is money.
 */
function withoutSecrets(deadLetter: DeadLetter): DeadLetter {
  const secrets = /("(?:token|code)"\s*:\s*")(?:[^"\\]|\\.)*"/g;
  return { ...deadLetter, body: deadLetter.body.replace(secrets, '$1removed"') };
}

function toDeadLetter(message: PushedMessage): DeadLetter {
  const source = message.attributes[SOURCE_SUBSCRIPTION];
  if (!source) {
    const refused = fromWire(messageDeadLettered, parseJson(message.data));
    if (refused.ok) return refused.payload;
    if (refused.why === "newer") {
      const { version } = messageDeadLettered;
      throw new NewerVersionError("A dead letter", refused.version, version);
    }
  }
  const attempts = message.attributes[DELIVERY_COUNT] ?? "an unknown number of";
  return {
    id: `${source ?? message.subscription}.${message.id}`,
    functionName: source ?? "an unknown function",
    reason: `Not handled after ${attempts} attempts.`,
    attributes: message.attributes,
    body: message.data.toString("utf8"),
  };
}
