import type { Reply } from "../../reply.ts";
import { type CommandTable, type Options, reads, writes } from "../command.ts";
import type { Database } from "../database.ts";
import { CommandFailure, failures } from "../failure.ts";
import { integer } from "../numbers.ts";

const MAX_TIME_MS = 2n ** 63n - 1n;

/** A command's time format: seconds or milliseconds, relative or since the epoch. */
interface TimeForm {
  readonly unitMs: 1 | 1000;
  readonly from: "now" | "epoch";
}

const OPTION_FORMS: Readonly<Record<string, TimeForm>> = {
  EX: { unitMs: 1000, from: "now" },
  PX: { unitMs: 1, from: "now" },
  EXAT: { unitMs: 1000, from: "epoch" },
  PXAT: { unitMs: 1, from: "epoch" },
};

/** Commands for keys' expiry. */
export const expiryCommands: CommandTable = {
  expire: writes(-3, expire({ unitMs: 1000, from: "now" })),
  pexpire: writes(-3, expire({ unitMs: 1, from: "now" })),
  expireat: writes(-3, expire({ unitMs: 1000, from: "epoch" })),
  pexpireat: writes(-3, expire({ unitMs: 1, from: "epoch" })),
  ttl: reads(2, (database, [key = ""]) =>
    remaining(database, key, (atMs) => Math.floor((atMs - database.nowMs() + 500) / 1000)),
  ),
  pttl: reads(2, (database, [key = ""]) =>
    remaining(database, key, (atMs) => atMs - database.nowMs()),
  ),
  expiretime: reads(2, (database, [key = ""]) =>
    remaining(database, key, (atMs) => Math.floor((atMs + 500) / 1000)),
  ),
  pexpiretime: reads(2, (database, [key = ""]) => remaining(database, key, (atMs) => atMs)),
  persist: writes(2, (database, [key = ""]) => {
    if (database.expiresAtMs(key) === undefined) return 0;
    database.expireAt(key, undefined);
    return 1;
  }),
};

/**
 * Parses EX, PX, EXAT or PXAT with its time, if one is next. Returns a function that computes the
 * time of expiry or throws for an invalid time.
 */
export function expiryOption(
  options: Options,
): ((nowMs: number, name: string) => number) | undefined {
  const form = OPTION_FORMS[options.peek()];
  if (!form) return undefined;
  options.next();
  const time = options.next();
  if (time === undefined) throw failures.syntax();
  return (nowMs, name) => expiryTime(time, form, nowMs, name);
}

/** The time of expiry for a positive argument. Throws for what SET and similar commands refuse. */
export function expiryTime(text: string, form: TimeForm, nowMs: number, name: string): number {
  const value = integer(text);
  const atMs = moment(value, form, nowMs);
  if (value <= 0n || atMs > MAX_TIME_MS) throw invalidTime(name);
  return Number(atMs);
}

function expire({ unitMs, from }: TimeForm) {
  return (database: Database, args: readonly string[], name: string): Reply => {
    const [key = "", time = "", ...words] = args;
    const condition = expireCondition(words);
    const atMs = moment(integer(time), { unitMs, from }, database.nowMs());
    if (atMs > MAX_TIME_MS || atMs < -MAX_TIME_MS) throw invalidTime(name);
    if (!database.has(key)) return 0;
    if (!condition(database.expiresAtMs(key), Number(atMs))) return 0;
    database.expireAt(key, Number(atMs));
    return 1;
  };
}

type Condition = (before: number | undefined, atMs: number) => boolean;

const CONDITIONS: Readonly<Record<string, Condition>> = {
  NX: (before) => before === undefined,
  XX: (before) => before !== undefined,
  GT: (before, atMs) => before !== undefined && atMs > before,
  LT: (before, atMs) => before === undefined || atMs < before,
};

function expireCondition(words: readonly string[]): Condition {
  const names = new Set(words.map((word) => word.toUpperCase()));
  for (const name of names) {
    if (!CONDITIONS[name]) throw new CommandFailure(`ERR Unsupported option ${name}`);
  }
  if (names.has("NX") && names.size > 1) {
    throw new CommandFailure("ERR NX and XX, GT or LT options at the same time are not compatible");
  }
  if (names.has("GT") && names.has("LT")) {
    throw new CommandFailure("ERR GT and LT options at the same time are not compatible");
  }
  return (before, atMs) => [...names].every((name) => CONDITIONS[name]?.(before, atMs));
}

function moment(value: bigint, { unitMs, from }: TimeForm, nowMs: number): bigint {
  return value * BigInt(unitMs) + (from === "now" ? BigInt(nowMs) : 0n);
}

function remaining(database: Database, key: string, of: (atMs: number) => number): Reply {
  if (!database.has(key)) return -2;
  const atMs = database.expiresAtMs(key);
  return atMs === undefined ? -1 : of(atMs);
}

function invalidTime(name: string): CommandFailure {
  return new CommandFailure(`ERR invalid expire time in '${name}' command`);
}
