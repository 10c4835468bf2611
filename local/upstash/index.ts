import type { LocalClock } from "../kit/clock.ts";
import type { FaultPlan } from "../kit/faults.ts";
import { type Place, serveAt } from "../kit/http.ts";
import type { PersistentState } from "../kit/persistent-state.ts";
import { startEmbeddedEngine } from "./embedded/index.ts";
import type { Engine, Replica } from "./engine.ts";
import { startRedisServerEngine } from "./redis-server/index.ts";
import { hasRedisServer } from "./redis-server/process.ts";
import type { Reply } from "./reply.ts";
import { restListener } from "./rest-server.ts";

/** How to start the emulator for Upstash Redis. */
export interface UpstashOptions extends Place {
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  /** The REST token that clients have to send. */
  readonly token: string;
  /** A real redis-server where one is on the PATH, else the embedded engine, unless told. */
  readonly engine?: Engine["kind"];
  /** What an earlier run left, and a later one goes on with; only the embedded engine can. */
  readonly state?: PersistentState | undefined;
}

/** A running emulator for Upstash Redis. */
export interface Upstash {
  /** For `UPSTASH_REDIS_REST_URL`. */
  readonly url: string;
  /** For `UPSTASH_REDIS_REST_TOKEN`. */
  readonly token: string;
  readonly engine: Engine["kind"];
  /** Loses every key and every cached script, like a Redis that failed and came back empty. */
  loseData(): Promise<void>;
  /** A copy that can take over; only the embedded engine has one. */
  readonly replica: Replica | undefined;
  /** Answers nothing for so long; what was sent meanwhile is done then, whoever still waits for it. */
  hang(ms: number): void;
  /** Runs a command as an operator would: at once, without a fault. */
  run(...command: string[]): Promise<Reply>;
  stop(): Promise<void>;
}

/**
 * Starts the Upstash REST protocol on 127.0.0.1, in front of an empty database. Keys expire by the local
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
  const listener = restListener({ engine, clock, faults, token, whenReady });
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
