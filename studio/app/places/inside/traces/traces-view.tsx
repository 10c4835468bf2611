import { useSignal } from "@preact/signals";
import type { Answer } from "../../../api/api.ts";
import { useCall } from "../../../api/use-call.ts";
import { goTo, place } from "../../../shell/router.ts";
import { durationText, Moment } from "../../../ui/moment.tsx";
import { type Column, Table } from "../../../ui/table/table.tsx";
import { tracePlace } from "../links.ts";
import { StateBadge } from "../state-badge.tsx";
import { TraceDetail } from "./trace-detail.tsx";

type Summary = Answer<"traces", "list">["traces"][number];

/** How many more traces a press shows. */
const STEP = 100;

const columns: readonly Column<Summary>[] = [
  { title: "Began", cell: ({ atMs }) => <Moment ms={atMs} /> },
  {
    title: "What",
    kind: "wide",
    cell: ({ title, functions }) => (
      <>
        {title}
        <div class="quiet small chain" title={functions.join(" → ")}>
          {functions.join(" → ")}
        </div>
      </>
    ),
  },
  { title: "Took", kind: "end", cell: ({ durationMs }) => durationText(durationMs) },
  { title: "State", cell: ({ state }) => <StateBadge state={state} /> },
];

/** The traces, newest first, and the selected one as a waterfall. */
export function TracesView() {
  const text = useSignal("");
  const name = useSignal("");
  const onlyProblems = useSignal(false);
  const limit = useSignal(STEP);
  const { value, problem } = useCall("traces", "list", {
    text: text.value,
    function: name.value,
    onlyProblems: onlyProblems.value,
    limit: limit.value,
  });
  const selected = place.value.query.get("trace") ?? undefined;
  const isFiltered = text.value !== "" || name.value !== "" || onlyProblems.value;
  return (
    <div class={selected === undefined ? "split alone" : "split"}>
      <section class="card pane list" aria-label="Traces">
        <div class="filters">
          <input
            type="search"
            aria-label="Search traces"
            placeholder="Search titles, ids and log lines"
            value={text.value}
            onInput={({ currentTarget }) => {
              text.value = currentTarget.value;
            }}
          />
          <select
            aria-label="Function"
            value={name.value}
            onChange={({ currentTarget }) => {
              name.value = currentTarget.value;
            }}
          >
            <option value="">All functions</option>
            {value?.functions.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
          <label class="check">
            <input
              type="checkbox"
              checked={onlyProblems.value}
              onChange={({ currentTarget }) => {
                onlyProblems.value = currentTarget.checked;
              }}
            />{" "}
            Errors only
          </label>
        </div>
        {problem && <p class="problem">{problem}</p>}
        {value && (
          <Table
            label="Traces, newest first"
            columns={columns}
            rows={value.traces}
            keyOf={({ id }) => id}
            stampOf={({ calls, state }) => `${calls} ${state}`}
            selected={selected}
            onOpen={({ id }) => goTo(tracePlace(id))}
            empty={
              isFiltered
                ? "No trace matches. Clear the filters to see all of them."
                : "Nothing has happened yet. Run a command on the Discord page, or advance the clock."
            }
          />
        )}
        {value && value.matching > value.traces.length && (
          <button
            type="button"
            onClick={() => {
              limit.value += STEP;
            }}
          >
            Show more of {value.matching}
          </button>
        )}
      </section>
      {selected !== undefined && <TraceDetail key={selected} id={selected} />}
    </div>
  );
}
