import { useCall } from "../use-call.ts";

const seconds = (ms: number) => `${(ms / 1000).toFixed(3)}`;

/** What happened in one step, what is stored after it, and what the checks say. */
export function StepView({ index }: { index: number }) {
  const { value, problem } = useCall("replay", "step", { index });
  if (problem) return <p class="problem">{problem}</p>;
  const step = value?.step;
  if (!step) return <p class="quiet">Loading…</p>;
  const beganAtMs = (step.lines[0]?.atMs ?? 0) - step.atMs;
  return (
    <div class="stack step">
      {step.broken ? (
        <p class="problem" role="alert">
          The checks after this step: {step.broken.rule} is broken. {step.broken.message}
        </p>
      ) : (
        <p class="quiet">The checks after this step found every rule in order.</p>
      )}
      {step.stored.length > 0 && (
        <p>
          <strong>Stored:</strong> {step.stored.join(" · ")}
        </p>
      )}
      {step.messages.length > 0 && (
        <details open>
          <summary>Messages ({step.messages.length})</summary>
          <ul>
            {step.messages.map(({ where, text }, at) => (
              <li key={at}>
                <span class="quiet">{where}</span> {text}
              </li>
            ))}
          </ul>
        </details>
      )}
      {step.writes.length > 0 && (
        <details>
          <summary>Writes ({step.writes.length})</summary>
          <ul>
            {step.writes.map(({ path, what, state }, at) => (
              <li key={at}>
                <code>{path}</code> {what}
                {state && <span class="quiet"> ({state})</span>}
              </li>
            ))}
          </ul>
        </details>
      )}
      <details open>
        <summary>Trace ({step.lines.length + step.left})</summary>
        <pre class="trace">
          {step.lines.map(({ atMs, what }) => `${seconds(atMs - beganAtMs)}  ${what}\n`)}
          {step.left > 0 && `… and ${step.left} more lines`}
        </pre>
      </details>
    </div>
  );
}
