/**
 * What Upstash allows in a script with the flag `allow-key-locking`: only the keys in KEYS, and no
 * command that affects the whole database.
 * https://upstash.com/docs/redis/features/key-locking#lua-scripts
 */

/** Which of a command's arguments are keys; for other commands only the first is. */
const KEYS_OF: Readonly<Record<string, "all" | "none">> = {
  del: "all",
  exists: "all",
  ping: "none",
  time: "none",
  keys: "none",
  scan: "none",
};
/** Writes to the whole database and needs the global lock. */
const WHOLE_DATABASE = "flushall";

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
  if (name === WHOLE_DATABASE) return `ERR ${name} ${NOT_ALLOWED}`;
  const unknown = keysOf(name, args).find((key) => !declared.has(key));
  return unknown === undefined ? undefined : `ERR Dynamic keys are ${NOT_DECLARED}${unknown}`;
}

function keysOf(name: string, args: readonly string[]): readonly string[] {
  switch (KEYS_OF[name]) {
    case "all":
      return args;
    case "none":
      return [];
    default:
      return args.slice(0, 1);
  }
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
  `if name == "${WHOLE_DATABASE}" then return "ERR " .. name .. " ${NOT_ALLOWED}" end`,
  "local shape, count = shapes[name], select('#', ...)",
  'if shape == "none" then return end',
  'for place = 1, math.min(shape == "all" and count or 1, count) do',
  "local key = tostring((select(place, ...)))",
  `if not known[key] then return "ERR Dynamic keys are ${NOT_DECLARED}" .. key end`,
  "end end",
  "local checked = {",
  "call = function(...) local message = refusal(...) if message then error({err = message}, 0) end return real.call(...) end}",
  "return setmetatable(checked, {__index = real})",
  "end)(redis, KEYS)",
].join(" ");
