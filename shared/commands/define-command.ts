import type { ApplicationCommandOptionType } from "discord-api-types/v10";

/** One option of a command, in the words Discord registers it with. */
export interface CommandOption {
  readonly name: string;
  readonly description: string;
  readonly type: ApplicationCommandOptionType.String;
  readonly required?: boolean;
  readonly choices?: readonly { readonly name: string; readonly value: string }[];
  readonly autocomplete?: boolean;
  readonly max_length?: number;
}

/**
 * One command a person can type: its words ("c500 live"), what Discord shows of it, and how it is
 * answered. Routing, autocomplete and registration all read this table.
 */
export interface Command {
  readonly words: string;
  readonly description: string;
  readonly options: readonly CommandOption[];
  /** `deferred`: "thinking…", then a subscriber of `discord-commands` finishes the answer. */
  readonly answer: "deferred";
  /** Whether only the asker sees the answer. */
  readonly ephemeral: boolean;
}
