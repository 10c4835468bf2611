import fc from "fast-check";

/** A command as the REST protocol takes it. */
export type CommandWords = readonly string[];

const key = fc.constantFrom("a", "b", "c", "d");
const word = fc.constantFrom("", "x", "y", "zz", "10", "-3", "07", "1.5", "é", "a b", "\u0000\n");
const member = fc.constantFrom("x", "y", "z", "10", "9", "-3");
const index = fc.integer({ min: -4, max: 4 }).map(String);
const wholeNumber = fc.constantFrom("0", "1", "-1", "5", "9007199254740993", "1.0", "x");
const decimal = fc.constantFrom("0", "1", "-2.5", "0.5", "3e2", ".25", "nan", "x");
const score = fc.constantFrom("0", "1", "-1", "2.5", "1e3", "inf", "-inf", "12345678", "x");
const scoreBound = fc.constantFrom("-inf", "+inf", "0", "(1", "2.5", "(-1", "x");
const farAway = fc.constantFrom("4102444800", "4102444801", "0", "-5", "x");
const streamId = fc.constantFrom(
  "1-1",
  "1-2",
  "2",
  "2-*",
  "5-0",
  "0-0",
  "3-18446744073709551615",
  "x",
);
const rangeId = fc.constantFrom("-", "+", "1", "1-1", "(1-1", "2", "(2", "x");
const limit = fc.constantFrom("0", "1", "2", "-1");

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
  command("SET", key, word, some("NX", "XX", "GET", "KEEPTTL"), maybe("EXAT", farAway)),
  command("GET", key),
  command("GETSET", key, word),
  command("GETDEL", key),
  command("GETEX", key, fc.oneof(maybe("PXAT", farAway), maybe("PERSIST"))),
  command("SETNX", key, word),
  command("MGET", many(key)),
  command("MSET", pairsOf(key, word)),
  command("MSETNX", pairsOf(key, word)),
  command("INCR", key),
  command("DECR", key),
  command(fc.constantFrom("INCRBY", "DECRBY"), key, wholeNumber),
  command("INCRBYFLOAT", key, decimal),
  command("APPEND", key, word),
  command("STRLEN", key),
  command("GETRANGE", key, index, index),
  command("SETRANGE", key, index, word),
];

const keys = [
  command(fc.constantFrom("DEL", "EXISTS", "UNLINK", "TOUCH"), many(key)),
  command("TYPE", key),
  command(fc.constantFrom("RENAME", "RENAMENX"), key, key),
  command("COPY", key, key, some("REPLACE")),
  command("EXPIREAT", key, farAway, some("NX", "XX", "GT", "LT")),
  command(fc.constantFrom("EXPIRETIME", "PEXPIRETIME", "PERSIST"), key),
  command("KEYS", fc.constantFrom("*", "?", "[a-b]", "[^a]", "\\a", "a*", "[")),
  command("DBSIZE"),
  command("ECHO", word),
  command("PING", maybe(word)),
];

const hashes = [
  command(fc.constantFrom("HSET", "HMSET"), key, pairsOf(member, word)),
  command("HSETNX", key, member, word),
  command(fc.constantFrom("HGET", "HEXISTS", "HSTRLEN"), key, member),
  command("HMGET", key, many(member)),
  command(fc.constantFrom("HGETALL", "HKEYS", "HVALS", "HLEN"), key),
  command("HDEL", key, many(member)),
  command("HINCRBY", key, member, wholeNumber),
  command("HINCRBYFLOAT", key, member, decimal),
];

const lists = [
  command(fc.constantFrom("LPUSH", "RPUSH", "LPUSHX", "RPUSHX"), key, many(word)),
  command(fc.constantFrom("LPOP", "RPOP"), key, maybe(limit)),
  command("LLEN", key),
  command(fc.constantFrom("LRANGE", "LTRIM"), key, index, index),
  command("LINDEX", key, index),
  command("LSET", key, index, word),
  command("LREM", key, index, word),
  command("LINSERT", key, fc.constantFrom("BEFORE", "AFTER", "IN"), word, word),
  command("RPOPLPUSH", key, key),
  command("LMOVE", key, key, fc.constantFrom("LEFT", "RIGHT"), fc.constantFrom("LEFT", "right")),
];

const sets = [
  command(fc.constantFrom("SADD", "SREM", "SMISMEMBER"), key, many(member)),
  command("SISMEMBER", key, member),
  command(fc.constantFrom("SMEMBERS", "SCARD"), key),
  command("SMOVE", key, key, member),
  command(fc.constantFrom("SINTER", "SUNION", "SDIFF"), many(key)),
  command(fc.constantFrom("SINTERSTORE", "SUNIONSTORE", "SDIFFSTORE"), key, many(key)),
  command("SINTERCARD", "2", key, key, maybe("LIMIT", limit)),
];

const sortedSets = [
  command("ZADD", key, some("NX", "XX", "GT", "LT", "CH", "INCR"), pairsOf(score, member)),
  command("ZADD", key, pairsOf(score, member)),
  command("ZINCRBY", key, score, member),
  command(fc.constantFrom("ZSCORE", "ZRANK", "ZREVRANK"), key, member),
  command(fc.constantFrom("ZREM", "ZMSCORE"), key, many(member)),
  command("ZCARD", key),
  command(fc.constantFrom("ZCOUNT", "ZREMRANGEBYSCORE"), key, scoreBound, scoreBound),
  command("ZREMRANGEBYRANK", key, index, index),
  command(fc.constantFrom("ZPOPMIN", "ZPOPMAX"), key, maybe(limit)),
  command("ZRANGE", key, index, index, some("REV", "WITHSCORES")),
  command("ZRANGE", key, scoreBound, scoreBound, "BYSCORE", some("REV", "WITHSCORES")),
  command("ZRANGE", key, scoreBound, scoreBound, "BYSCORE", maybe("LIMIT", index, limit)),
  command("ZREVRANGE", key, index, index, some("WITHSCORES")),
  command(
    fc.constantFrom("ZRANGEBYSCORE", "ZREVRANGEBYSCORE"),
    key,
    scoreBound,
    scoreBound,
    some("WITHSCORES"),
    maybe("LIMIT", index, limit),
  ),
  command("ZRANGESTORE", key, key, scoreBound, scoreBound, "BYSCORE", some("REV")),
];

const streams = [
  command("XADD", key, streamId, pairsOf(member, word)),
  command("XADD", key, "NOMKSTREAM", "MAXLEN", maybe("="), limit, streamId, "f", word),
  command("XADD", key, "MAXLEN", "~", limit, streamId, "f", word),
  command("XLEN", key),
  command(fc.constantFrom("XRANGE", "XREVRANGE"), key, rangeId, rangeId, maybe("COUNT", limit)),
  command("XREAD", maybe("COUNT", limit), "STREAMS", key, key, streamId, streamId),
  command("XDEL", key, many(streamId)),
  command("XTRIM", key, fc.constantFrom("MAXLEN", "MINID"), limit),
];

/**
 * Any command on a handful of keys, right and wrong ones, as long as its reply depends on nothing but the
 * commands before it: no real time, no randomness.
 */
export const anyCommand: fc.Arbitrary<CommandWords> = fc.oneof(
  fc.oneof(...strings),
  fc.oneof(...keys),
  fc.oneof(...hashes),
  fc.oneof(...lists),
  fc.oneof(...sets),
  fc.oneof(...sortedSets),
  fc.oneof(...streams),
);
