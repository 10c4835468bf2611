import type { OutgoingMessage } from "../clients/discord.ts";
import type { DeadLetter } from "../events/message-dead-lettered.ts";
import { colours, oneLine } from "./theme.ts";

/** Tells the operators that a message could not be handled and where it is kept. */
export function deadLetterNotice(letter: DeadLetter): OutgoingMessage {
  const reason = oneLine(letter.reason, 1000);
  return {
    embeds: [
      {
        title: `A message for ${letter.functionName} could not be handled`,
        description: `${reason}\n\nIt is kept as \`dead_letters/${letter.id}\`. Mend the cause, then send it again.`,
        color: colours.rose,
      },
    ],
  };
}

/** Tells the operators that Twitch has stopped telling us about a channel. */
export function revocationNotice(
  broadcasterId: string,
  subscriptionType: string,
  reason: string,
): OutgoingMessage {
  return {
    embeds: [
      {
        title: "Twitch ended an EventSub subscription",
        description: `\`${subscriptionType}\` of Twitch user ${broadcasterId}: ${oneLine(reason, 200)}. Until it is made again their live status is not kept; \`/c500 live\` works as before.`,
        color: colours.rose,
      },
    ],
  };
}
