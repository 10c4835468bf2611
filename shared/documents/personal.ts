import { decimalOf } from "../money/money.ts";
import type { DocumentSnapshot, Transaction } from "../ports/database.ts";
import { type DocumentDefinition, VERSION_FIELD } from "./define-document.ts";
import type { Field, Fields } from "./fields.ts";
import { isGroup, type Stored } from "./fields-codec.ts";

/** Every field of a definition by its stored path, as in `buyer_id`, `claim.bidder_id`, `intervals[].racer_id`. */
export function fieldsOf(
  fields: Fields,
): { readonly path: string; readonly field: Field<unknown> }[] {
  return storedFields(fields).flatMap((field) => [
    { path: field.storedName, field },
    ...insideOf(field.storedName, field),
  ]);
}

function insideOf(path: string, field: Field<unknown>): ReturnType<typeof fieldsOf> {
  const { kind } = field;
  if (kind.is === "record") {
    return fieldsOf(kind.fields).map((each) => ({ ...each, path: `${path}.${each.path}` }));
  }
  if (kind.is !== "list" && kind.is !== "map") return [];
  const own = `${path}[]`;
  const inside = insideOf(own, kind.element);
  return kind.element.personal ? [{ path: own, field: kind.element }, ...inside] : inside;
}

/** The stored names of the fields with a person's id, by which queries find that person's documents. */
export function peopleOf({ fields }: Defined): string[] {
  return storedFields(fields)
    .filter(({ kind }) => kind.is === "person")
    .map(({ storedName }) => storedName);
}

/** A person and the random name that replaces their id. */
export interface Renaming {
  readonly from: string;
  readonly to: string;
}

/**
 * The changes to a document when a person is forgotten, by its definition: the random name replaces their id, and values
 * to remove become null or leave their list. Empty if nothing in it is theirs.
 */
export function erasedFields(
  { fields }: Defined,
  stored: Stored,
  renaming: Renaming,
): Record<string, unknown> {
  const changes: Record<string, unknown> = {};
  for (const field of storedFields(fields)) {
    const before = stored[field.storedName];
    const after = erasedValue(field, before, stored, renaming);
    if (after !== before) changes[field.storedName] = after;
  }
  return changes;
}

/** Writes the changes to a document when a person is forgotten, together with other stored fields. */
export function eraseIn(
  writer: Pick<Transaction, "update">,
  definition: Defined,
  snapshot: DocumentSnapshot,
  renaming: Renaming,
  others: Stored = {},
): void {
  const changes = { ...others, ...erasedFields(definition, snapshot.data() ?? {}, renaming) };
  if (Object.keys(changes).length > 0) writer.update(snapshot.ref, changes);
}

function erasedValue(
  field: Field<unknown>,
  value: unknown,
  beside: Stored,
  who: Renaming,
): unknown {
  if (value == null) return value;
  const { kind, personal } = field;
  if (personal && isTheirs(field, value, beside, who)) {
    if (personal.erase === "replace-with-alias") return who.to;
    return personal.erase === "remove" ? null : value;
  }
  if (kind.is === "record" && isFields(value)) {
    const changes = erasedFields(kind, value, who);
    return Object.keys(changes).length > 0 ? { ...value, ...changes } : value;
  }
  if (kind.is === "list" && Array.isArray(value)) {
    const after = value.map((each) => erasedValue(kind.element, each, {}, who));
    return after.some((each, index) => each !== value[index])
      ? after.filter((each) => each !== null)
      : value;
  }
  if (kind.is === "map" && isFields(value)) {
    return erasedMap(kind.element, value, kind.keys === "people", who);
  }
  return value;
}

function isTheirs(
  { kind, personal }: Field<unknown>,
  value: unknown,
  beside: Stored,
  { from }: Renaming,
) {
  if (kind.is === "person") return value === from;
  return personal?.of !== undefined && beside[personal.of] === from;
}

function erasedMap(
  element: Field<unknown>,
  stored: Stored,
  isByPerson: boolean,
  who: Renaming,
): Stored {
  const entries = Object.entries(stored);
  const after = entries.flatMap(([key, value]): [string, unknown][] => {
    const isTheirs = isByPerson && key === who.from;
    if (isTheirs && element.personal?.erase === "remove") return [];
    return [[isTheirs ? who.to : key, erasedValue(element, value, {}, who)]];
  });
  const isSame =
    after.length === entries.length &&
    after.every(
      ([key, value], index) => key === entries[index]?.[0] && value === entries[index][1],
    );
  return isSame ? stored : Object.fromEntries(after);
}

