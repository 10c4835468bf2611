import { useSignal } from "@preact/signals";
import { type Answer, call } from "../../../api/api.ts";
import { useCall } from "../../../api/use-call.ts";
import { goTo, place } from "../../../shell/router.ts";
import { Dialog } from "../../../ui/dialog/dialog.tsx";
import { JsonTree, TextOrJson } from "../../../ui/json/json-tree.tsx";
import { Moment } from "../../../ui/moment.tsx";
import { type Column, Table } from "../../../ui/table/table.tsx";
import { at, tracePlace } from "../links.ts";
import { SendAgain } from "../send-again.tsx";
import { StateBadge } from "../state-badge.tsx";

type Letter = Answer<"dead-letters", "list">[number];

const columns: readonly Column<Letter>[] = [
  { title: "Failed", cell: ({ keptAt }) => <Moment ms={keptAt} withDay /> },
  {
    title: "Why",
    kind: "wide",
    cell: ({ functionName, reason }) => (
      <>
        {functionName}
        <div class="quiet small chain">{reason}</div>
      </>
    ),
  },
  { title: "Times", kind: "end", cell: ({ attempts }) => attempts },
  { title: "State", cell: ({ state }) => <StateBadge state={state} /> },
];

/** The dead letters, newest first, and one of them. */
export function DeadLettersView() {
  const { value, problem } = useCall("dead-letters", "list", {});
  const selected = place.value.query.get("letter") ?? undefined;
  return (
    <div class={selected === undefined ? "split alone" : "split"}>
      <section class="card pane list" aria-label="Dead letters">
        {problem && <p class="problem">{problem}</p>}
        {value && (
          <Table
            label="Dead letters, newest first"
            columns={columns}
            rows={value}
            keyOf={({ id }) => id}
            stampOf={({ state, attempts }) => `${state} ${attempts}`}
            selected={selected}
            onOpen={({ id }) => goTo(at("dead-letters", { letter: id }))}
            empty="No message has failed for good. Plan faults on the Replay or Scenes page to see what happens then."
          />
        )}
      </section>
      {selected !== undefined && <LetterPane key={selected} id={selected} />}
    </div>
  );
}

function LetterPane({ id }: { readonly id: string }) {
  const { value, problem } = useCall("dead-letters", "open", { id });
  const doing = useSignal<"sending" | "discarding" | undefined>(undefined);
  const reason = useSignal("");
  const close = () => {
    doing.value = undefined;
  };
  return (
    <section class="card pane scrolls" aria-label="Dead letter">
      <div class="pane-head">
        <h2>{value?.function ?? "Dead letter"}</h2>
        <a class="close" href={at("dead-letters")}>
          Close
        </a>
      </div>
      {problem && <p class="problem">{problem}</p>}
      {value && (
        <>
          <p class="problem">{value.reason}</p>
          <div class="row">
            <button
              type="button"
              class="primary"
              disabled={value.problem !== undefined}
              onClick={() => {
                doing.value = "sending";
              }}
            >
              Send again…
            </button>
            <button
              type="button"
              disabled={value.state !== "open"}
              onClick={() => {
                doing.value = "discarding";
              }}
            >
              Discard…
            </button>
            {value.traceId && <a href={tracePlace(value.traceId)}>The trace in which it failed</a>}
          </div>
          {value.problem && <p class="quiet">It cannot be sent again. {value.problem}</p>}
          <dl class="facts">
            <dt>Id</dt>
            <dd class="mono">{id}</dd>
            <dt>State</dt>
            <dd>
              <StateBadge state={value.state} />
            </dd>
            <dt>History</dt>
            <dd>
              {value.history.map(({ what, atMs, reason: why }) => (
                <div key={`${what} ${atMs}`}>
                  <Moment ms={atMs} withDay /> {what}
                  {why && <span class="quiet">: {why}</span>}
                </div>
              ))}
            </dd>
          </dl>
          <JsonTree value={value.attributes} name="attributes" />
          <TextOrJson text={value.body} />
        </>
      )}
      {value && doing.value === "sending" && (
        <SendAgain
          title={`Send to ${value.function} again`}
          about={
            value.state === "open"
              ? "It goes to the function that failed, in a trace of its own."
              : `It is ${value.state} already, and is sent once more.`
          }
          body={value.body}
          basis={value.basis}
          send={async ({ body, isEdited, onlyIfNeverRan }) => {
            const edits = isEdited ? { body } : {};
            return (await call("dead-letters", "replay", { id, onlyIfNeverRan, ...edits })).traceId;
          }}
          onClose={close}
        />
      )}
      {doing.value === "discarding" && (
        <Dialog
          title="Discard this dead letter?"
          button="Discard it"
          isReady={reason.value.trim() !== ""}
          action={() => call("dead-letters", "discard", { id, reason: reason.value })}
          done="Discarded. It stays on record with your reason."
          onClose={close}
        >
          <label class="field">
            <span>Why</span>
            <input
              type="text"
              value={reason.value}
              onInput={({ currentTarget }) => {
                reason.value = currentTarget.value;
              }}
            />
          </label>
        </Dialog>
      )}
    </section>
  );
}
