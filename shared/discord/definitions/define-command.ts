import type { CommandHandler } from "../../events/discord-command.ts";
import type { LimitName } from "../../limits/limits.ts";
import { snowflakeTimeMs } from "../snowflake.ts";
import { type Identified, type snowflake, writeCustomId } from "./custom-id.ts";
import type { OptionDefinitions } from "./options.ts";
import type { PlainValues, ValueRule, ValueRules, Values } from "./values.ts";

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
 * Who may use a command, button, select or form:
 * - `everyone`: everyone who can see it;
 * - `owner`: the owner of the thing it is about, and staff where its text says so. The handler checks this, because
 *   only the handler reads the thing;
 * - `builder`: approved builders;
 * - `builder-or-staff`: approved builders and staff;
 * - `host`: people approved to host races, and staff;
 * - `staff`: managers of the community's own server.
 *
 * All except `owner` are checked before any handler runs: see `commandFunction`.
 */
export type Audience = (typeof audiences)[number];

/** How old a command may be when work on it begins, unless its definition says otherwise. */
export const MAX_COMMAND_AGE_MS = 5 * 60_000;
/**
 * The same for commands that move money: people who get no answer type such a command again after about this time, and
 * from then on the first one must not act.
 */
export const MAX_MONEY_COMMAND_AGE_MS = 60_000;

/** When a command that moves money is too old to do so; checked again in the transaction that books. */
export function moneyDeadline(interactionId: string): Date {
  return new Date(snowflakeTimeMs(interactionId) + MAX_MONEY_COMMAND_AGE_MS);
}

/** What the platform checks before a command, button, select or form is handled. */
export interface Access {
  readonly who: Audience;
  /**
   * How old it may be when work on it begins, in milliseconds since it was used in Discord; by default
   * MAX_COMMAND_AGE_MS. An older one changes nothing, and its user is notified.
   */
  readonly maxAgeMs?: number;
  /** Whether it posts in the channel where it is used: it is then refused to people who may not post there. */
  readonly postsHere?: true;
  /**
   * How often one person may use it, checked on arrival. Everything that pings, posts or holds stock has a limit, or
   * is bounded in another way; a test requires a reason for each without one.
   */
  readonly limit?: LimitName;
}

/**
 * How a command, button, select or form is answered: by one of these functions, after "thinking…"; or at once, with a
 * form, with a form as it was sent before (`draft`), or with what became of a bid. A select is answered by a function or
 * with a form.
 */
export type AnsweredBy = CommandHandler | "form" | "draft" | "bid";

/** A form that is shown at once, and what it is about. */
export interface Shown {
  readonly form: FormDefinition;
  readonly parts: PlainValues;
}

/**
 * One command that people type. Registration, routing, the reading of its options, suggestions, access, help and the
 * reference are derived from it.
 */
export interface CommandDefinition<
  Words extends string = string,
  Options extends OptionDefinitions = OptionDefinitions,
  Answer extends AnsweredBy = AnsweredBy,
> extends Access {
  readonly kind: "command";
  /** Its name in events and logs: its words. */
  readonly name: Words;
  /** As it is typed: "c500 live". */
  readonly words: Words;
  readonly description: string;
  readonly options: Options;
  readonly answeredBy: Answer;
  /**
   * The form that answers it, or why an option is invalid; undefined if its function answers. `now`: when it was used.
   */
  opens?(options: Values<Options>, now: Date): Shown | string | undefined;
}

/** One button. Its `custom_id` is written and read by its parts. */
export interface ButtonDefinition<
  Name extends string = string,
  Parts extends ValueRules = ValueRules,
  Answer extends AnsweredBy = AnsweredBy,
> extends Access,
    Identified<Parts> {
  readonly kind: "button";
  readonly name: Name;
  readonly answeredBy: Answer;
  /** The form that answers it, if any. */
  opens?(parts: Values<Parts>): Shown;
  /** The `custom_id` of the button about something. */
  id(parts: Values<Parts>): string;
}

/** The rule for the chosen value of a select. */
type ChosenRule = ValueRule & { readonly required: true };

/**
 * One select: a list under a message from which people choose one option. Its `custom_id` is written and read by its
 * parts, as a button's; `chosen` says what an option's value must be, whatever the message offered.
 */
export interface SelectDefinition<
  Name extends string = string,
  Parts extends ValueRules = ValueRules,
  Chosen extends ChosenRule = ChosenRule,
  Answer extends CommandHandler | "form" = CommandHandler | "form",
> extends Access,
    Identified<Parts> {
  readonly kind: "select";
  readonly name: Name;
  readonly chosen: Chosen;
  readonly answeredBy: Answer;
  /** The form that answers it, if any. */
  opens?(values: Values<Parts & { readonly chosen: Chosen }>): Shown;
  /** The `custom_id` of the select about something. */
  id(parts: Values<Parts>): string;
}

/** A field of a form: the rule for its value, and how Discord shows it. A long text has several lines. */
export type FieldDefinition = Extract<ValueRule, { readonly kind: "text" | "picture" }> & {
  readonly label: string;
  readonly description?: string;
  readonly placeholder?: string;
  readonly isLong?: true;
};

