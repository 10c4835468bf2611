import * as z from "zod/mini";
import { type FieldsDocument, readerOf, type WriteFields, writerOf } from "./fields-codec.ts";

/**
 * What happens to a personal field when the person is forgotten. `replace-with-alias`: a random name replaces the id.
 * `remove`: the field is emptied. `delete-document`: the whole document is deleted. `keep`: it stays, with the reason.
 */
export type Erasure = "replace-with-alias" | "remove" | "delete-document" | `keep: ${string}`;

/** Whether a field is in the file that `/c500 my-data` sends. */
export type Export = "included" | `left out: ${string}`;

/** The rules that every personal field must declare. */
export interface PersonalRules {
  readonly erase: Erasure;
  readonly export: Export;
  /** The stored name of the sibling field with the person's id; left out if the field itself is that id. */
  readonly of?: string;
}

/** How a value is exported by `/c500 my-data`, and searched when a person is forgotten. */
export type Kind =
  | { readonly is: "person" | "amount" | "time" | "plain" }
  | { readonly is: "list" | "map"; readonly element: Field<unknown>; readonly keys?: "people" }
  | { readonly is: "record"; readonly fields: Fields };

/** One field: its stored name and type, its personal rules, how it is read and how it is written. */
export interface Field<Read, Write = Read> {
  /** Empty for the elements of a list or a map. */
  readonly storedName: string;
  /** A description for the docs, such as "text" or "list of times". */
  readonly type: string;
  readonly kind: Kind;
  readonly personal: PersonalRules | undefined;
  readonly isOptional: boolean;
  /** Why `/c500 my-data` does not export it; undefined if it does. */
  readonly internal: string | undefined;
  /** Whether it is read only by readers that name it. */
  readonly isApart: boolean;
  /** Creates the schema of the stored value: most starts of a function need few of them. */
  schema(): z.ZodMiniType;
  /** Converts a checked value for reading. */
  decode(stored: unknown): Read;
  encode(value: Write): unknown;
}

/** Fields that are stored next to the others and read as one object. */
export interface Group<Members extends Fields, Presence extends "always" | "sometimes"> {
  readonly members: Members;
  readonly presence: Presence;
  /** The stored names whose presence means that the group exists; none if it always does. */
  readonly isThereWith: readonly string[];
}

/** The fields of a document, by their names in code. */
export interface Fields {
  readonly [name: string]: Field<unknown> | Group<Fields, "always" | "sometimes">;
}

/** The type of a field that is read separately from the rest. */
declare const apart: unique symbol;
export interface Apart<Read> {
  readonly [apart]: Read;
}

const PLAIN = { is: "plain" } as const;

interface Shape<Stored, Read, Write> {
  readonly type: string;
  readonly kind?: Kind;
  schema(): z.ZodMiniType<Stored>;
  decode(stored: Stored): Read;
  encode(value: Write): unknown;
}

function field<Stored, Read, Write = Read>(
  storedName: string,
  { type, kind = PLAIN, schema, decode, encode }: Shape<Stored, Read, Write>,
): Field<Read, Write> {
  const flags = { personal: undefined, isOptional: false, internal: undefined, isApart: false };
  return { storedName, type, kind, schema, decode, encode, ...flags };
}

const same = <T>(value: T): T => value;

/** A text. */
export function text(storedName = ""): Field<string> {
  return field(storedName, { type: "text", schema: z.string, decode: same, encode: same });
}

/** A Discord user's id. */
export function person(storedName: string, rules: PersonalRules): Field<string> {
  const kind = { is: "person" } as const;
  const type = "Discord user id";
  const shape = { type, kind, schema: z.string, decode: same<string>, encode: same<string> };
  return { ...field(storedName, shape), personal: rules };
}

/** A whole number. */
export function integer(storedName = ""): Field<number> {
  return field(storedName, { type: "integer", schema: z.int, decode: same, encode: same });
}

/** Minor units of the document's currency. */
export function amount(storedName = ""): Field<number> {
  const kind = { is: "amount" } as const;
  const shape = { kind, schema: z.int, decode: same<number>, encode: same<number> };
  return field(storedName, { type: "minor units", ...shape });
}

/** Yes or no. */
export function flag(storedName = ""): Field<boolean> {
  return field(storedName, { type: "boolean", schema: z.boolean, decode: same, encode: same });
}

/** One of several words. */
export function oneOf<const Word extends string>(
  storedName: string,
  words: readonly Word[],
): Field<Word> {
  const type = words.map((word) => `"${word}"`).join(", ");
  return field(storedName, { type, schema: () => z.enum(words), decode: same, encode: same });
}

const timestamp = z.custom<{ toDate(): Date }>(
  (value) => typeof (value as { toDate?: unknown } | null)?.toDate === "function",
);
const TIME = { type: "time", kind: { is: "time" }, schema: () => timestamp } as const;

