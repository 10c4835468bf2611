import { DiscordError } from "../../shared/clients/discord.ts";
import { type DeadLetter, messageDeadLettered } from "../../shared/events/message-dead-lettered.ts";
import { deadLetterNotice } from "../../shared/messages/operators.ts";
import { type SendDeps, sendOnce } from "../../shared/messages/send-once.ts";
import type { Deps } from "../../shared/runtime/deps.ts";
import { parseJson } from "../../shared/runtime/http.ts";
import { messageSubscriber, type PushedMessage } from "../../shared/runtime/subscriber.ts";

type DeadLetterDeps = SendDeps & Pick<Deps, "deadLetters" | "config" | "log">;

/** https://cloud.google.com/pubsub/docs/handling-failures#dead_letter_topic */
const SOURCE_SUBSCRIPTION = "CloudPubSubDeadLetterSourceSubscription";
const DELIVERY_COUNT = "CloudPubSubDeadLetterSourceDeliveryCount";

/**
 * Keeps what could not be done and tells the operators' channel: events a function refused for
 * good, and messages Pub/Sub gave up on.
 *
 * A second delivery finds the document and the notice under the same id. If the channel can not be
 * written to, the document is still kept; its log line is the alert. No error here is terminal:
 * the place for such messages is this very topic.
 */
export const handler = messageSubscriber(async (message, deps: DeadLetterDeps) => {
  const letter = withoutToken(toDeadLetter(message));
  const channel = async () => deps.config.DISCORD_OPERATORS_CHANNEL_ID;
  try {
    await deps.deadLetters.keep(letter, deps.clock.now());
    await sendOnce(`dead-letter:${letter.id}`, channel, deadLetterNotice(letter), deps);
  } catch (error) {
    if (!(error instanceof DiscordError && error.isUnusableChannel)) {
      throw new Error("A dead letter was not kept", { cause: error });
    }
    deps.log.error("The operators' channel can not be written to", error, { letter: letter.id });
  }
});

/** An interaction's token would let anyone who reads the letter answer in our name. */
function withoutToken(letter: DeadLetter): DeadLetter {
  return { ...letter, body: letter.body.replace(/("token":")[^"]*"/g, '$1removed"') };
}

function toDeadLetter(message: PushedMessage): DeadLetter {
  const source = message.attributes[SOURCE_SUBSCRIPTION];
  if (!source) {
    const refused = messageDeadLettered.schema.safeParse(parseJson(message.data));
    if (refused.success) return refused.data;
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
