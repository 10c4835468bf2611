import * as z from "zod/mini";
import { once } from "../runtime/lazy.ts";
import type { Apart, Field, Fields, Group } from "./fields.ts";

/** The type of a document with these fields when read. */
export type FieldsDocument<F extends Fields> = {
  readonly [Name in keyof F as F[Name] extends Field<Apart<infer _>, infer _>
    ? never
    : Name]: ReadOf<F[Name]>;
};

/** The type of a part of a document, including the fields that are read separately. */
export type PartDocument<F extends Fields, Name extends keyof F> = {
  readonly [Each in Name]: F[Each] extends Field<Apart<infer Read>, infer _>
    ? Read
    : ReadOf<F[Each]>;
};

/** The values for creating a document with these fields. */
export type WriteFields<F extends Fields> = {
  readonly [Name in keyof F as undefined extends WriteOf<F[Name]> ? never : Name]: WriteOf<F[Name]>;
} & {
  readonly [Name in keyof F as undefined extends WriteOf<F[Name]> ? Name : never]?: WriteOf<
    F[Name]
  >;
};

/** The values that an update of a document may contain: any of its fields, and any fields of its groups. */
export type Changes<F extends Fields> = {
  readonly [Name in keyof F]?: F[Name] extends Group<infer Members, infer Presence>
    ? Changes<Members> | ("sometimes" extends Presence ? undefined : never)
    : WriteOf<F[Name]>;
};

type ReadOf<Entry> =
  Entry extends Group<infer Members, infer Presence>
    ? FieldsDocument<Members> | ("sometimes" extends Presence ? undefined : never)
    : Entry extends Field<infer Read, infer _>
      ? Read
      : never;

type WriteOf<Entry> =
  Entry extends Group<infer Members, infer Presence>
    ? WriteFields<Members> | ("sometimes" extends Presence ? undefined : never)
    : Entry extends Field<infer _, infer Write>
      ? Write
      : never;

/** Stored fields, by their stored names. */
export type Stored = Readonly<Record<string, unknown>>;

/** Checks and reads stored fields. */
export interface Reader {
  schema(): z.ZodMiniType<Stored>;
  /** The stored names of malformed fields, with dots for nested ones; empty if all fit. */
  malformedIn(stored: Stored): string[];
  /** Reads checked fields. */
  decode(stored: Stored): Record<string, unknown>;
}

interface OptionalGroup {
  readonly name: string;
  readonly reader: Reader;
  isThere(stored: Stored): boolean;
}

/** The reader of some fields, compiled on first use; with `withApart` also of those that are read separately. */
export function readerOf(fields: Fields, { withApart = false } = {}): Reader {
  const own: (readonly [name: string, field: Field<unknown>])[] = [];
  const always: (readonly [name: string, reader: Reader])[] = [];
  const sometimes: OptionalGroup[] = [];
  for (const [name, entry] of Object.entries(fields)) {
    if (!isGroup(entry)) {
      if (!entry.isApart || withApart) own.push([name, entry]);
      continue;
    }
    const reader = readerOf(entry.members);
    const names = entry.isThereWith;
    if (entry.presence === "always") always.push([name, reader]);
    else {
      const isThere = (stored: Stored) => names.every((each) => stored[each] != null);
      sometimes.push({ name, reader, isThere });
    }
  }
  const schema = once(() =>
    z.object(
      Object.fromEntries(own.map(([, { storedName, schema: each }]) => [storedName, each()])),
    ),
  );
  return {
    schema,

    malformedIn(stored) {
      const { error } = schema().safeParse(stored);
      const malformed = error ? error.issues.map(({ path }) => path.join(".")) : [];
      for (const [, reader] of always) malformed.push(...reader.malformedIn(stored));
      for (const { reader, isThere } of sometimes) {
        if (isThere(stored)) malformed.push(...reader.malformedIn(stored));
      }
      return malformed;
    },

    decode(stored) {
      const read: Record<string, unknown> = {};
      for (const [name, field] of own) read[name] = field.decode(stored[field.storedName]);
      for (const [name, reader] of always) read[name] = reader.decode(stored);
      for (const { name, reader, isThere } of sometimes) {
        read[name] = isThere(stored) ? reader.decode(stored) : undefined;
      }
      return read;
    },
  };
}

/**
 * Compiles the conversion of given fields into stored ones. Missing fields are left out; undefined ones are stored as
 * null. `id` is the document's name and is not stored. Throws for any other unknown name, which is a mistake in code.
 */
export function writerOf(fields: Fields): (given: object) => Record<string, unknown> {
  const known = new Map(
    Object.entries(fields).map(([name, entry]) => [
      name,
      isGroup(entry)
        ? { group: writerOf(entry.members), none: noneOf(entry.members) }
        : { field: entry },
    ]),
  );
  const write = (given: object): Record<string, unknown> => {
    const stored: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(given)) {
      const entry = known.get(name);
      if (!entry) {
        if (name === "id") continue;
        throw new Error(`No field is defined as "${name}".`);
      }
      if ("group" in entry) Object.assign(stored, value ? entry.group(value) : entry.none);
      else stored[entry.field.storedName] = value === undefined ? null : entry.field.encode(value);
    }
    return stored;
  };
  return write;
}

/** The stored fields of a missing group. */
function noneOf(members: Fields): Record<string, null> {
  const none = Object.values(members).map((entry) =>
    isGroup(entry) ? noneOf(entry.members) : { [entry.storedName]: null },
  );
  return Object.assign({}, ...none);
}

/** Whether an entry is stored as several fields. */
export function isGroup(entry: Fields[string]): entry is Group<Fields, "always" | "sometimes"> {
  return "members" in entry;
}
