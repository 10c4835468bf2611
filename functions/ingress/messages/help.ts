import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { colours } from "../../../shared/discord/theme.ts";

/** The commands of one feature that someone may use. */
export interface HelpGroup {
  readonly title: string;
  readonly commands: readonly { readonly words: string; readonly description: string }[];
}

const GREETING =
  "Hi! Here is what you can do. Type `/` and the first letters, and Discord shows you what each command takes.";

/** The commands that someone may use, feature by feature. */
export function helpText(groups: readonly HelpGroup[]): OutgoingMessage {
  return {
    content: GREETING,
    embeds: groups.map(({ title, commands }) => ({
      title,
      color: colours.gold,
      description: commands
        .map(({ words, description }) => `\`/${words}\` ${description}`)
        .join("\n"),
    })),
  };
}
