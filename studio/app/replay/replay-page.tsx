import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type Answer, call } from "../api.ts";
import { Badge } from "../ui/badge.tsx";
import { Form } from "../ui/form.tsx";
import { Press } from "../ui/press.tsx";
import { useCall } from "../use-call.ts";
import { StepView } from "./step-view.tsx";
import "./replay.css";

type Plans = Answer<"replay", "plans">;
type Run = NonNullable<Answer<"replay", "read">["run"]>;

/** A simulation, replayed step by step. */
export function ReplayPage() {
  const { value: plans, problem } = useCall("replay", "plans", {});
  const { value: read } = useCall("replay", "read", {});
  if (problem) return <p class="problem">{problem}</p>;
  return (
    <div class="stack">
      {plans && <Choose plans={plans} />}
      {read?.run && <Replayed run={read.run} />}
    </div>
  );
}

function Choose({ plans: { files, kept } }: { plans: Plans }) {
  const chosen = useSignal(0);
  const choices = [
    ...files.map(({ file, plan }) => ({ text: file, plan })),
    ...kept.map((plan) => ({
      text: `${plan.scenario} ${plan.seed}, once broke ${plan.rule}`,
      plan,
    })),
  ];
  const choice = choices[chosen.value];
  return (
    <section class="card stack">
      <h2>Replay a simulation</h2>
      <div class="row">
        <label class="row">
          Seed
          <select
            value={chosen.value}
            onChange={({ currentTarget }) => {
              chosen.value = currentTarget.selectedIndex;
            }}
          >
            {choices.map(({ text }, index) => (
              <option key={`${index} ${text}`} value={index}>
                {text}
              </option>
            ))}
          </select>
        </label>
        {choice && <Press action={() => call("replay", "start", choice.plan)}>Replay it</Press>}
      </div>
      {choice?.plan.cause && <p class="quiet">{choice.plan.cause}</p>}
      <details>
        <summary>Or paste one</summary>
        <Form
          label="Paste a simulation"
          button="Replay it"
          keeps
          action={({ json = "" }) => call("replay", "paste", { json })}
        >
          <textarea
            name="json"
            rows={3}
            aria-label="The simulation as JSON"
            placeholder='{"scenario": "auction", "seed": 7, "trouble": "all", "steps": 40}'
          />
        </Form>
      </details>
    </section>
  );
}

function Replayed({ run }: { run: Run }) {
  const at = useSignal(0);
  const last = run.steps.length - 1;
  const brokenAt = run.steps.findIndex(({ isBroken }) => isBroken);
  const go = (index: number) => {
    at.value = Math.min(Math.max(0, index), Math.max(0, last));
  };
  const onArrow = (event: KeyboardEvent) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    go(at.value + (event.key === "ArrowDown" ? 1 : -1));
  };
  useEffect(() => {
    at.value = 0;
  }, [run.plan.scenario, run.plan.seed]);
  if (run.state === "running") {
    return (
      <p class="card" role="status">
        {run.plan.scenario}, seed {run.plan.seed}, runs in a process of its own. It takes some
        seconds…
      </p>
    );
  }
  if (run.state === "failed") return <p class="card problem">{run.problem}</p>;
  return (
    <section class="card stack" aria-label="The replay">
      <div class="row">
        <h2>
          {run.plan.scenario}, seed {run.plan.seed}
        </h2>
        <Badge kind={run.failure ? "bad" : "good"}>
          {run.failure ? `broke ${run.failure.rule}` : "every rule held"}
        </Badge>
        {!run.failure && run.plan.rule && (
          <span class="quiet">It once broke {run.plan.rule}, which has been fixed since.</span>
        )}
      </div>
      <div class="row">
        <button type="button" disabled={at.value === 0} onClick={() => go(at.value - 1)}>
          ← Previous
        </button>
        <button type="button" disabled={at.value >= last} onClick={() => go(at.value + 1)}>
          Next →
        </button>
        <button type="button" disabled={brokenAt < 0} onClick={() => go(brokenAt)}>
          To the broken rule
        </button>
        <span class="quiet">
          Step {at.value + 1} of {run.steps.length}
        </span>
      </div>
      <div class="replayed">
        <ol class="steps">
          {run.steps.map(({ name, atMs, isBroken }, index) => (
            <li key={index} class={isBroken ? "broken" : undefined}>
              <button
                type="button"
                aria-current={index === at.value ? "step" : undefined}
                onClick={() => go(index)}
                onKeyDown={onArrow}
              >
                <span>{name}</span>
                <time>{(atMs / 1000).toFixed(1)} s</time>
              </button>
            </li>
          ))}
        </ol>
        <StepView index={at.value} />
      </div>
    </section>
  );
}
