import * as z from "zod/mini";
import { isId, isSnowflake } from "../../../shared/documents/outside-id.ts";

/** An id of ours, such as an order's or a drop's. */
export function id(what: string) {
  const meta = { description: what, pattern: "^[A-Za-z0-9_-]{1,200}$" };
  return z.string().check(z.refine(isId), z.meta(meta));
}

/** The Discord id of a person. */
export function person(what: string) {
  const meta = { description: what, pattern: "^[0-9]{1,20}$" };
  return z.string().check(z.refine(isSnowflake), z.meta(meta));
}

/** A person in an answer: their Discord id, or an alias once they are forgotten. */
export const personOrAlias = z
  .string()
  .check(z.describe("A Discord user id, or an alias of someone whose data was deleted"));

/** A point in time, as ISO 8601 in UTC. */
export const time = z.string().check(z.meta({ format: "date-time" }));

/** Money in minor units of the currency beside it. */
export const money = z.int().check(z.gte(0), z.describe("Minor units of the currency"));

/** A currency's ISO 4217 code in lower case. */
export const currency = z.string().check(z.describe("ISO 4217, in lower case"));

/** A time as answers write it. */
export function written(date: Date): string {
  return date.toISOString();
}

/** The same for a time that may be unknown. */
export function writtenOrNull(date: Date | undefined): string | null {
  return date ? date.toISOString() : null;
}
