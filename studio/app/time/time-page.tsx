import { call } from "../api.ts";
import { attempt } from "../toasts.ts";

const MINUTE_MS = 60_000;
const STEPS = [
  ["1 minute", MINUTE_MS],
  ["15 minutes", 15 * MINUTE_MS],
  ["1 hour", 60 * MINUTE_MS],
  ["1 day", 1_440 * MINUTE_MS],
] as const;

/** Advances the clock. */
export function TimePage() {
  return (
    <section class="card">
      <h2>Clock</h2>
      <div class="row">
        {STEPS.map(([label, ms]) => (
          <button
            key={label}
            type="button"
            onClick={() => attempt(() => call("time", "advance", { ms }))}
          >
            + {label}
          </button>
        ))}
      </div>
    </section>
  );
}
