import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { setTimeout } from "node:timers/promises";
import { http } from "@google-cloud/functions-framework";
import { getTestServer } from "@google-cloud/functions-framework/testing";
import { type FunctionName, functionNames, manifest } from "../../functions/manifest.ts";
import type { HttpHandler } from "../../shared/runtime/http.ts";
import type { LogWriter } from "../../shared/runtime/log.ts";
import { Activity } from "../kit/activity.ts";
import type { LocalClock } from "../kit/clock.ts";
import { type Place, serveAt } from "../kit/http/listen.ts";
import { type FunctionsCode, processCode } from "./code.ts";
import type { ConnectInstance } from "./connect.ts";
import { guarded, type Invokers } from "./invoker.ts";
import { LocalInstance } from "./local-instance.ts";
import { OutgoingCalls } from "./outgoing-calls.ts";
import type { PendingDeliveries } from "./pending-deliveries.ts";

/** Options of `openFunctions`. */
export interface FunctionsOptions {
  readonly clock: LocalClock;
  /** Receives the log lines. */
  readonly write: LogWriter;
  /** From 0 to below 1, for jitter; `Math.random` by default. */
  readonly random?: () => number;
  /** The code of this process by default. */
  readonly code?: FunctionsCode | undefined;
  readonly place: Place;
  /** Where the run.app URLs are served. */
  readonly runPlace: Place;
  /** Access policies of the run.app URLs. */
  readonly invokers: Invokers;
  /** Counts what a Pub/Sub in another process has to deliver; without it, none is expected. */
  readonly pendingDeliveries?: PendingDeliveries | undefined;
}

/** All functions of the manifest, each at its own path on one port. */
export interface LocalFunctions {
  /** "http://127.0.0.1:PORT"; append a function's name for its URL, as on cloudfunctions.net. */
  readonly url: string;
  /** The same behind Cloud Run's check of callers: the base of the run.app URLs. */
  readonly runUrl: string;
  /**
   * Initialises every function with its settings from the environment and its clients. Throws
   * ConfigError.
   */
  start(
    environment: Readonly<Record<string, string | undefined>>,
    connect?: ConnectInstance,
  ): Promise<void>;
  /** Takes all functions away, as before the first deployment: calls are answered 503 until `start`. */
  undeploy(): void;
  /**
   * Kills a function's instance, as when its machine fails; the next request starts another one.
   * Returns how many requests lost their answer.
   */
  kill(name: FunctionName): Promise<number>;
  /** What the functions called; undefined unless they run on this process's code. */
  readonly outgoing: OutgoingCalls | undefined;
  /** Resolves when no request is being handled; immediately if none is. */
  whenIdle(): Promise<void>;
  idle(): boolean;
  /** Closes the port after running handlers have finished or reached their time limit. */
  stop(): Promise<void>;
}

/** The real time for running handlers at the end; some wait for a clock that nobody advances. */
const FINISH_WITHIN_MS = 5_000;

/**
 * Runs the functions unchanged, each in functions-framework's own server, so that request parsing
 * is as in production. The port listens immediately and answers 503 until `start`.
 */
export async function openFunctions(options: FunctionsOptions): Promise<LocalFunctions> {
  const { clock, write, random = Math.random, code = processCode, pendingDeliveries } = options;
  const servers = new Map<string, Server>();
  const outgoing = code === processCode ? new OutgoingCalls(clock) : undefined;
  const activity = new Activity();
  // A caller may disconnect before the handler has finished.
  const handlers = new Activity();

  const dispatch = (request: IncomingMessage, response: ServerResponse) => {
    const [, name = "", rest = ""] = /^\/([^/?]*)(.*)$/.exec(request.url ?? "") ?? [];
    const server = servers.get(name);
    if (!server) {
      response.writeHead(servers.size > 0 ? 404 : 503).end(`No function "${name}" is available.\n`);
      return;
    }
    activity.begin();
    response.once("close", () => activity.end());
    request.url = rest.startsWith("/") ? rest : `/${rest}`;
    code.withholdBody(request);
    server.emit("request", request, response);
  };
  const counted =
    (name: FunctionName, handler: HttpHandler, instance: LocalInstance): HttpHandler =>
    async (request, response) => {
      handlers.begin();
      const end = instance.begin(request, () => handlers.end());
      try {
        await handler(request, response);
      } finally {
        if (response.statusCode < 300) pendingDeliveries?.acknowledged(name, request.rawBody);
        end();
      }
    };
  const instances = new Map<FunctionName, LocalInstance>();
  let startInstance = async (_name: FunctionName): Promise<void> => undefined;
  const service = await serveAt(options.place, dispatch);
  const { invokers } = options;
  const urlOf = (name: string) => `${run.url}/${name}`;
  const run = await serveAt(options.runPlace, guarded(dispatch, { clock, invokers, urlOf }));

  return {
    url: service.url,
    runUrl: run.url,
    outgoing,
    start: async (environment, connectInstance) => {
      startInstance = async (name) => {
        const instance = new LocalInstance();
        const given = connectInstance?.(random, instance.gate) ?? instance.connectGoogle;
        const counting = pendingDeliveries?.counting(given) ?? given;
        const connect = outgoing?.recording(counting) ?? counting;
        const wire = await code.load(name);
        const log = code.createLog((line) => {
          if (instance.isAlive) write(line);
        });
        const functionLog = log.with({ function: name });
        const row = manifest[name];
        const ready = code.createFunction(row, wire, environment, clock, functionLog, connect);
        http(name, counted(name, ready, instance));
        servers.set(name, getTestServer(name));
        instances.set(name, instance);
      };
      for (const name of functionNames) await startInstance(name);
    },
    kill: async (name) => {
      const lost = instances.get(name)?.kill() ?? 0;
      if (servers.has(name)) await startInstance(name);
      return lost;
    },
    undeploy: () => servers.clear(),
    whenIdle: () => activity.whenIdle().then(() => handlers.whenIdle()),
    idle: () => activity.idle && handlers.idle,
    stop: async () => {
      await Promise.race([
        activity.whenIdle().then(() => handlers.whenIdle()),
        setTimeout(FINISH_WITHIN_MS, undefined, { ref: false }),
      ]);
      await Promise.all([service.stop(), run.stop()]);
    },
  };
}
