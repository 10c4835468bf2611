import { CommandFailure } from "../failure.ts";
import { idParts, MAX_ID_PART, streamId } from "../stream.ts";

/**
 * Parses an id such as `1700000000000-5`; without a sequence it gets `sequence`. Throws Redis's
 * error.
 */
export function parseId(text: string, sequence: bigint): bigint {
  const [, ms, given] = /^(\d{1,20})(?:-(\d{1,20}))?$/.exec(text) ?? [];
  if (ms === undefined) throw invalidId();
  return streamId(part(ms), given === undefined ? sequence : part(given));
}

/** Parses a bound of XRANGE: `-`, `+`, an id, or an exclusive id after `(`. */
export function rangeBound(text: string, end: "from" | "to"): bigint {
  if (text === "-") return 0n;
  if (text === "+") return streamId(MAX_ID_PART, MAX_ID_PART);
  const missing = end === "from" ? 0n : MAX_ID_PART;
  if (!text.startsWith("(")) return parseId(text, missing);
  const id = parseId(text.slice(1), missing);
  if (end === "from") {
    if (id === streamId(MAX_ID_PART, MAX_ID_PART)) throw invalidInterval("start");
    return id + 1n;
  }
  if (id === 0n) throw invalidInterval("end");
  return id - 1n;
}

/**
 * Parses XADD's id: `*`, `ms-*` or `ms-sequence`. Returns a function that computes the id after the
 * stream's last one.
 */
export function newId(text: string): (lastId: bigint, nowMs: number) => bigint {
  if (text === "*") {
    return (lastId, nowMs) => {
      const now = streamId(BigInt(nowMs), 0n);
      return now > lastId ? now : lastId + 1n;
    };
  }
  if (text.endsWith("-*")) {
    const ms = part(/^(\d{1,20})-\*$/.exec(text)?.[1] ?? "");
    return (lastId) => {
      const last = idParts(lastId);
      if (ms < last.ms) throw tooSmall();
      return ms === last.ms ? lastId + 1n : streamId(ms, 0n);
    };
  }
  const id = parseId(text, 0n);
  if (id === 0n) throw new CommandFailure("ERR The ID specified in XADD must be greater than 0-0");
  return (lastId) => {
    if (id <= lastId) throw tooSmall();
    return id;
  };
}

function part(digits: string): bigint {
  if (digits === "" || BigInt(digits) > MAX_ID_PART) throw invalidId();
  return BigInt(digits);
}

function invalidId(): CommandFailure {
  return new CommandFailure("ERR Invalid stream ID specified as stream command argument");
}

function invalidInterval(end: "start" | "end"): CommandFailure {
  return new CommandFailure(`ERR invalid ${end} ID for the interval`);
}

function tooSmall(): CommandFailure {
  return new CommandFailure(
    "ERR The ID specified in XADD is equal or smaller than the target stream top item",
  );
}
