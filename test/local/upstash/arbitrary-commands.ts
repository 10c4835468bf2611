import fc from "fast-check";

/** A command as the REST protocol takes it. */
export type CommandWords = readonly string[];

const key = fc.constantFrom("a", "b", "c", "d");
const word = fc.constantFrom("", "x", "y", "zz", "10", "-3", "07", "1.5", "é", "a b", "\u0000\n");
const member = fc.constantFrom("x", "y", "z", "10", "9", "-3");
const index = fc.integer({ min: -4, max: 4 }).map(String);
const score = fc.constantFrom("0", "1", "-1", "2.5", "1e3", "inf", "-inf", "12345678", "x");
const scoreBound = fc.constantFrom("-inf", "+inf", "0", "(1", "2.5", "(-1", "x");
const streamId = fc.constantFrom("1-1", "1-2", "2", "5-0", "0-0", "3-18446744073709551615", "x");
const rangeId = fc.constantFrom("-", "+", "1", "1-1", "2", "x");
const limit = fc.constantFrom("0", "1", "2", "-1");
const farAway = fc.constantFrom("4102444800000", "0", "-5", "x");

type Part = string | fc.Arbitrary<string> | fc.Arbitrary<readonly string[]>;

function command(...parts: readonly Part[]): fc.Arbitrary<CommandWords> {
  const arbitraries = parts.map((part) => (typeof part === "string" ? fc.constant(part) : part));
  return fc.tuple(...arbitraries).map((values) => values.flat());
}

const many = (item: fc.Arbitrary<string>) => fc.array(item, { minLength: 1, maxLength: 4 });
const pairsOf = (first: fc.Arbitrary<string>, second: fc.Arbitrary<string>) =>
  fc.array(fc.tuple(first, second), { minLength: 1, maxLength: 3 }).map((pairs) => pairs.flat());
const some = (...words: string[]) => fc.subarray(words);
const maybe = (...parts: readonly Part[]) =>
  fc.option(command(...parts), { nil: [] as readonly string[] });

const strings = [
  command("SET", key, word, some("NX"), maybe("PXAT", farAway)),
  command("GET", key),
  command("INCR", key),
];

const keys = [
  command(fc.constantFrom("DEL", "EXISTS"), many(key)),
  command("TYPE", key),
  command("KEYS", fc.constantFrom("*", "?", "[a-b]", "[^a]", "\\a", "a*", "[")),
  command("PING"),
];

const hashes = [
  command("HSET", key, pairsOf(member, word)),
  command(fc.constantFrom("HGET", "HEXISTS"), key, member),
  command(fc.constantFrom("HMGET", "HDEL"), key, many(member)),
  command("HGETALL", key),
];

const sortedSets = [
  command("ZADD", key, pairsOf(score, member)),
  command("ZSCORE", key, member),
  command("ZREM", key, many(member)),
  command("ZCARD", key),
  command("ZREMRANGEBYSCORE", key, scoreBound, scoreBound),
  command(fc.constantFrom("ZRANGE", "ZREVRANGE"), key, index, index, some("WITHSCORES")),
];

const streams = [
  command("XADD", key, streamId, pairsOf(member, word)),
  command("XLEN", key),
  command(fc.constantFrom("XRANGE", "XREVRANGE"), key, rangeId, rangeId, maybe("COUNT", limit)),
];

/**
 * Any command on a handful of keys, right and wrong ones, as long as its reply depends on nothing but the
 * commands before it: no real time, no randomness.
 */
export const anyCommand: fc.Arbitrary<CommandWords> = fc.oneof(
  fc.oneof(...strings),
  fc.oneof(...keys),
  fc.oneof(...hashes),
  fc.oneof(...sortedSets),
  fc.oneof(...streams),
);
