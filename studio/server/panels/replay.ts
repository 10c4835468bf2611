import { type ChildProcess, fork } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as z from "zod/mini";
import { environment } from "../../../local/kit/environment.ts";
import { faultKinds } from "../../../simulation/random/swarm.ts";
import type { Recording } from "../../../simulation/recording/recording.ts";
import { SCENARIOS, TROUBLES } from "../../../tools/cli/commands.ts";
import { defineCall } from "../panel.ts";

const RECORDER = new URL("../../../simulation/recording/recorder.ts", import.meta.url);
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const KEPT = `${ROOT}simulation/kept.json`;
/** Where `./dev simulate` writes simulations that broke a rule. */
const FAILURES = ".local/simulation";
const FLAGS = ["--import", "./tools/lua-modules.ts"];
/** More lines of one step are left out. */
const MOST_LINES = 3_000;

const planSchema = z.object({
  scenario: z.enum(SCENARIOS),
  seed: z.int(),
  trouble: z._default(z.enum(TROUBLES), "some"),
  steps: z._default(z.int().check(z.gte(1), z.lte(500)), 40),
  skipped: z._default(z.array(z.int()), []),
  without: z._default(z.array(z.enum(faultKinds)), []),
  judged: z.optional(z.array(z.string())),
  rule: z.optional(z.string()),
  cause: z.optional(z.string()),
});
type Plan = z.infer<typeof planSchema>;

/** A run that is recorded, or was. */
interface Run {
  readonly plan: Plan;
  readonly child: ChildProcess;
  state: "running" | "ready" | "failed";
  problem: string | undefined;
  recording: Recording | undefined;
}

/** Reruns a simulation in a process of its own, and steps through what was recorded. */
export function replayPanel() {
  let run: Run | undefined;
  let version = 0;

  const begin = (plan: Plan) => {
    run?.child.kill();
    const child = fork(RECORDER, { cwd: ROOT, execArgv: FLAGS, env: environment, stdio: "ignore" });
    const begun: Run = {
      plan,
      child,
      state: "running",
      problem: undefined,
      recording: undefined,
    };
    child.once("message", (recording: Recording) => {
      begun.recording = recording;
      begun.state = "ready";
      version += 1;
    });
    child.once("exit", (code) => {
      if (begun.state !== "running") return;
      begun.state = "failed";
      begun.problem = `The simulation's process ended with ${code}. ./dev simulate --replay FILE shows why.`;
      version += 1;
    });
    child.send(plan);
    run = begun;
    version += 1;
  };

  return {
    calls: {
      plans: defineCall(z.object({}), () => ({
        files: failedPlans(),
        kept: z.array(planSchema).parse(JSON.parse(readFileSync(KEPT, "utf8"))),
      })),
      start: defineCall(planSchema, begin),
      paste: defineCall(z.object({ json: z.string() }), ({ json }) => {
        const parsed = z.safeParse(planSchema, parsedJson(json));
        if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
        begin(parsed.data);
      }),
      read: defineCall(z.object({}), () => ({
        run: run && {
          plan: run.plan,
          state: run.state,
          problem: run.problem,
          failure: run.recording?.failure,
          steps: (run.recording?.steps ?? []).map(({ name, number, atMs, writes, broken }) => ({
            name,
            number,
            atMs,
            writes: writes.length,
            isBroken: broken !== undefined,
          })),
        },
      })),
      step: defineCall(z.object({ index: z.int().check(z.gte(0)) }), ({ index }) => {
        const step = run?.recording?.steps[index];
        return {
          step: step && {
            ...step,
            lines: step.lines.slice(0, MOST_LINES),
            left: Math.max(0, step.lines.length - MOST_LINES),
          },
        };
      }),
    },
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
      const text = readFileSync(`${FAILURES}/${file}`, "utf8");
      const parsed = z.safeParse(planSchema, parsedJson(text));
      return parsed.success ? [{ file, plan: parsed.data }] : [];
    });
}
