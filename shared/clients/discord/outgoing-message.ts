import type { APIEmbed } from "discord-api-types/v10";
import { isPseudonym, withoutForgotten } from "../../discord/pseudonym.ts";

/** An outgoing message. It pings only the ids in `pings`. */
export interface OutgoingMessage {
  readonly content?: string;
  readonly embeds?: readonly APIEmbed[];
  readonly buttons?: readonly Button[];
  /** A list above the buttons, of which one option can be chosen. */
  readonly select?: Select;
  /** Sent along; embeds show them as `attachment://NAME`. An edit with files replaces those that were there. */
  readonly files?: readonly OutgoingFile[];
  readonly pings?: { readonly users?: readonly string[]; readonly roles?: readonly string[] };
}

/** A file that is sent along with a message. */
export interface OutgoingFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** A button under a message: one that sends us an interaction, or one that opens a page. */
export type Button = { readonly label: string; readonly disabled?: boolean } & (
  | { readonly id: string; readonly style: keyof typeof BUTTON_STYLES }
  | { readonly url: string }
);

/**
 * A list under a message: at most 25 options, with labels and values of up to 100 characters, and a placeholder of up
 * to 150. https://discord.com/developers/docs/components/reference#string-select
 */
export interface Select {
  readonly id: string;
  /** What it shows until something is chosen. */
  readonly placeholder: string;
  readonly options: readonly SelectOption[];
}

/** One thing to choose. */
export interface SelectOption {
  readonly label: string;
  readonly value: string;
  readonly description?: string;
}

/** https://discord.com/developers/docs/components/reference#button-button-styles */
const BUTTON_STYLES = { primary: 1, secondary: 2, success: 3, danger: 4 } as const;
const LINK_STYLE = 5;
const ACTION_ROW = 1;
const BUTTON = 2;
const STRING_SELECT = 3;

/** The body of a call that sends or edits a message. People who asked to be forgotten are left out. */
export function messageBody(message: OutgoingMessage) {
  return {
    content: withoutForgotten(message.content ?? ""),
    embeds: JSON.parse(withoutForgotten(JSON.stringify(message.embeds ?? []))),
    components: [...selectRow(message.select), ...toRows(message.buttons ?? [])],
    // Attachments are named by their index among the files. Earlier files that are not listed are removed.
    ...(message.files && {
      attachments: message.files.map(({ name }, index) => ({ id: index, filename: name })),
    }),
    allowed_mentions: {
      parse: [],
      users: (message.pings?.users ?? []).filter((id) => !isPseudonym(id)),
      roles: message.pings?.roles ?? [],
    },
  };
}

/** A select occupies a whole row. */
function selectRow(select: Select | undefined) {
  if (!select) return [];
  const { id, placeholder, options } = select;
  const component = { type: STRING_SELECT, custom_id: id, placeholder, options };
  return [{ type: ACTION_ROW, components: [component] }];
}

/** One row: we never show more than five buttons. */
function toRows(buttons: readonly Button[]) {
  if (buttons.length === 0) return [];
  const components = buttons.map((button) => ({
    type: BUTTON,
    label: button.label,
    disabled: button.disabled ?? false,
    ...("url" in button
      ? { style: LINK_STYLE, url: button.url }
      : { style: BUTTON_STYLES[button.style], custom_id: button.id }),
  }));
  return [{ type: ACTION_ROW, components }];
}
