import { readValues, type ValueRules, type Values } from "./values.ts";

/** https://discord.com/developers/docs/components/reference#button-button-structure */
const MAX_LENGTH = 100;

/** The content of a button's or form's `custom_id`: its name, and the ids it is about. */
export interface Identified<Parts extends ValueRules = ValueRules> {
  readonly name: string;
  readonly parts: Parts;
  /** The separator of the parts; a colon by default. */
  readonly separator?: ":" | "." | "-";
}

/** A part that is the id of one of our documents. */
export const documentId = { kind: "id", required: true } as const;
/** A part that is a Discord id, or the id of something created under an interaction's id: only digits. */
export const snowflake = { kind: "user", required: true } as const;

/** A part that is a whole number from 0 to `max`. */
export function wholeNumber(max = Number.MAX_SAFE_INTEGER) {
  return { kind: "integer", min: 0, max, required: true } as const;
}

/** The `custom_id` of a button or form about something: `drop-buy:DROP`. A part without a value stays empty. */
export function writeCustomId<const Parts extends ValueRules>(
  { name, parts, separator = ":" }: Identified<Parts>,
  values: Values<Parts>,
): string {
  const given: Readonly<Record<string, unknown>> = values;
  const written = Object.keys(parts).map((part) => String(given[part] ?? ""));
  const customId = written.length === 0 ? name : `${name}:${written.join(separator)}`;
  if (customId.length > MAX_LENGTH) throw new Error(`"${customId}" is too long for Discord.`);
  return customId;
}

/** The name of the button or form that a `custom_id` belongs to. */
export function nameIn(customId: string): string {
  return customId.split(":", 1)[0] ?? "";
}

/**
 * Reads the parts of a `custom_id`; undefined if it does not belong to this button or form. New optional parts come
 * last: an id that an earlier version wrote, which ends before them, is still read.
 */
export function readCustomId<const Parts extends ValueRules>(
  { name, parts, separator = ":" }: Identified<Parts>,
  customId: string,
): Values<Parts> | undefined {
  if (nameIn(customId) !== name) return undefined;
  const names = Object.keys(parts);
  if (names.length === 0) return readValues(parts, {});
  const written = customId.slice(name.length + 1).split(separator);
  if (written.length > names.length) return undefined;
  const entries = names.flatMap((part, index) => {
    const value = written[index] ?? "";
    const isLeftOut = value === "" && !parts[part]?.required;
    return isLeftOut ? [] : [[part, plain(parts[part]?.kind, value)] as const];
  });
  return readValues(parts, Object.fromEntries(entries));
}

/** Only digits are a number; any other spelling is not ours. */
function plain(kind: string | undefined, written: string): string | number {
  return kind === "integer" && /^\d{1,16}$/.test(written) ? Number(written) : written;
}
