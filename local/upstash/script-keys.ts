/**
 * What Upstash allows in a script with the flag `allow-key-locking`: only the keys in KEYS, and no
 * command that affects the whole database.
 * https://upstash.com/docs/redis/features/key-locking#lua-scripts
 */

/**
 * The positions of keys among a command's arguments; for other commands the first argument is the
 * key.
 */
const KEYS_OF: Readonly<Record<string, "all" | "first two" | "every other" | "none">> = {
  ...each("all", ["del", "unlink", "exists", "touch", "mget", "sinter", "sunion", "sdiff"]),
  ...each("all", ["sinterstore", "sunionstore", "sdiffstore"]),
  ...each("first two", ["rename", "renamenx", "copy", "smove", "rpoplpush", "lmove"]),
  ...each("first two", ["zrangestore"]),
  ...each("every other", ["mset", "msetnx"]),
  ...each("none", ["ping", "echo", "time", "info", "dbsize", "keys", "scan", "randomkey"]),
  // Their keys follow a number or a word. The product's scripts do not use them, so they are not
  // checked.
  ...each("none", ["sintercard", "xread"]),
};
/** Commands that write to the whole database and need the global lock. */
const WHOLE_DATABASE = ["flushdb", "flushall"];

/** Whether a script's first line requests locks only on its own keys. */
export function locksItsKeys(script: string): boolean {
  return /^#!lua\s[^\n]*\ballow-key-locking\b/.test(script);
}

/** Why such a script's command is refused; undefined if it may run. */
export function lockRefusal(
  [command = "", ...args]: readonly string[],
  declared: ReadonlySet<string>,
): string | undefined {
  const name = command.toLowerCase();
  if (WHOLE_DATABASE.includes(name)) return `ERR ${name} ${NOT_ALLOWED}`;
  const unknown = keysOf(name, args).find((key) => !declared.has(key));
  return unknown === undefined ? undefined : `ERR Dynamic keys are ${NOT_DECLARED}${unknown}`;
}

function keysOf(name: string, args: readonly string[]): readonly string[] {
  switch (KEYS_OF[name]) {
    case "all":
      return args;
    case "first two":
      return args.slice(0, 2);
    case "every other":
      return args.filter((_, index) => index % 2 === 0);
    case "none":
      return [];
    default:
      return args.slice(0, 1);
  }
}

function each<T>(value: T, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(names.map((name) => [name, value]));
}

const NOT_ALLOWED = "is not allowed in Lua scripts when 'allow-key-locking' flag is set.";
const NOT_DECLARED = "not allowed in Lua scripts when 'allow-key-locking' flag is set. Key was: ";

/**
 * The same check as one line of Lua, for a Redis without the flag. It replaces the script's first
 * line, so that line numbers do not change.
 */
export const LOCK_CHECK = [
  "local redis = (function(real, declared)",
  "local known = {} for _, key in ipairs(declared) do known[key] = true end",
  `local shapes = {${Object.entries(KEYS_OF)
    .map(([name, shape]) => `${name}="${shape}"`)
    .join(",")}}`,
  "local function refusal(name, ...)",
  "name = string.lower(name)",
  `if ${WHOLE_DATABASE.map((name) => `name == "${name}"`).join(" or ")} then return "ERR " .. name .. " ${NOT_ALLOWED}" end`,
  "local shape, count = shapes[name], select('#', ...)",
  'if shape == "none" then return end',
  'local last = shape == "all" and count or shape == "every other" and count or shape == "first two" and 2 or 1',
  'for place = 1, math.min(last, count), shape == "every other" and 2 or 1 do',
  "local key = tostring((select(place, ...)))",
  `if not known[key] then return "ERR Dynamic keys are ${NOT_DECLARED}" .. key end`,
  "end end",
  "local checked = {",
  "call = function(...) local message = refusal(...) if message then error({err = message}, 0) end return real.call(...) end,",
  "pcall = function(...) local message = refusal(...) if message then return {err = message} end return real.pcall(...) end}",
  "return setmetatable(checked, {__index = real})",
  "end)(redis, KEYS)",
].join(" ");
