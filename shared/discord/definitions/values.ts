import { readId, readSnowflake } from "../../documents/outside-id.ts";

/**
 * The rule for one value that people give: an option of a command, a part of a button's id, a field of a form. `text`
 * has at most `maxLength` characters; `integer` is between `min` and `max`; `user` is the id of a Discord user, `id`
 * that of one of our documents; `picture` is the address of a file, or up to `most` of them, one on each line; `choice`
 * is one of the names of `choices`, whose values people see.
 */
export type ValueRule = { readonly required?: true } & (
  | { readonly kind: "text"; readonly maxLength: number }
  | { readonly kind: "integer"; readonly min: number; readonly max: number }
  | { readonly kind: "flag" }
  | { readonly kind: "user" }
  | { readonly kind: "id" }
  | { readonly kind: "picture"; readonly most?: number }
  | { readonly kind: "choice"; readonly choices: Readonly<Record<string, string>> }
);

/** Rules by the names of the values. */
export type ValueRules = Readonly<Record<string, ValueRule>>;

/** A value in an event or an id. */
export type PlainValue = string | number | boolean;

/** Values by name, before they are checked. */
export type PlainValues = Readonly<Record<string, PlainValue>>;

type ValueOf<Rule> = Rule extends { readonly kind: "choice"; readonly choices: infer Choices }
  ? keyof Choices & string
  : Rule extends { readonly kind: "integer" }
    ? number
    : Rule extends { readonly kind: "flag" }
      ? boolean
      : string;

/** The values that the rules read, each with its type; `undefined` if an optional one is missing. */
export type Values<Rules> = {
  readonly [Name in keyof Rules]: Rules[Name] extends { readonly required: true }
    ? ValueOf<Rules[Name]>
    : ValueOf<Rules[Name]> | undefined;
};

/** Reads values by their rules. Undefined if a required one is missing or one breaks its rule. */
export function readValues<const Rules extends ValueRules>(
  rules: Rules,
  given: Readonly<Record<string, unknown>>,
): Values<Rules> | undefined {
  const values: Record<string, PlainValue | undefined> = {};
  for (const [name, rule] of Object.entries(rules)) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    const read = value === undefined ? undefined : readValue(rule, value);
    if (read === undefined && (rule.required || value !== undefined)) return undefined;
    values[name] = read;
  }
  return values as Values<Rules>;
}

function readValue(rule: ValueRule, value: unknown): PlainValue | undefined {
  switch (rule.kind) {
    case "text":
      return typeof value === "string" && lengthOf(value) <= rule.maxLength ? value : undefined;
    case "integer": {
      const isInside = typeof value === "number" && value >= rule.min && value <= rule.max;
      return isInside && Number.isInteger(value) ? value : undefined;
    }
    case "flag":
      return typeof value === "boolean" ? value : undefined;
    case "user":
      return readSnowflake(value);
    case "id":
      return readId(value);
    case "picture":
      return typeof value === "string" && arePictures(value, rule.most) ? value : undefined;
    case "choice":
      return typeof value === "string" && Object.hasOwn(rule.choices, value) ? value : undefined;
  }
}

/** The addresses of pictures as one value. */
export function addressesIn(pictures: string | undefined): readonly string[] {
  return pictures === undefined || pictures === "" ? [] : pictures.split("\n");
}

function arePictures(value: string, most = 1): boolean {
  const addresses = value.split("\n");
  return addresses.length <= most && addresses.every((address) => URL.canParse(address));
}

/** Characters as Discord counts them. */
function lengthOf(text: string): number {
  return Array.from(text).length;
}
