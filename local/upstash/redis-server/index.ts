import { createHash } from "node:crypto";
import type { LocalClock } from "../../kit/clock.ts";
import type { Command, Engine } from "../engine.ts";
import { isError, type Reply } from "../reply.ts";
import { LOCK_CHECK, locksItsKeys } from "../script-keys.ts";
import { RedisConnection } from "./connection.ts";
import { LocalExpiry } from "./expiry.ts";
import { startRedisProcess } from "./process.ts";

/**
 * An engine on its own redis-server, which starts empty and ends with this process. Keys expire by
 * the local clock. TIME returns the local clock's time, also in scripts; absolute times in commands
 * (EXPIREAT) are the real clock's. Turn `checksKeys` off only to measure a script's own time.
 */
export async function startRedisServerEngine(
  clock: LocalClock,
  { checksKeys = true } = {},
): Promise<Engine> {
  const server = await startRedisProcess();
  const connection = await RedisConnection.open(server.socketPath);
  const scripts = new ScriptTranslator(clock, checksKeys);
  const expiry = new LocalExpiry(clock);
  const send = async (commands: readonly Command[]) => {
    const before = expiry.catchUp();
    const replies = await connection.send([...before, ...commands]);
    return replies.slice(before.length);
  };
  return {
    kind: "redis-server",
    run: async (commands) => {
      const replies = await send(commands.map((command) => scripts.toRedis(command)));
      return replies.map((reply, index) => scripts.fromRedis(commands[index] ?? [], reply));
    },
    runAtomically: async (commands) => {
      const inside = commands.map((command) => scripts.toRedis(command));
      const replies = await send([["MULTI"], ...inside, ["EXEC"]]);
      const refused = replies.slice(1, -1).find(isError);
      if (refused) return refused;
      const results = replies.at(-1) ?? null;
      if (!Array.isArray(results)) return results;
      return results.map((reply, index) => scripts.fromRedis(commands[index] ?? [], reply));
    },
    loseData: async () => {
      await connection.send([["FLUSHALL"], ["SCRIPT", "FLUSH"]]);
    },
    stop: async () => {
      connection.close();
      await server.stop();
    },
  };
}

/**
 * Upstash supports the script flag `allow-key-locking`; a real Redis refuses it. Such a script is
 * sent to Redis with a check of its keys in place of the flag, and so has another digest; callers
 * continue to use the digest of their own text.
 */
class ScriptTranslator {
  readonly #redisDigests = new Map<string, string>();
  readonly #clock: LocalClock;
  readonly #checksKeys: boolean;

  constructor(clock: LocalClock, checksKeys: boolean) {
    this.#clock = clock;
    this.#checksKeys = checksKeys;
  }

  toRedis(command: Command): Command {
    const [name = "", first = "", second = ""] = command;
    const rest = command.slice(2);
    switch (name.toUpperCase()) {
      case "EVAL":
        return this.#withTime([name, this.#translate(first), second, ...command.slice(3)], first);
      case "EVALSHA":
        return this.#withTime([name, this.#digest(first), ...rest], first);
      case "SCRIPT":
        return /^load$/i.test(first) ? [name, first, this.#translate(second)] : command;
      default:
        return command;
    }
  }

  fromRedis(command: Command, reply: Reply): Reply {
    const [name = "", first = "", script = ""] = command;
    if (/^time$/i.test(name) && command.length === 1) return timeOf(this.#clock.nowMs());
    const loaded = /^script$/i.test(name) && /^load$/i.test(first) && typeof reply === "string";
    return loaded ? sha1(script) : reply;
  }

  /** A translated script receives the time as additional arguments. */
  #withTime(command: Command, script: string): Command {
    const isTranslated = locksItsKeys(script) || this.#redisDigests.has(script.toLowerCase());
    return isTranslated ? [...command, ...timeOf(this.#clock.nowMs())] : command;
  }

  #digest(digest: string): string {
    return this.#redisDigests.get(digest.toLowerCase()) ?? digest;
  }

  #translate(script: string): string {
    if (!locksItsKeys(script)) return script;
    const [line = ""] = script.split("\n", 1);
    const check = `${LOCAL_TIME} ${this.#checksKeys ? LOCK_CHECK : ""}`;
    const translated = `${check}${script.slice(line.length)}`;
    this.#redisDigests.set(sha1(script), sha1(translated));
    return translated;
  }
}

/** Seconds and microseconds, as TIME returns them. */
function timeOf(nowMs: number): string[] {
  return [String(Math.floor(nowMs / 1000)), String(Math.floor(nowMs % 1000) * 1000)];
}

/** Makes TIME in a script return its last two arguments, which the script itself does not see. */
const LOCAL_TIME = [
  "local redis = (function(real, microseconds, seconds)",
  "local function call(name, ...)",
  'if string.lower(name) == "time" then return {seconds, microseconds} end return real.call(name, ...)',
  "end",
  "return setmetatable({call = call}, {__index = real})",
  "end)(redis, table.remove(ARGV), table.remove(ARGV))",
].join(" ");

function sha1(script: string): string {
  return createHash("sha1").update(script, "latin1").digest("hex");
}