/** The fields of a form by their names. A form has at most five. */
export type FieldDefinitions = Readonly<Record<string, FieldDefinition>>;

/** The texts typed into a form, by the names of its fields. */
export type TypedTexts = Readonly<Record<string, string>>;

/** One form. Its parts identify what it is about; people fill in its fields. */
export interface FormDefinition<
  Name extends string = string,
  Parts extends ValueRules = ValueRules,
  Fields extends FieldDefinitions = FieldDefinitions,
  Answer extends AnsweredBy = AnsweredBy,
> extends Access,
    Identified<Parts> {
  readonly kind: "form";
  readonly name: Name;
  readonly fields: Fields;
  readonly answeredBy: Answer;
  /** Its title. */
  title(parts: Values<Parts>): string;
  /** The name of the source of its initial texts, like `suggest` of an option; without it the form is empty. */
  readonly filledBy?: string;
  /** All mistakes in the typed texts, with the names of the form's fields. */
  problems?(typed: TypedTexts, shopCurrency: string): readonly string[];
  /** For an hour this button shows the submitted form again; later this command shows an empty one. */
  readonly draft?: {
    readonly button: ButtonDefinition<string, { readonly draftId: typeof snowflake }, "draft">;
    readonly command: string;
  };
}

/** Any definition: a command, a button, a select or a form. */
export type Definition = CommandDefinition | ButtonDefinition | SelectDefinition | FormDefinition;

/** The values that people give to it. */
export type InputsOf<Defined> = Defined extends {
  readonly kind: "command";
  readonly options: infer Options;
}
  ? Options
  : Defined extends {
        readonly kind: "form";
        readonly parts: infer Parts;
        readonly fields: infer Fields;
      }
    ? Parts & Fields
    : Defined extends {
          readonly kind: "select";
          readonly parts: infer Parts;
          readonly chosen: infer Chosen;
        }
      ? Parts & { readonly chosen: Chosen }
      : Defined extends { readonly kind: "button"; readonly parts: infer Parts }
        ? Parts
        : never;

/**
 * The values of a command's options, a button's parts, a select's parts and what was `chosen`, or a form's parts and
 * fields.
 */
export type ValuesOf<Defined> = Values<InputsOf<Defined>>;

/** A definition that is answered with a form says which. */
type Opening<Answer> = Answer extends "form" ? { readonly opens: unknown } : unknown;

/** Who may use what is answered at once: there is no time to read approvals from Firestore. */
type AtOnce<Answer> = Answer extends CommandHandler
  ? unknown
  : { readonly who: "everyone" | "owner" | "staff" };

/** Defines a command. */
export function defineCommand<
  const Words extends string,
  const Options extends OptionDefinitions,
  const Answer extends AnsweredBy,
>(
  definition: Omit<CommandDefinition<Words, Options, Answer>, "kind" | "name"> & Opening<Answer>,
): CommandDefinition<Words, Options, Answer> {
  return { kind: "command", name: definition.words, ...definition };
}

/** Defines a button. */
export function defineButton<
  const Name extends string,
  const Parts extends ValueRules,
  const Answer extends AnsweredBy,
>(
  definition: Omit<ButtonDefinition<Name, Parts, Answer>, "kind" | "id"> &
    Opening<Answer> &
    AtOnce<Answer>,
): ButtonDefinition<Name, Parts, Answer> {
  const id = (parts: Values<Parts>) => writeCustomId<Parts>(definition, parts);
  return { kind: "button", ...definition, id };
}

/** Defines a select. No part of it can be called `chosen`. */
export function defineSelect<
  const Name extends string,
  const Parts extends ValueRules & { readonly chosen?: never },
  const Chosen extends ChosenRule,
  const Answer extends CommandHandler | "form",
>(
  definition: Omit<SelectDefinition<Name, Parts, Chosen, Answer>, "kind" | "id"> &
    Opening<Answer> &
    AtOnce<Answer>,
): SelectDefinition<Name, Parts, Chosen, Answer> {
  const id = (parts: Values<Parts>) => writeCustomId<Parts>(definition, parts);
  return { kind: "select", ...definition, id };
}

/** Defines a form. */
export function defineForm<
  const Name extends string,
  const Parts extends ValueRules,
  const Fields extends FieldDefinitions,
  const Answer extends AnsweredBy,
>(
  definition: Omit<FormDefinition<Name, Parts, Fields, Answer>, "kind">,
): FormDefinition<Name, Parts, Fields, Answer> {
  return { kind: "form", ...definition };
}

/** A form about something, for a command or button to show. */
export function shown<const Parts extends ValueRules>(
  form: Identified<Parts> & FormDefinition,
  parts: Values<Parts>,
): Shown {
  const given: Readonly<Record<string, unknown>> = parts;
  return { form, parts: given as PlainValues };
}

/** The rules of all values of a command, button or form. */
export function inputsOf(definition: Definition): ValueRules {
  switch (definition.kind) {
    case "command":
      return definition.options;
    case "button":
      return definition.parts;
    case "select":
      return { ...definition.parts, chosen: definition.chosen };
    case "form":
      return { ...definition.parts, ...definition.fields };
  }
}
