import { type Answer, call } from "../../api/api.ts";
import { useCall } from "../../api/use-call.ts";
import { Press } from "../../ui/press.tsx";
import { Choose } from "./choose.tsx";
import { Steps } from "./steps.tsx";
import "./replay.css";

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

function Replayed({ run }: { run: Run }) {
  const title = `${run.plan.scenario}, seed ${run.plan.seed}`;
  switch (run.state) {
    case "running":
      return <Running run={run} title={title} />;
    case "failed":
      return (
        <section class="card stack" role="alert" aria-label="The replay">
          <h2>{title} could not be recorded</h2>
          <pre class="problem failure">{run.problem}</pre>
        </section>
      );
    case "cancelled":
      return <p class="card quiet">{title} was cancelled. Start it again above.</p>;
    default:
      return <Steps key={run.id} run={run} title={title} />;
  }
}

function Running({ run: { plan, step }, title }: { run: Run; title: string }) {
  const done = step ?? 0;
  return (
    <section class="card stack" aria-label="The replay">
      <h2>{title}</h2>
      <div class="row">
        <progress max={plan.steps} value={done} aria-label="Steps that have run" />
        <span class="count">
          {step === undefined ? "Preparing…" : `Step ${step + 1} of ${plan.steps}`}
        </span>
        <Press action={() => call("replay", "cancel", {})}>Cancel</Press>
      </div>
    </section>
  );
}
