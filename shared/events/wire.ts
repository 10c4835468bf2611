import { upgrade } from "../documents/version.ts";
import type { EventBase, Shape } from "./define-event.ts";

/** The field with a body's version; a body without it has version 1. */
const VERSION_FIELD = "v";

/** A parsed body, or why it cannot be read. */
export type Reading<T> =
  | { readonly ok: true; readonly payload: T }
  | { readonly ok: false; readonly why: "malformed"; readonly fields: readonly string[] }
  | { readonly ok: false; readonly why: "newer"; readonly version: number };

/** Encodes an event or task with its version. Throws if it does not fit its schema. */
export function toWire<T extends EventBase>(shape: Shape<T>, payload: T): Buffer {
  const body = { [VERSION_FIELD]: shape.version, ...shape.schema.parse(payload) };
  return Buffer.from(JSON.stringify(body));
}

/** Parses the JSON of an event or task of this or an older version. */
export function fromWire<T extends EventBase>(shape: Shape<T>, json: unknown): Reading<T> {
  const upgraded = upgrade(json, VERSION_FIELD, shape.upgrades);
  if (!upgraded.ok) {
    return upgraded.why === "newer" ? upgraded : { ...upgraded, fields: ["the whole"] };
  }
  const result = shape.schema.safeParse(upgraded.fields);
  if (result.success) return { ok: true, payload: result.data };
  const fields = result.error.issues.map(({ path }) => path.join(".") || "the whole");
  return { ok: false, why: "malformed", fields };
}
