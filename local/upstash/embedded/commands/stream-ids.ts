import { CommandFailure } from "../failure.ts";
import { MAX_ID_PART, streamId } from "../stream.ts";

/**
 * Parses an id such as `1700000000000-5`; without a sequence it gets `sequence`. Throws Redis's
 * error.
 */
export function parseId(text: string, sequence: bigint): bigint {
  const [, ms, given] = /^(\d{1,20})(?:-(\d{1,20}))?$/.exec(text) ?? [];
  if (ms === undefined) throw invalidId();
  return streamId(part(ms), given === undefined ? sequence : part(given));
}

/** Parses a bound of XRANGE: `-`, `+` or an id. */
export function rangeBound(text: string, end: "from" | "to"): bigint {
  if (text === "-") return 0n;
  if (text === "+") return streamId(MAX_ID_PART, MAX_ID_PART);
  return parseId(text, end === "from" ? 0n : MAX_ID_PART);
}

function part(digits: string): bigint {
  if (BigInt(digits) > MAX_ID_PART) throw invalidId();
  return BigInt(digits);
}

function invalidId(): CommandFailure {
  return new CommandFailure("ERR Invalid stream ID specified as stream command argument");
}
