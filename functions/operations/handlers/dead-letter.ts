import { DiscordError } from "../../../shared/clients/discord/errors.ts";
import { readValues } from "../../../shared/discord/definitions/values.ts";
import { answerInteraction } from "../../../shared/discord/sending/answer-interaction.ts";
import { sendOnce } from "../../../shared/discord/sending/send-once.ts";
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
import {
  messageSubscriber,
  type PushedMessage,
} from "../../../shared/runtime/delivery/subscriber.ts";
import { NewerVersionError } from "../../../shared/runtime/errors.ts";
import { parseJson } from "../../../shared/runtime/http.ts";
import { currentSpan } from "../../../shared/runtime/trace.ts";
import { refundCommand } from "../../shop/commands/refund.ts";
import type { DeadLetterDeps } from "../dead-letter-deps.ts";
import { deadLetterNotice } from "../messages/dead-letters.ts";

const SORRY =
  "I'm sorry: that didn't work, and trying again didn't help. I've saved your request and notified the team, who will look into it.";

/** Payouts and refunds continue by themselves once decided: a second command would be a second payment. */
const GOES_ON = {
  payout:
    "The money has left the wallet, but not everything after that has worked yet. I go on with it by myself and tell you how it ends. **Don't run it again**: that would be another payout.",
  refund:
    "The refund is decided, but not everything after that has worked yet. I go on with it by myself; the order's builder is notified of how it ends. **Don't run it again**: that would be another refund.",
} as const;

/** https://cloud.google.com/pubsub/docs/handling-failures#dead_letter_topic */
const SOURCE_SUBSCRIPTION = "CloudPubSubDeadLetterSourceSubscription";
const DELIVERY_COUNT = "CloudPubSubDeadLetterSourceDeliveryCount";

/**
 * Stores permanent failures, which are events that a function refused and messages that Pub/Sub gave up on, and
 * notifies the operators' channel and the person whose command failed.
 *
 * Idempotency: a second delivery finds the document and the notice under the same id. A failed replay reopens its dead
 * letter and is reported again. If the channel cannot be written to, the document is still stored, and the log line is
 * the alert. No error here is terminal, because terminal failures are published to this very topic.
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

/** Answers the person whose command failed permanently, who still sees "thinking…". */
async function answerAsker(deadLetter: DeadLetter, deps: DeadLetterDeps): Promise<void> {
  const command = fromWire(discordCommandReceived, parseJson(Buffer.from(deadLetter.body)));
  if (!command.ok) return;
  const { id, userId, token } = command.payload;
  // A DM gets its own key, because a replay of the command may still be answered.
  const asker = { id: `sorry.${id}`, userId, token };
  try {
    const payment = await decidedPayment(command.payload, deps);
    await answerInteraction(asker, { content: payment ? GOES_ON[payment] : SORRY }, deps);
  } catch (error) {
    deps.log.error("The asker was not answered", error, { deadLetter: deadLetter.id });
  }
}

/** The payment that a failed command had already decided on, if any. */
async function decidedPayment(
  { id, command, options }: DiscordCommand,
  { payouts, refunds }: Pick<DeadLetterDeps, "payouts" | "refunds">,
): Promise<keyof typeof GOES_ON | undefined> {
  if (await payouts.get(id)) return "payout";
  if (command !== refundCommand.name) return undefined;
  const orderId = readId(readValues(refundCommand.options, options)?.order);
  const refund = orderId === undefined ? undefined : await refunds.get(orderId, id);
  return refund && refund.state !== "failed" ? "refund" : undefined;
}

/**
 * Removes secrets: an interaction's token lets anyone who reads the dead letter answer in our name, and a payout's
 * code is as good as money.
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
