import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Answer } from "../../api/api.ts";
import { Badge } from "../../ui/badge/badge.tsx";
import { StepView } from "./step-view.tsx";

type Run = NonNullable<Answer<"replay", "read">["run"]>;

const KEYS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };
const LIST_KEYS: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1 };

/** Steps through a recorded run. */
export function Steps({ run, title }: { run: Run; title: string }) {
  const at = useSignal(0);
  const list = useRef<HTMLOListElement>(null);
  const last = run.steps.length - 1;
  const brokenAt = run.steps.findIndex(({ isBroken }) => isBroken);
  const go = (index: number) => {
    at.value = Math.min(Math.max(0, index), last);
    list.current?.children[at.value]?.scrollIntoView({ block: "nearest" });
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTaken =
        event.target instanceof Element && event.target.closest("input, textarea, select");
      const by = KEYS[event.key];
      if (by === undefined || isTaken || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      go(at.value + by);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  const onListKey = (event: KeyboardEvent) => {
    const by = LIST_KEYS[event.key];
    const target = event.key === "Home" ? 0 : event.key === "End" ? last : undefined;
    if (by === undefined && target === undefined) return;
    event.preventDefault();
    go(target ?? at.value + (by ?? 0));
    list.current?.children[at.value]?.querySelector("button")?.focus();
  };
  return (
    <section class="card stack" aria-label="The replay">
      <Verdict run={run} title={title} />
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
        <label class="row">
          Position
          <input
            class="position"
            type="number"
            min="1"
            max={run.steps.length}
            value={at.value + 1}
            onChange={({ currentTarget: { valueAsNumber } }) => {
              if (Number.isSafeInteger(valueAsNumber)) go(valueAsNumber - 1);
            }}
          />
        </label>
        <span class="quiet">of {run.steps.length}</span>
      </div>
      <div class="replayed">
        <ol class="replay-steps" ref={list} onKeyDown={onListKey} aria-label="Steps">
          {run.steps.map(({ name, number, atMs, isBroken }, index) => (
            <li key={index} class={isBroken ? "broken" : undefined}>
              <button
                type="button"
                tabIndex={index === at.value ? 0 : -1}
                aria-current={index === at.value ? "step" : undefined}
                onClick={() => go(index)}
              >
                <span class="number">{number ?? "–"}</span>
                <span class="name">{name}</span>
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

function Verdict({ run: { plan, failure }, title }: { run: Run; title: string }) {
  const outcome = failure?.rule === "error" ? "stopped by an error" : `broke ${failure?.rule}`;
  return (
    <div class="row">
      <h2>{title}</h2>
      <Badge kind={failure ? "bad" : "good"}>{failure ? outcome : "every rule held"}</Badge>
      {!failure && plan.rule && (
        <span class="quiet">It once broke {plan.rule}, which has been fixed since.</span>
      )}
    </div>
  );
}
