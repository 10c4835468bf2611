import type { ApplicationCommandOptionType } from "discord-api-types/v10";
import type { commandHandlers } from "../events/discord-command.ts";
import type { LimitName } from "../limits/limits.ts";
import { snowflakeTimeMs } from "./snowflake.ts";

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

/** Every audience a command can declare, in the order of the docs. */
export const audiences = [
  "everyone",
  "owner",
  "builder",
  "builder-or-staff",
  "host",
  "staff",
] as const;

/**
 * Who may use a command, button or form:
 * - `everyone`: anybody who can see it;
 * - `owner`: the person it belongs to, and staff where its text says so. The handler checks it, because
 *   only the handler reads the thing;
 * - `builder`: approved builders;
 * - `builder-or-staff`: approved builders and staff;
 * - `host`: people approved to host races, and staff;
 * - `staff`: managers of the community's own server.
 *
 * All but `owner` are checked before any handler runs: see `commandFunction`.
 */
export type Audience = (typeof audiences)[number];

/** How old a command may be when work on it begins, unless its definition says otherwise. */
export const MAX_COMMAND_AGE_MS = 5 * 60_000;
/**
 * The same for commands that move money at once: someone who waits in vain types such a command again
 * after about as long, and then the first must not act any more.
 */
export const MAX_MONEY_COMMAND_AGE_MS = 60_000;

/** When a command that moves money is too old to do so; checked again in the transaction that books. */
export function moneyDeadline(interactionId: string): Date {
  return new Date(snowflakeTimeMs(interactionId) + MAX_MONEY_COMMAND_AGE_MS);
}

/** What the platform checks before a command, button or form is handled. */
export interface Access {
  readonly who: Audience;
  /**
   * How old it may be when work on it begins, in milliseconds since it was used in Discord;
   * MAX_COMMAND_AGE_MS unless given. Older, it changes nothing and its user is notified.
   */
  readonly maxAgeMs?: number;
  /** It posts in the channel where it is used: refused to anyone who may not post there themselves. */
  readonly postsHere?: true;
  /**
   * How often one person may use it, checked as it arrives. Everything that pings, posts or holds stock
   * has one, or is bounded otherwise: a test wants the reason of each that has none.
   */
  readonly limit?: LimitName;
}

/**
 * One command a person can type: its words ("c500 live"), what Discord shows of it, who may use it and
 * who answers it. Routing, autocomplete, access and registration all read this table.
 */
export interface Command extends Access {
  readonly words: string;
  readonly description: string;
  readonly options: readonly CommandOption[];
  /**
   * `form`: a form is shown at once. `bid`: it is decided at once. Else "thinking…", then this
   * function finishes the answer.
   */
  readonly answeredBy: (typeof commandHandlers)[number] | "form" | "bid";
}

/** One button or form of ours. Its `custom_id` is the name, a colon and what it is about. */
export interface ButtonDefinition extends Access {
  readonly name: string;
  readonly handler: (typeof commandHandlers)[number];
}

/** A command by its words, or a button or form by its name, and what is checked before it is handled. */
export interface Control extends Access {
  readonly name: string;
  /** Whether people type it. */
  readonly isTyped: boolean;
}

/** Something people type, press or send. */
export type Definition = Command | ButtonDefinition;

/** Commands, buttons and forms as what is checked before each is handled. */
export function controlsOf(definitions: readonly Definition[]): readonly Control[] {
  return definitions.map((definition) =>
    "words" in definition
      ? { ...definition, name: definition.words, isTyped: true }
      : { ...definition, isTyped: false },
  );
}

/** What the definitions that one handler answers are called: commands by their words, others by their names. */
export type NameOf<Handler, Defined> = NameIn<
  Extract<Defined, { readonly answeredBy: Handler } | { readonly handler: Handler }>
>;

type NameIn<Defined> = Defined extends { readonly words: infer Words extends string }
  ? Words
  : Defined extends { readonly name: infer Name extends string }
    ? Name
    : never;
