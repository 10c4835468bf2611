import type { EventBase, Shape } from "../../events/define-event.ts";
import { fromWire } from "../../events/wire.ts";
import { NewerVersionError, TerminalError } from "../errors.ts";
import { parseJson } from "../http.ts";

/**
 * Parses the body of an event or task called `name`. Throws NewerVersionError for a body of a later version and
 * TerminalError for an invalid one.
 */
export function readPayload<T extends EventBase>(name: string, shape: Shape<T>, body: Buffer): T {
  const reading = fromWire(shape, parseJson(body));
  if (reading.ok) return reading.payload;
  if (reading.why === "newer") throw new NewerVersionError(name, reading.version, shape.version);
  throw new TerminalError(`Not a valid ${name}: ${reading.fields.join(", ")}.`);
}
