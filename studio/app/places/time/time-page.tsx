import { useSignal } from "@preact/signals";
import type { Answer } from "../../api/api.ts";
import { call } from "../../api/api.ts";
import { useCall } from "../../api/use-call.ts";
import { attempt, notify } from "../../shell/toasts.ts";
import { When } from "../../ui/when.tsx";
import { untilText } from "./until.ts";
import { useNow } from "./use-now.ts";
import "./time.css";

const MINUTE_MS = 60_000;
const STEPS = [
  ["10 seconds", 10_000],
  ["1 minute", MINUTE_MS],
  ["15 minutes", 15 * MINUTE_MS],
  ["1 hour", 60 * MINUTE_MS],
  ["1 day", 1_440 * MINUTE_MS],
  ["1 week", 7 * 1_440 * MINUTE_MS],
] as const;

type Upcoming = Answer<"time", "upcoming">;

/** The clock, and what comes next. */
export function TimePage() {
  const withScheduler = useSignal(false);
  const choice = { withScheduler: withScheduler.value };
  const { value, problem } = useCall("time", "upcoming", choice);
  return (
    <div class="stack">
      <ClockCard />
      <section class="card stack">
        <div class="row spread">
          <h2>What comes next</h2>
          <label class="row">
            <input
              type="checkbox"
              checked={withScheduler.value}
              onChange={({ currentTarget }) => {
                withScheduler.value = currentTarget.checked;
              }}
            />
            Cloud Scheduler's calls too
          </label>
        </div>
        {problem && <p class="problem">{problem}</p>}
        {value && <Next upcoming={value} withScheduler={withScheduler.value} />}
        {value && value.things.length > 0 && <Things upcoming={value} />}
      </section>
    </div>
  );
}

function ClockCard() {
  const now = useNow();
  const typed = useSignal("");
  const isPaused = now?.isPaused ?? false;
  const jump = () =>
    attempt(async () => {
      const atMs = new Date(typed.value).getTime();
      if (Number.isNaN(atMs)) throw new Error("Choose a date and a time first.");
      await call("time", "advanceTo", { atMs });
    });
  return (
    <section class="card stack">
      <div class="row spread">
        <h2>Clock</h2>
        <button
          type="button"
          aria-pressed={isPaused}
          onClick={() => attempt(() => call("time", isPaused ? "resume" : "pause", {}))}
        >
          {isPaused ? "Let it run" : "Pause"}
        </button>
      </div>
      <p class="now">
        {now
          ? new Date(now.ms).toLocaleString(undefined, { dateStyle: "full", timeStyle: "medium" })
          : "…"}
        {isPaused && <span class="quiet"> paused: it moves only when you advance it</span>}
      </p>
      <p class="quiet advancing" role="status">
        {now?.advancingToMs !== undefined && (
          <>
            On its way to <When atMs={now.advancingToMs} />: what is due meanwhile happens first.
          </>
        )}
      </p>
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
      <form
        class="row"
        onSubmit={(event) => {
          event.preventDefault();
          void jump();
        }}
      >
        <label class="row">
          To
          <input
            type="datetime-local"
            step="1"
            value={typed.value}
            onInput={({ currentTarget }) => {
              typed.value = currentTarget.value;
            }}
          />
        </label>
        <button type="submit">Advance to it</button>
      </form>
    </section>
  );
}

function Next({ upcoming, withScheduler }: { upcoming: Upcoming; withScheduler: boolean }) {
  const now = useNow();
  const [next] = upcoming.things;
  if (!next) {
    return (
      <p class="quiet">
        Nothing is due. Tasks, retries and what Stripe and Twitch do later appear here: start a{" "}
        <a href="/scenes">scene</a>.
      </p>
    );
  }
  const advance = () =>
    attempt(async () => {
      const reached = await call("time", "advanceToNext", { withScheduler });
      notify("done", `${reached.service} ${reached.what}`);
    });
  return (
    <div class="row next">
      <button type="button" class="primary" onClick={advance}>
        To the next due thing
      </button>
      <p>
        <strong>
          {next.service} {next.what}
        </strong>{" "}
        <span class="quiet">{now && untilText(next.atMs - now.ms)}</span>
      </p>
    </div>
  );
}

function Things({ upcoming: { things, count } }: { upcoming: Upcoming }) {
  const now = useNow();
  return (
    <div class="scroll">
      <table class="upcoming">
        <thead>
          <tr>
            <th scope="col">Due</th>
            <th scope="col">Service</th>
            <th scope="col">What</th>
            <th scope="col">
              <span class="hidden">Advance</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {things.map(({ atMs, service, what, about }, index) => (
            <tr key={`${atMs} ${service} ${what} ${about} ${index}`}>
              <td class="when">
                <time dateTime={new Date(atMs).toISOString()}>
                  {now && untilText(atMs - now.ms)}
                </time>
              </td>
              <td>{service}</td>
              <td>
                {what}
                {about && <small class="quiet">{about}</small>}
              </td>
              <td>
                <button
                  type="button"
                  aria-label={`Advance to it: ${service} ${what}`}
                  onClick={() => attempt(() => call("time", "advanceTo", { atMs }))}
                >
                  Advance to it
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {count > things.length && <p class="quiet">{count - things.length} more are due later.</p>}
    </div>
  );
}
