import type { OutgoingMessage } from "../../clients/discord/outgoing-message.ts";
import { colours } from "../theme.ts";

/** A message to the operators about something that needs their attention. */
export function alarm(title: string, description: string): OutgoingMessage {
  return { embeds: [{ title, color: colours.rose, description }] };
}
