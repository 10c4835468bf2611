import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { colours, oneLine } from "../../../shared/discord/theme.ts";
import type { DeadLetter } from "../../../shared/events/message-dead-lettered.ts";

/** Notifies the operators that a message could not be handled, and where it is stored. */
export function deadLetterNotice(
  deadLetter: DeadLetter,
  traceId: string | undefined,
): OutgoingMessage {
  const reason = oneLine(deadLetter.reason, 1000);
  const next = deadLetter.isReport
    ? "Deal with it, then close it with `./dev ops dead-letters discard`."
    : "Fix the cause, then send it again with `./dev ops dead-letters replay`.";
  const trace = traceId ? ` What happened before: \`./dev ops trace ${traceId}\`.` : "";
  return {
    embeds: [
      {
        title: `A message for ${deadLetter.functionName} could not be handled`,
        description: `${reason}\n\nIt is stored as \`dead_letters/${deadLetter.id}\`. ${next}${trace}`,
        color: colours.rose,
      },
    ],
  };
}
