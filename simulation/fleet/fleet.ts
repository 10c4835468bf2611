import type { IncomingMessage, ServerResponse } from "node:http";
import { type FunctionName, functionNames, manifest } from "../../functions/manifest.ts";
import type { CodePool } from "../../local/functions/bundle.ts";
import type { FunctionsCode } from "../../local/functions/code.ts";
import type { LocalFunctions, openFunctions } from "../../local/functions/index.ts";
import { guarded } from "../../local/functions/invoker.ts";
import { Activity } from "../../local/kit/activity.ts";
import { serveAt } from "../../local/kit/http/listen.ts";
import { Instance, type InstanceParts } from "./instance.ts";

/** Per function; each instance handles many requests at once. */
const MAX_INSTANCES = 3;
/** Evaluating the code takes longer than most calls, so a simulation does it at most this often. */
const MAX_CODES = 8;
/** How often another instance is started although one exists. */
const SCALE_OUT_ODDS = 0.05;
/** From the request until the instance is ready. */
const COLD_START_MS = [300, 900];
const MINUTE_MS = 60_000;
/**
 * How long an instance stays without requests, at most a quarter of an hour:
 * https://cloud.google.com/run/docs/about-instance-autoscaling
 */
const LEAST_IDLE_MS = 2 * MINUTE_MS;
const IDLE_MS = [LEAST_IDLE_MS, 6 * MINUTE_MS, 15 * MINUTE_MS, 15 * MINUTE_MS];
/**
 * Minimum instances can be restarted at any time; here this often, when another instance would have
 * been stopped.
 */
const RESTART_ODDS = 0.2;

interface Parts extends Omit<InstanceParts, "settings" | "connect" | "write" | "code"> {
  /** The run's network, for the functions' own calls of `fetch`. */
  readonly fetch: typeof fetch;
  readonly codes: CodePool;
}

/** Runs the functions like Cloud Run: instances start, serve requests and stop. */
export function fleetOf(parts: Parts, note: (what: string) => void): typeof openFunctions {
  return async ({ write, place, runPlace, invokers }): Promise<LocalFunctions> => {
    const { choices, clock } = parts;
    const activity = new Activity();
    const instances = new Map<string, Instance[]>();
    let ready: Pick<InstanceParts, "settings" | "connect"> | undefined;
    let started = 0;
    const timesStarted = new Map<FunctionName, number>();
    const codes: FunctionsCode[] = [];
    // Running instances of one function share no code; after many starts a new one reuses the code
    // of one stopped long ago. Instances of different functions may share code: each has its own
    // connections.
    const codeFor = (name: FunctionName): FunctionsCode => {
      const taken = new Set<FunctionsCode | undefined>(
        instances.get(name)?.map(({ code }) => code),
      );
      let times = timesStarted.get(name) ?? 0;
      while (taken.has(codes[times % MAX_CODES])) times += 1;
      timesStarted.set(name, times + 1);
      const nth = times % MAX_CODES;
      const random = choices.stream(`code ${nth}`);
      codes[nth] ??= parts.codes.take({ clock, fetch: parts.fetch, random });
      return codes[nth];
    };

    /**
     * Stops instances that have been idle for long, with their memory. This happens before the next
     * request, when it first matters.
     */
    const endIdle = (name: FunctionName) => {
      const { minInstances } = manifest[name];
      for (const instance of instances.get(name) ?? []) {
        const { id, idleMs } = instance;
        if (idleMs <= LEAST_IDLE_MS) continue;
        if (idleMs <= (choices.oneOf(`idle time of ${id}`, IDLE_MS) ?? 0)) continue;
        const isMinInstance = (instances.get(name)?.length ?? 0) <= minInstances;
        if (isMinInstance && !choices.isChosen(`restart ${id}`, RESTART_ODDS)) continue;
        note(`instance ${isMinInstance ? "restarted" : "idle"}`);
        instance.kill("idle");
      }
    };

    const instanceFor = async (name: FunctionName): Promise<Instance> => {
      endIdle(name);
      const running = instances.get(name) ?? [];
      const isMore =
        running.length === 0 ||
        (running.length < MAX_INSTANCES && choices.isChosen(`scale out ${name}`, SCALE_OUT_ODDS));
      if (!isMore) {
        const chosen = choices.oneOf(`instance of ${name}`, running) as Instance;
        chosen.noteUse();
        return chosen;
      }
      if (!ready) throw new Error("The functions are not ready.");
      started += 1;
      const code = codeFor(name);
      const instance = new Instance(name, started, { ...parts, ...ready, write, code }, (dead) => {
        instances.set(
          name,
          (instances.get(name) ?? []).filter((other) => other !== dead),
        );
      });
      const [least = 0, most = 0] = COLD_START_MS;
      await instance.start();
      instances.set(name, [...(instances.get(name) ?? []), instance]);
      if (running.length > 0 || started > functionNames.length) {
        const ms = choices.whole(`cold start of ${name}`, least, most);
        parts.faults.noteSlow(ms);
        await clock.sleep(ms);
      }
      return instance;
    };

    const dispatch = (request: IncomingMessage, response: ServerResponse) => {
      const [, name = "", rest = ""] = /^\/([^/?]*)(.*)$/.exec(request.url ?? "") ?? [];
      const known = functionNames.find((each) => each === name);
      if (!known || !ready) {
        response.writeHead(ready ? 404 : 503).end(`No function "${name}" here.\n`);
        return;
      }
      activity.begin();
      // Cloud Run aborts the request; its handler continues.
      const timeoutMs = manifest[known].timeoutSeconds * 1000;
      const cancel = clock.after(timeoutMs, () => request.socket.destroy());
      response.once("close", () => {
        cancel();
        activity.end();
      });
      request.url = rest.startsWith("/") ? rest : `/${rest}`;
      void instanceFor(known).then((instance) => instance.serve(request, response));
    };
    const service = await serveAt(place, dispatch);
    const urlOf = (name: string) => `${run.url}/${name}`;
    const run = await serveAt(runPlace, guarded(dispatch, { clock, invokers, urlOf }));
    return {
      url: service.url,
      runUrl: run.url,
      outgoing: undefined,
      start: async (environment, connectInstance) => {
        if (!connectInstance) throw new Error("Instances need a network of their own.");
        ready = { settings: environment, connect: connectInstance };
      },
      undeploy: () => {
        ready = undefined;
      },
      kill: async (name) => {
        const running = instances.get(name) ?? [];
        for (const instance of running) instance.kill("by hand");
        return running.length;
      },
      whenIdle: () => activity.whenIdle(),
      idle: () => activity.idle,
      stop: async () => {
        await Promise.all([service.stop(), run.stop()]);
        for (const code of codes) parts.codes.release(code);
      },
    };
  };
}
