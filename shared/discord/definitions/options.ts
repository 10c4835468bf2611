import type { ValueRule } from "./values.ts";

/**
 * An option of a command: the rule for its value, and how Discord shows it. `suggest` names the source of the choices
 * that are offered while someone types. People pick a text with `choices` from them in Discord, but any text is
 * accepted.
 */
export type OptionDefinition = ValueRule & {
  readonly description: string;
  readonly suggest?: string;
  readonly choices?: Readonly<Record<string, string>>;
};

/** The options of a command by their names, in the order in which Discord shows them. */
export type OptionDefinitions = Readonly<Record<string, OptionDefinition>>;

interface TextRules {
  readonly maxLength: number;
  readonly required?: true;
  readonly suggest?: string;
  readonly choices?: Readonly<Record<string, string>>;
}

interface IntegerRules {
  readonly min: number;
  readonly max: number;
  readonly required?: true;
}

interface UserRules {
  readonly required?: true;
}

interface ChoiceRules {
  readonly choices: Readonly<Record<string, string>>;
  readonly required?: true;
}

/** A line of text of at most `maxLength` characters. */
export function text<const R extends TextRules>(description: string, rules: R) {
  return { kind: "text", description, ...rules } as const;
}

/** A whole number from `min` to `max`. */
export function integer<const R extends IntegerRules>(description: string, rules: R) {
  return { kind: "integer", description, ...rules } as const;
}

/** Yes or no. */
export function flag(description: string) {
  return { kind: "flag", description } as const;
}

/** A Discord user; read as their id. */
export function user<const R extends UserRules>(description: string, rules: R) {
  return { kind: "user", description, ...rules } as const;
}

/** An uploaded picture; read as its address. */
export function picture(description: string) {
  return { kind: "picture", description } as const;
}

/** One of several choices: read as its name, shown as its value. */
export function choice<const R extends ChoiceRules>(description: string, rules: R) {
  return { kind: "choice", description, ...rules } as const;
}
