import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import type { Answer } from "../../api/api.ts";
import { useCall } from "../../api/use-call.ts";
import { TextOrJson } from "../../ui/json/json-tree.tsx";

type Step = NonNullable<Answer<"replay", "step">["step"]>;
type Event = Step["events"][number];

const KINDS: readonly (readonly [Event["kind"], string])[] = [
  ["call", "Calls"],
  ["delivery", "Deliveries"],
  ["write", "Writes"],
  ["message", "Messages"],
  ["log", "Log"],
  ["machine", "Instances"],
];
/** Kinds that are not shown; they stay so from step to step. */
const hiddenKinds = signal<ReadonlySet<Event["kind"]>>(new Set());

/** What happened in one step, what is stored after it, and what the checks say. */
export function StepView({ index }: { index: number }) {
  const { value, problem } = useCall("replay", "step", { index });
  if (problem) return <p class="problem">{problem}</p>;
  const step = value?.step;
  if (!step) return <p class="quiet">Loading…</p>;
  const shown = step.events.filter(({ kind }) => !hiddenKinds.value.has(kind));
  return (
    <section class="stack step" aria-label={step.name} aria-busy={step.index !== index}>
      {step.broken ? (
        <pre class="problem failure" role="alert">
          {step.broken.rule === "error" ? "" : `${step.broken.rule} is broken. `}
          {step.broken.message}
        </pre>
      ) : (
        <p class="quiet">The checks found every rule in order.</p>
      )}
      {step.stored.length > 0 && (
        <p>
          <strong>Stored:</strong> {step.stored.join(" · ")}
        </p>
      )}
      <Kinds events={step.events} />
      {shown.length === 0 && (
        <p class="quiet">
          {step.events.length === 0
            ? "Nothing was recorded here. The action may not have been possible at that moment."
            : "Every kind that happened here is switched off above."}
        </p>
      )}
      <ol class="events" aria-label="Events">
        {shown.map((event, at) => (
          <EventLine key={`${step.index} ${at}`} event={event} />
        ))}
      </ol>
      {step.left > 0 && <p class="quiet">{step.left} later events are left out.</p>}
    </section>
  );
}

function Kinds({ events }: { events: readonly Event[] }) {
  const counts = Map.groupBy(events, ({ kind }) => kind);
  return (
    <fieldset class="row kinds">
      <legend class="hidden">Kinds of events</legend>
      {KINDS.map(([kind, title]) => (
        <label key={kind}>
          <input
            type="checkbox"
            name={kind}
            checked={!hiddenKinds.value.has(kind)}
            onChange={() => {
              hiddenKinds.value = hiddenKinds.value.symmetricDifference(new Set([kind]));
            }}
          />{" "}
          {title} <span class="quiet">{counts.get(kind)?.length ?? 0}</span>
        </label>
      ))}
    </fieldset>
  );
}

function EventLine({ event: { atMs, kind, text, json, isTrouble } }: { event: Event }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <li class={isTrouble ? "trouble" : undefined}>
      <time>{(atMs / 1000).toFixed(3)}</time>
      <span class={`event-kind is-${kind}`}>{kind}</span>
      {json === undefined ? (
        <span class="what">{text}</span>
      ) : (
        <details class="what" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
          <summary>{text}</summary>
          {isOpen && <TextOrJson text={json} />}
        </details>
      )}
    </li>
  );
}
