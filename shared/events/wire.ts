import { upgrade } from "../documents/version.ts";
import type { EventBase, Shape } from "./define-event.ts";

/** The field of a body that names its version; a body without it is of the first. */
const VERSION_FIELD = "v";

/** A body as it was meant, or why it cannot be read. */
export type Reading<T> =
  | { readonly ok: true; readonly payload: T }
  | { readonly ok: false; readonly why: "malformed"; readonly fields: readonly string[] }
  | { readonly ok: false; readonly why: "newer"; readonly version: number };

/** The bytes of an event or task with its version. Throws when it does not fit its own schema. */
export function toWire<T extends EventBase>(shape: Shape<T>, payload: T): Buffer {
  const body = { [VERSION_FIELD]: shape.version, ...shape.schema.parse(payload) };
  return Buffer.from(JSON.stringify(body));
}

/** Reads the JSON of an event or task, of this version or an older one. */
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
