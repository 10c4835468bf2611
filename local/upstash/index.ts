import type { LocalClock } from "../kit/clock.ts";
import type { FaultPlan } from "../kit/faults.ts";
import { type Place, serveAt } from "../kit/http/listen.ts";
import type { PersistentState } from "../kit/persistent-state.ts";
import { startEmbeddedEngine } from "./embedded/index.ts";
import type { Engine, Replica } from "./engine.ts";
import { startRedisServerEngine } from "./redis-server/index.ts";
import { hasRedisServer } from "./redis-server/process.ts";
import type { Reply } from "./reply.ts";
import { restListener } from "./rest-server.ts";

/** Options of `startUpstash`. */
export interface UpstashOptions extends Place {
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  /** The REST token that clients must send. */
  readonly token: string;
  /** By default a real redis-server if one is on the PATH, otherwise the embedded engine. */
  readonly engine?: Engine["kind"];
  /** State that an earlier run stored and this run continues; only for the embedded engine. */
  readonly state?: PersistentState | undefined;
}

/** The running Upstash Redis emulator. */
export interface Upstash {
  /** For `UPSTASH_REDIS_REST_URL`. */
  readonly url: string;
  /** For `UPSTASH_REDIS_REST_TOKEN`. */
  readonly token: string;
  readonly engine: Engine["kind"];
  /** Deletes every key and every cached script, like a Redis that failed and restarted empty. */
  loseData(): Promise<void>;
  /** The replica; only the embedded engine has one. */
  readonly replica: Replica | undefined;
  /**
   * Answers nothing for `ms`. Requests received meanwhile are executed afterwards, even if their
   * caller no longer waits.
   */
  hang(ms: number): void;
  /** Runs a command as an operator would: immediately, without faults. */
  run(...command: string[]): Promise<Reply>;
  /** Changes with every request, since any may change a key. */
  revision(): number;
  stop(): Promise<void>;
}

/**
 * Starts the Upstash REST protocol on 127.0.0.1, with an empty database. Keys expire by the local
 * clock.
 */
export async function startUpstash(options: UpstashOptions): Promise<Upstash> {
  const { clock, faults, token } = options;
  const kind = options.engine ?? (await usualEngine(options));
  const engine = await startEngine(kind, clock, options.state);
  let hangsUntilMs = 0;
  const whenReady = async () => {
    while (clock.nowMs() < hangsUntilMs) await clock.sleep(hangsUntilMs - clock.nowMs());
  };
  let requests = 0;
  const counted: Engine = {
    ...engine,
    run: (commands) => {
      requests += 1;
      return engine.run(commands);
    },
    runAtomically: (commands) => {
      requests += 1;
      return engine.runAtomically(commands);
    },
  };
  const listener = restListener({ engine: counted, clock, faults, token, whenReady });
  const server = await serveAt(options, listener);
  return {
    url: server.url,
    token,
    engine: kind,
    loseData: () => engine.loseData(),
    replica: engine.replica,
    hang: (ms) => {
      hangsUntilMs = Math.max(hangsUntilMs, clock.nowMs() + ms);
    },
    run: async (...command) => (await engine.run([command]))[0] ?? null,
    revision: () => requests,
    stop: async () => {
      await server.stop();
      await engine.stop();
    },
  };
}

async function usualEngine({ state }: UpstashOptions): Promise<Engine["kind"]> {
  return !state && (await hasRedisServer()) ? "redis-server" : "embedded";
}

function startEngine(
  kind: Engine["kind"],
  clock: LocalClock,
  state: PersistentState | undefined,
): Promise<Engine> {
  return kind === "redis-server"
    ? startRedisServerEngine(clock)
    : startEmbeddedEngine(clock, state);
}
