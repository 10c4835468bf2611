import nodeCrypto from "node:crypto";
import { createRequire } from "node:module";
import type { LocalClock } from "../kit/clock.ts";

/** Deterministic replacements for what otherwise differs from run to run. */
export interface InstanceWorld {
  readonly clock: LocalClock;
  readonly fetch: typeof fetch;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** What `performance.timeOrigin` says. */
  readonly startedMs: number;
}

/** The parameters of the functions' bundle besides `module` and `exports`. */
export const INSTANCE_GLOBALS = [
  "globalThis",
  "require",
  "Date",
  "Math",
  "crypto",
  "fetch",
  "performance",
  "AbortSignal",
  "setTimeout",
  "clearTimeout",
  "setInterval",
  "clearInterval",
] as const;

const nodeRequire = createRequire(import.meta.url);

/**
 * Replacements for Node's globals and modules that use real time, randomness, sockets or threads,
 * based on the clock, `fetch` and random number generator of the current world. Cryptography runs
 * synchronously.
 */
export function instanceGlobals(
  world: () => InstanceWorld,
): Readonly<Record<(typeof INSTANCE_GLOBALS)[number], unknown>> {
  const timers = timersOf(world);
  const random = () => world().random();
  const randomBytes = (size: number) => fillWith(random)(Buffer.allocUnsafe(size));
  const randomUUID = () => toUuid(randomBytes(16));
  const randomInt = (min: number, max?: number) =>
    max === undefined ? Math.floor(random() * min) : min + Math.floor(random() * (max - min));
  const webCrypto = { subtle, randomUUID, getRandomValues: fillWith(random) };
  const ownCrypto = { ...nodeCrypto, randomBytes, randomUUID, randomInt, webcrypto: webCrypto };
  const ownPerformance = {
    now: () => world().clock.nowMs() - world().startedMs,
    get timeOrigin() {
      return world().startedMs;
    },
  };
  const modules: Readonly<Record<string, unknown>> = {
    crypto: ownCrypto,
    timers: { ...nodeRequire("node:timers"), ...timers },
    "timers/promises": { setTimeout: promiseTimeout(world) },
    perf_hooks: { ...nodeRequire("node:perf_hooks"), performance: ownPerformance },
  };
  const globals = {
    require: (name: string) => modules[name.replace(/^node:/, "")] ?? nodeRequire(name),
    Date: dateOf(world),
    Math: Object.create(Math, { random: { value: random } }),
    crypto: webCrypto,
    fetch: ((input, init) => world().fetch(input, init)) satisfies typeof fetch,
    performance: ownPerformance,
    AbortSignal: abortSignalOf(world),
    ...timers,
  };
  const own = Object.getOwnPropertyDescriptors(globals);
  return { ...globals, globalThis: Object.create(globalThis, own) };
}

/** A timer as `setTimeout` returns it. */
class InstanceTimer {
  readonly #start: () => () => void;
  #cancel: () => void;

  constructor(start: () => () => void) {
    this.#start = start;
    this.#cancel = start();
  }

  close(): this {
    this.#cancel();
    return this;
  }

  refresh(): this {
    this.#cancel();
    this.#cancel = this.#start();
    return this;
  }

  hasRef(): boolean {
    return true;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

/** The global timer functions. */
type Callback = (...values: unknown[]) => void;

function timersOf(world: () => InstanceWorld) {
  const clear = (timer: unknown) => {
    if (timer instanceof InstanceTimer) timer.close();
  };
  return {
    setTimeout: (callback: Callback, delayMs = 1, ...values: unknown[]) =>
      new InstanceTimer(() => after(world(), delayMs, () => callback(...values))),
    clearTimeout: clear,
    setInterval: (callback: Callback, delayMs = 1, ...values: unknown[]) => {
      const timer: InstanceTimer = new InstanceTimer(() =>
        after(world(), delayMs, () => {
          timer.refresh();
          callback(...values);
        }),
      );
      return timer;
    },
    clearInterval: clear,
  };
}

/** Node treats shorter delays as one millisecond. */
function after({ clock }: InstanceWorld, delayMs: number, callback: () => void): () => void {
  return clock.after(Math.max(1, delayMs), callback);
}

/** `setTimeout` of `node:timers/promises`. */
function promiseTimeout(world: () => InstanceWorld) {
  return <Value>(
    delayMs = 1,
    value?: Value,
    { signal }: { signal?: AbortSignal } = {},
  ): Promise<Value | undefined> => {
    const { promise, resolve, reject } = Promise.withResolvers<Value | undefined>();
    const abort = () => {
      cancel();
      reject(new DOMException("The operation was aborted", "AbortError"));
    };
    const cancel = after(world(), delayMs, () => {
      signal?.removeEventListener("abort", abort);
      resolve(value);
    });
    if (signal?.aborted) abort();
    else signal?.addEventListener("abort", abort, { once: true });
    return promise;
  };
}

/** `Date` by the clock; its instances are ordinary dates. */
function dateOf(world: () => InstanceWorld): DateConstructor {
  const now = () => Math.trunc(world().clock.nowMs());
  return new Proxy(Date, {
    construct: (target, values, newTarget) =>
      Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget),
    apply: (target) => new target(now()).toString(),
    get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
  });
}

function abortSignalOf(world: () => InstanceWorld): typeof AbortSignal {
  const timeout = (delayMs: number): AbortSignal => {
    const abort = new AbortController();
    world().clock.after(delayMs, () => abort.abort(timeoutError()));
    return abort.signal;
  };
  return new Proxy(AbortSignal, {
    get: (target, name) => (name === "timeout" ? timeout : Reflect.get(target, name)),
  });
}

/**
 * Without a stack trace: most timeouts abort what has already ended, and the trace would be the
 * most expensive part.
 */
function timeoutError(): DOMException {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return new DOMException("The operation was aborted due to timeout", "TimeoutError");
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** The part of WebCrypto that the functions use, without threads; the rest is missing. */
const subtle = {
  digest: async (name: string, data: Uint8Array): Promise<ArrayBuffer> =>
    new Uint8Array(nodeCrypto.hash(name.replace("-", ""), data, "buffer")).buffer,
  importKey: async (_format: "raw", key: Uint8Array): Promise<nodeCrypto.KeyObject> =>
    nodeCrypto.createPublicKey({
      key: { kty: "OKP", crv: "Ed25519", x: Buffer.from(key).toString("base64url") },
      format: "jwk",
    }),
  verify: async (
    _algorithm: unknown,
    key: nodeCrypto.KeyObject,
    signature: Uint8Array,
    data: Uint8Array,
  ): Promise<boolean> => nodeCrypto.verify(null, data, key, signature),
};

function toUuid(bytes: Buffer): string {
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return [...parts, hex.slice(20)].join("-");
}

function fillWith(random: () => number) {
  return <Numbers extends Uint8Array>(into: Numbers): Numbers => {
    for (let index = 0; index < into.length; index += 1) into[index] = Math.floor(random() * 256);
    return into;
  };
}
