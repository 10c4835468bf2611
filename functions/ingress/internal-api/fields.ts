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

/** A point in time, as ISO 8601 in UTC. */
export const time = z.string().check(z.meta({ format: "date-time" }));

/** A time as answers write it. */
export function written(date: Date): string {
  return date.toISOString();
}
