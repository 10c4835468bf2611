import type { ApplicationCommandOptionType } from "discord-api-types/v10";
import type { commandHandlers } from "../events/discord-command.ts";

/** Discord's numbers of the options we use. */
export const OptionType = {
  string: 3,
  integer: 4,
  boolean: 5,
  user: 6,
  attachment: 11,
} as const satisfies Record<string, ApplicationCommandOptionType>;

/** One option of a command, in the words Discord registers it with. */
export interface CommandOption {
  readonly name: string;
  readonly description: string;
  readonly type: (typeof OptionType)[keyof typeof OptionType];
  readonly required?: boolean;
  readonly choices?: readonly { readonly name: string; readonly value: string }[];
  readonly autocomplete?: boolean;
  readonly max_length?: number;
  readonly min_value?: number;
  readonly max_value?: number;
}

/**
 * One command a person can type: its words ("c500 live"), what Discord shows of it, and who answers
 * it. Routing, autocomplete and registration all read this table.
 */
export interface Command {
  readonly words: string;
  readonly description: string;
  readonly options: readonly CommandOption[];
  /** Discord shows it to the server's managers alone; whoever finishes it checks for itself. */
  readonly isForStaff?: true;
  /**
   * `form`: a form is shown at once. `bid`: it is decided at once. Else "thinking…", then this
   * function finishes the answer.
   */
  readonly answeredBy: (typeof commandHandlers)[number] | "form" | "bid";
}

/** One button of ours. Its `custom_id` is the name, a colon and the target's id. */
export interface ButtonDefinition {
  readonly name: string;
  readonly handler: (typeof commandHandlers)[number];
}
