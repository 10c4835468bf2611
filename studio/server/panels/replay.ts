import { type ChildProcess, fork } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as z from "zod/mini";
import { environment } from "../../../local/kit/environment.ts";
import { faultKinds } from "../../../simulation/random/swarm.ts";
import type { RecorderReport, Recording } from "../../../simulation/recording/recording.ts";
import { SCENARIOS, TROUBLES } from "../../../tools/cli/commands.ts";
import { defineCall } from "../panel.ts";
import { eventsOf } from "../replay-events.ts";

const RECORDER = new URL("../../../simulation/recording/recorder.ts", import.meta.url);
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const KEPT = `${ROOT}simulation/kept.json`;
/** Where `./dev simulate` writes simulations that broke a rule. */
const FAILURES = `${ROOT}.local/simulation`;
const FLAGS = ["--import", "./tools/lua-modules.ts"];
/** More events of one step are left out. */
const MOST_EVENTS = 3_000;
/** Of what the process wrote about its error, in characters. */
const MOST_PROBLEM = 4_000;

const MOST_STEPS = 500;
const STEPS = `The steps are a whole number from 1 to ${MOST_STEPS}.`;

const planSchema = z.object({
  scenario: z.enum(SCENARIOS, `The scenario is one of ${SCENARIOS.join(", ")}.`),
  seed: z.int("The seed is a whole number."),
  trouble: z._default(z.enum(TROUBLES, `The faults are one of ${TROUBLES.join(", ")}.`), "some"),
  steps: z._default(z.int(STEPS).check(z.gte(1, STEPS), z.lte(MOST_STEPS, STEPS)), 40),
  skipped: z._default(z.array(z.int()), []),
  without: z._default(z.array(z.enum(faultKinds)), []),
  judged: z.optional(z.array(z.string())),
  rule: z.optional(z.string()),
  cause: z.optional(z.string()),
});
type Plan = z.infer<typeof planSchema>;

/** A run that is recorded, or was. */
interface Run {
  /** Distinguishes runs, also those of the same plan. */
  readonly id: number;
  readonly plan: Plan;
  readonly child: ChildProcess;
  state: "running" | "ready" | "failed" | "cancelled";
  /** The number of the step that runs; undefined while the simulation is being prepared. */
  step: number | undefined;
  problem: string | undefined;
  recording: Recording | undefined;
}

/** Reruns a simulation in a process of its own, and steps through what was recorded. */
export function replayPanel() {
  let run: Run | undefined;
  let version = 0;

  const end = (ended: Run, state: Run["state"], problem?: string) => {
    if (ended.state !== "running") return;
    ended.state = state;
    ended.problem = problem;
    version += 1;
  };

  const cancel = () => {
    if (!run) return;
    end(run, "cancelled");
    run.child.kill();
  };

  const begin = (plan: Plan) => {
    cancel();
    const child = fork(RECORDER, {
      cwd: ROOT,
      execArgv: FLAGS,
      env: environment,
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    const begun: Run = {
      id: (run?.id ?? 0) + 1,
      plan,
      child,
      state: "running",
      step: undefined,
      problem: undefined,
      recording: undefined,
    };
    let errors = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      errors = `${errors}${text}`.slice(-MOST_PROBLEM);
    });
    child.on("message", (report: RecorderReport) => {
      if (report.kind === "recorded") {
        begun.recording = report.recording;
        end(begun, "ready");
        return;
      }
      begun.step = report.step;
      version += 1;
    });
    child.once("error", ({ message }) => end(begun, "failed", message));
    child.once("close", (code, signal) => {
      const ended = `The simulation's process ended with ${code ?? signal}.`;
      end(begun, "failed", `${ended}\n${errors}`.trim());
    });
    child.send(plan, (error) => error && end(begun, "failed", error.message));
    run = begun;
    version += 1;
  };

  return {
    calls: {
      plans: defineCall(z.object({}), () => ({
        scenarios: SCENARIOS,
        troubles: TROUBLES,
        files: failedPlans(),
        kept: z.array(planSchema).parse(JSON.parse(readFileSync(KEPT, "utf8"))),
      })),
      start: defineCall(planSchema, begin),
      cancel: defineCall(z.object({}), cancel),
      paste: defineCall(z.object({ json: z.string() }), ({ json }) => {
        const parsed = z.safeParse(planSchema, parsedJson(json));
        if (!parsed.success)
          throw new Error(parsed.error.issues.map(({ message }) => message).join(" "));
        begin(parsed.data);
      }),
      read: defineCall(z.object({}), () => ({
        run: run && {
          plan: run.plan,
          id: run.id,
          state: run.state,
          step: run.step,
          problem: run.problem,
          failure: run.recording?.failure,
          steps: (run.recording?.steps ?? []).map(({ name, number, atMs, broken }) => ({
            name,
            number,
            atMs,
            isBroken: broken !== undefined,
          })),
        },
      })),
      step: defineCall(z.object({ index: z.int().check(z.gte(0)) }), ({ index }) => {
        const step = run?.recording?.steps[index];
        if (!step) return { step: undefined };
        const events = eventsOf(step);
        const { name, atMs, stored, broken } = step;
        const left = Math.max(0, events.length - MOST_EVENTS);
        return {
          step: { index, name, atMs, stored, broken, events: events.slice(0, MOST_EVENTS), left },
        };
      }),
    },
    stop: async () => cancel(),
    version: () => version,
  };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('Paste a JSON object, such as {"scenario": "shop", "seed": 7}.');
  }
}

/** The simulations that `./dev simulate` found in this folder; files of another form are left out. */
function failedPlans(): { readonly file: string; readonly plan: Plan }[] {
  if (!existsSync(FAILURES)) return [];
  return readdirSync(FAILURES)
    .filter((file) => file.endsWith(".json"))
    .flatMap((file) => {
      const plan = planIn(readFileSync(`${FAILURES}/${file}`, "utf8"));
      return plan ? [{ file, plan }] : [];
    });
}

/** Undefined for a file that is not a simulation, or not written completely. */
function planIn(text: string): Plan | undefined {
  try {
    return z.safeParse(planSchema, JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