/** A time. */
export function time(storedName = ""): Field<Date> {
  return field(storedName, { ...TIME, decode: (stored) => stored.toDate(), encode: same });
}

/** A time that code reads as milliseconds since 1970. */
export function timeMs(storedName = ""): Field<number> {
  return field(storedName, {
    ...TIME,
    decode: (stored) => stored.toDate().getTime(),
    encode: (ms: number) => new Date(ms),
  });
}

/** A value with its own schema elsewhere; it is not searched for personal data. */
export function shaped<Value>(
  storedName: string,
  type: string,
  schema: z.ZodMiniType<Value>,
): Field<Value> {
  return field(storedName, { type, schema: () => schema, decode: same, encode: same });
}

/** A list of values of one kind. */
export function list<Read, Write>(
  storedName: string,
  element: Field<Read, Write>,
): Field<readonly Read[], readonly Write[]> {
  return field(storedName, {
    type: `list of ${element.type.replace(/s?$/, "s")}`,
    kind: { is: "list", element },
    schema: () => z.array(element.schema()),
    decode: (stored: readonly unknown[]) => stored.map((each) => element.decode(each)),
    encode: (values: readonly Write[]) => values.map((each) => element.encode(each)),
  });
}

/** Values of one kind by key; keys may be people's ids. */
export function map<Read, Write>(
  storedName: string,
  element: Field<Read, Write>,
  keys?: "people",
): Field<Readonly<Record<string, Read>>, Readonly<Record<string, Write>>> {
  const each = (values: object, change: (value: unknown) => unknown) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
  return field(storedName, {
    type: `${element.type} by ${keys === "people" ? "Discord user id" : "key"}`,
    kind: { is: "map", element, ...(keys && { keys }) },
    schema: () => z.record(z.string(), element.schema()),
    decode: (stored) => each(stored, element.decode) as Record<string, Read>,
    encode: (values: Readonly<Record<string, Write>>) =>
      each(values, (value) => element.encode(value as Write)),
  });
}

/** A record: fields inside a field. */
export function record<Members extends Fields>(
  storedName: string,
  members: Members,
): Field<FieldsDocument<Members>, WriteFields<Members>> {
  const reader = readerOf(members);
  const write = writerOf(members);
  return field(storedName, {
    type: "record",
    kind: { is: "record", fields: members },
    schema: reader.schema,
    decode: (stored) => reader.decode(stored) as FieldsDocument<Members>,
    encode: (value: WriteFields<Members>) => write(value),
  });
}

/** Fields that are stored next to the others and read as one object, which always exists. */
export function group<Members extends Fields>(members: Members): Group<Members, "always"> {
  return { members, presence: "always", isThereWith: [] };
}

/** The same for an object that is undefined until the fields with these stored names exist. */
export function optionalGroup<Members extends Fields>(
  isThereWith: readonly [string, ...string[]],
  members: Members,
): Group<Members, "sometimes"> {
  return { members, presence: "sometimes", isThereWith };
}

const orNull = (schema: z.ZodMiniType) => z.optional(z.nullable(schema));

/** A field that may be absent or null: both read as undefined, and undefined is stored as null. */
export function optional<Read, Write>(
  inner: Field<Read, Write>,
): Field<Read | undefined, Write | undefined> {
  return {
    ...inner,
    isOptional: true,
    schema: () => orNull(inner.schema()),
    decode: (stored) => (stored == null ? undefined : inner.decode(stored)),
    encode: (value) => (value === undefined ? null : inner.encode(value)),
  };
}

/** A field that may be absent or null, and then reads as `value`. */
export function fallback<Read, Write>(
  inner: Field<Read, Write>,
  value: Read,
): Field<Read, Write | undefined> {
  return {
    ...optional(inner),
    decode: (stored) => (stored == null ? value : inner.decode(stored)),
  };
}

/**
 * A field that is read only by a `part` that names it, or by queries. So the document can be read even if this field is
 * malformed, and reading it costs nothing.
 */
export function readApart<Read, Write>(
  inner: Field<Read, Write>,
): Field<Apart<Read | undefined>, Write | undefined> {
  const field = { ...optional(inner), isApart: true };
  return field as Field<unknown, Write | undefined> as Field<
    Apart<Read | undefined>,
    Write | undefined
  >;
}

/** A personal field. Without rules for its erasure and export it does not compile. */
export function personal<Read, Write>(
  inner: Field<Read, Write>,
  rules: PersonalRules,
): Field<Read, Write> {
  return { ...inner, personal: rules };
}

/** A field without information about anyone, or a secret: `/c500 my-data` does not export it. */
export function internal<Read, Write>(inner: Field<Read, Write>, why: string): Field<Read, Write> {
  return { ...inner, internal: why };
}