/** Whose file it is, and the words that replace their id and those of others. */
export interface Viewer {
  readonly userId: string;
  readonly self: string;
  nameOf(otherId: string): string;
}

/** The part of a definition that export and erasure use. */
export type Defined = Pick<DocumentDefinition, "fields">;

/** Discord's ids of people look like those of channels and messages: only a definition says which it is. */
const SNOWFLAKE = /^\d{17,20}$/;

/**
 * A document as it is exported to the person it is about, by its definition: times as ISO 8601, amounts as decimals with
 * their currency, ids of people replaced by words; empty fields, and those that its rules exclude, are left out.
 * `currency` is used for the amounts if the document has none.
 */
export function exportedFields(
  { fields }: Defined,
  stored: Stored,
  viewer: Viewer,
  currency?: string,
): Record<string, unknown> {
  const own = stored["currency"];
  const unit = typeof own === "string" ? own : currency;
  const shown: Record<string, unknown> = {};
  for (const field of storedFields(fields)) {
    const { personal, internal, storedName } = field;
    if (internal || (personal && personal.export !== "included")) continue;
    const value = exportedValue(field, stored[storedName], viewer, unit);
    if (value !== undefined) shown[storedName] = value;
  }
  return { ...shown, ...undefinedFields(fields, stored, viewer) };
}

/** Fields that no definition names, because old code stored them. Other people's ids in them are hidden. */
function undefinedFields(fields: Fields, stored: Stored, viewer: Viewer): Record<string, unknown> {
  const known = new Set([VERSION_FIELD, ...storedFields(fields).map((field) => field.storedName)]);
  const show = (value: unknown): unknown => {
    if (typeof value === "string") return exportedId(value, viewer);
    if (Array.isArray(value)) return value.map(show);
    if (!isFields(value) || typeof value["toDate"] === "function")
      return exportedPlain(value, viewer);
    const entries = Object.entries(value).map(([key, each]) => [
      exportedId(key, viewer),
      show(each),
    ]);
    return Object.fromEntries(entries);
  };
  const others = Object.entries(stored).filter(
    ([name, value]) => !known.has(name) && value !== null,
  );
  return Object.fromEntries(others.map(([name, value]) => [name, show(value)]));
}

function exportedValue(
  { kind }: Field<unknown>,
  value: unknown,
  viewer: Viewer,
  currency: string | undefined,
): unknown {
  if (value == null) return undefined;
  const inside = (element: Field<unknown>) => (each: unknown) =>
    exportedValue(element, each, viewer, currency);
  if (kind.is === "person") return exportedId(String(value), viewer);
  if (kind.is === "amount" && currency && typeof value === "number") {
    return `${decimalOf(value, currency)} ${currency.toUpperCase()}`;
  }
  if (kind.is === "record" && isFields(value)) return exportedFields(kind, value, viewer, currency);
  if (kind.is === "list" && Array.isArray(value)) return value.map(inside(kind.element));
  if (kind.is === "map" && isFields(value)) {
    const each = inside(kind.element);
    const keyOf = (key: string) => (kind.keys === "people" ? exportedId(key, viewer) : key);
    return Object.fromEntries(
      Object.entries(value).map(([key, element]) => [keyOf(key), each(element)]),
    );
  }
  return exportedPlain(value, viewer);
}

function exportedId(text: string, { userId, self, nameOf }: Viewer): string {
  const isAnother = SNOWFLAKE.test(text) && text !== userId;
  return isAnother ? nameOf(text) : text.replaceAll(userId, self);
}

function exportedPlain(value: unknown, { userId, self }: Viewer): unknown {
  if (typeof value === "string") return value.replaceAll(userId, self);
  if (isFields(value) && typeof value["toDate"] === "function") return value["toDate"]();
  return value;
}

/** The stored fields in order; those of groups are stored next to the others. */
function storedFields(fields: Fields): Field<unknown>[] {
  return Object.values(fields).flatMap((entry) =>
    isGroup(entry) ? storedFields(entry.members) : [entry],
  );
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
