import { readValues, type ValueRules, type Values } from "./values.ts";

/** https://discord.com/developers/docs/components/reference#button-button-structure */
const MAX_LENGTH = 100;

/** What a button or form carries in its `custom_id`: its name, and what it is about. */
export interface Identified<Parts extends ValueRules = ValueRules> {
  readonly name: string;
  readonly parts: Parts;
  /** What stands between the parts; a colon unless given. */
  readonly separator?: ":" | "." | "-";
}

/** A part that is the id of one of our documents. */
export const documentId = { kind: "id", required: true } as const;
/** A part that is the id of somebody, or of something that was made under an interaction's id: digits alone. */
export const snowflake = { kind: "user", required: true } as const;

/** A part that is a whole number from 0 to `max`. */
export function wholeNumber(max = Number.MAX_SAFE_INTEGER) {
  return { kind: "integer", min: 0, max, required: true } as const;
}

/** The `custom_id` of a button or form about something: `drop-buy:DROP`. */
export function writeCustomId<const Parts extends ValueRules>(
  { name, parts, separator = ":" }: Identified<Parts>,
  values: Values<Parts>,
): string {
  const given: Readonly<Record<string, unknown>> = values;
  const written = Object.keys(parts).map((part) => String(given[part]));
  const customId = written.length === 0 ? name : `${name}:${written.join(separator)}`;
  if (customId.length > MAX_LENGTH) throw new Error(`"${customId}" is too long for Discord.`);
  return customId;
}

/** The name of the button or form that a `custom_id` belongs to. */
export function nameIn(customId: string): string {
  return customId.split(":", 1)[0] ?? "";
}

/** What a `custom_id` says that the button or form is about; undefined where it is none of its. */
export function readCustomId<const Parts extends ValueRules>(
  { name, parts, separator = ":" }: Identified<Parts>,
  customId: string,
): Values<Parts> | undefined {
  if (nameIn(customId) !== name) return undefined;
  const names = Object.keys(parts);
  if (names.length === 0) return readValues(parts, {});
  const written = customId.slice(name.length + 1).split(separator);
  if (written.length !== names.length) return undefined;
  const entries = names.map((part, index) => [
    part,
    plain(parts[part]?.kind, written[index] ?? ""),
  ]);
  return readValues(parts, Object.fromEntries(entries));
}

/** Digits alone are a number; what is written otherwise is not one of ours. */
function plain(kind: string | undefined, written: string): string | number {
  return kind === "integer" && /^\d{1,16}$/.test(written) ? Number(written) : written;
}
