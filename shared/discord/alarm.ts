import type { OutgoingMessage } from "../clients/discord.ts";
import { colours } from "./theme.ts";

/** What the operators read when something needs them. */
export function alarm(title: string, description: string): OutgoingMessage {
  return { embeds: [{ title, color: colours.rose, description }] };
}
