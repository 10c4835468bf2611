import type { IncomingMessage, ServerResponse } from "node:http";
import { http } from "@google-cloud/functions-framework";
import { getTestServer } from "@google-cloud/functions-framework/testing";
import { type FunctionName, manifest } from "../../functions/manifest.ts";
import type { FunctionsCode } from "../../local/functions/code.ts";
import type { ConnectInstance } from "../../local/functions/connect.ts";
import type { LocalClock } from "../../local/kit/clock.ts";
import type { Gate } from "../../local/kit/gate.ts";
import type { HttpHandler } from "../../shared/runtime/http.ts";
import type { LogWriter } from "../../shared/runtime/log.ts";
import type { Choices } from "../random/choices.ts";
import type { DrawnFaults } from "../random/drawn-faults.ts";
import type { Swarm } from "../random/swarm.ts";
import type { Trace } from "../trace.ts";

/** What all instances of a run share. */
export interface InstanceParts {
  readonly clock: LocalClock;
  readonly choices: Choices;
  readonly swarm: Swarm;
  readonly faults: DrawnFaults;
  readonly trace: Trace;
  readonly write: LogWriter;
  readonly settings: Readonly<Record<string, string | undefined>>;
  /** Creates the clients through which an instance reaches everything outside. */
  readonly connect: ConnectInstance;
  /**
   * The functions' code, evaluated for the instances that share it: at most one of each function.
   */
  readonly code: FunctionsCode;
}

/** The function of the instance that serves a request. */
const chosen = new WeakMap<object, HttpHandler>();
/**
 * The framework's server, which each instance has in production. All share this one here: creating
 * one takes longer than most requests.
 */
const SERVER_NAME = "instance";
http(SERVER_NAME, async (request, response) => chosen.get(request)?.(request, response));
const server = getTestServer(SERVER_NAME);

const FROZEN_MS = [400, 3_000, 20_000, 70_000];

/**
 * One instance of a function with its own memory: no other instance of the function shares its
 * code. It can be killed between any two of its calls, before or after a call's effect; nothing of
 * it continues then, as when its machine fails. It can also be frozen for a while and continue.
 */
export class Instance {
  readonly name: FunctionName;
  readonly id: string;
  #parts: InstanceParts;
  #isAlive = true;
  #frozenUntilMs = 0;
  #inFlight = new Set<IncomingMessage>();
  #usedAtMs: number;
  #function: HttpHandler | undefined;
  #withholdBody: ((request: IncomingMessage) => void) | undefined;
  #onDeath: (instance: Instance) => void;

  constructor(
    name: FunctionName,
    number: number,
    parts: InstanceParts,
    onDeath: (instance: Instance) => void,
  ) {
    this.name = name;
    this.id = `${name}-${number}`;
    this.#parts = parts;
    this.#usedAtMs = parts.clock.nowMs();
    this.#onDeath = onDeath;
  }

  /** The code that it runs. */
  get code(): FunctionsCode {
    return this.#parts.code;
  }

  /** How long it has had no request. */
  get idleMs(): number {
    return this.#inFlight.size > 0 ? 0 : this.#parts.clock.nowMs() - this.#usedAtMs;
  }

  /** Marks it as used now. */
  noteUse(): void {
    this.#usedAtMs = this.#parts.clock.nowMs();
  }

  /** Loads its code and initialises the function. */
  async start(): Promise<void> {
    const { clock, choices, faults, code, settings, connect } = this.#parts;
    const random = choices.stream(`instance ${this.id}`);
    const ownClock = this.#clockOf(clock, faults.skewMs(this.id));
    const wire = await code.load(this.name);
    const log = code.createLog(this.#write).with({ function: this.name });
    const time = { now: () => ownClock.now(), sleep: (ms: number) => ownClock.sleep(ms) };
    const connections = connect(random, this.#gate);
    const row = manifest[this.name];
    this.#function = code.createFunction(row, wire, settings, time, log, connections);
    this.#withholdBody = (request) => code.withholdBody(request as never);
  }

  /** Serves a request. */
  serve(request: IncomingMessage, response: ServerResponse): void {
    if (!this.#isAlive || !this.#function) {
      request.socket.destroy();
      return;
    }
    this.#inFlight.add(request);
    response.once("close", () => {
      this.#inFlight.delete(request);
      this.noteUse();
    });
    this.#withholdBody?.(request);
    chosen.set(request, this.#function);
    server.emit("request", request, response);
  }

  /** Stops it immediately: its callers lose their connections, and nothing of it continues. */
  kill(why: string): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    this.#parts.trace.add(`${this.id} dies ${why}`);
    for (const request of this.#inFlight) request.socket.destroy();
    this.#inFlight.clear();
    this.#onDeath(this);
  }

  /** A stopped instance logs nothing. */
  #write: LogWriter = (line) => {
    if (this.#isAlive) this.#parts.write(line);
  };

  /** Every call of the instance passes through here, before and after its effect. */
  #gate: Gate = async (operation, call) => {
    await this.#passing(`before ${operation}`);
    const outcome = await call().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    await this.#passing(`after ${operation}`);
    if ("error" in outcome) throw outcome.error;
    return outcome.value;
  };

  async #passing(where: string): Promise<void> {
    const { clock, choices, swarm, faults } = this.#parts;
    if (!this.#isAlive) return never();
    if (!faults.isQuiet) {
      const label = `${where} in ${this.id}`;
      const isKilled =
        swarm.kinds.has("killed") && choices.isChosen(`kill ${label}`, swarm.odds / 2);
      if (isKilled) {
        faults.note(`killed ${where.split(" ", 1)[0]} a call`);
        this.kill(where);
        return never();
      }
      if (swarm.kinds.has("frozen") && choices.isChosen(`freeze ${label}`, swarm.odds / 4)) {
        const ms = choices.oneOf(`frozen ${label}`, FROZEN_MS) ?? 0;
        faults.noteFreeze(this.id, ms);
        this.#parts.trace.add(`${this.id} stands still ${where} for ${ms}`);
        this.#frozenUntilMs = Math.max(this.#frozenUntilMs, clock.nowMs() + ms);
      }
    }
    while (this.#frozenUntilMs > clock.nowMs()) {
      await clock.sleep(this.#frozenUntilMs - clock.nowMs());
    }
    if (!this.#isAlive) return never();
  }

  /** The run's clock with this machine's skew; its timers run only while the instance does. */
  #clockOf(clock: LocalClock, skewMs: number): LocalClock {
    const whileAlive = (callback: () => void) => () => {
      if (!this.#isAlive) return;
      const waitMs = this.#frozenUntilMs - clock.nowMs();
      if (waitMs > 0) clock.after(waitMs, whileAlive(callback));
      else callback();
    };
    const own: Partial<LocalClock> = {
      nowMs: () => clock.nowMs() + skewMs,
      now: () => new Date(clock.nowMs() + skewMs),
      at: (atMs, callback) => clock.at(atMs - skewMs, whileAlive(callback)),
      after: (delayMs, callback) => clock.after(delayMs, whileAlive(callback)),
      sleep: (delayMs) =>
        new Promise<void>((resolve) => void clock.after(delayMs, whileAlive(resolve))),
    };
    return own as LocalClock;
  }
}

function never(): Promise<never> {
  return new Promise(() => {});
}
