import { type Answer, call } from "../../../api/api.ts";
import { useCall } from "../../../api/use-call.ts";
import { goTo, place } from "../../../shell/router.ts";
import { TextOrJson } from "../../../ui/json/json-tree.tsx";
import { durationText, Moment } from "../../../ui/moment.tsx";
import { Press } from "../../../ui/press.tsx";
import { type Column, Table } from "../../../ui/table/table.tsx";
import { at } from "../links.ts";
import { SendAgain } from "../send-again.tsx";
import { StateBadge } from "../state-badge.tsx";
import "./queues.css";

type Read = Answer<"messages", "read">;
type Subscription = Read["subscriptions"][number];
type Task = Read["waiting"][number];
type Waiting = Answer<"messages", "backlog">[number];

const subscriptionColumns = (nowMs: number): readonly Column<Subscription>[] => [
  {
    title: "Subscription",
    kind: "wide",
    cell: ({ id, topic, filter }) => (
      <>
        {id}
        <div class="quiet small chain" title={filter}>
          {topic} {filter}
        </div>
      </>
    ),
  },
  { title: "Waiting", kind: "end", cell: ({ backlog }) => backlog },
  {
    title: "Oldest",
    kind: "end",
    cell: ({ oldestMs }) => (oldestMs === undefined ? "" : durationText(nowMs - oldestMs)),
  },
  { title: "Delivering", kind: "end", cell: ({ delivering }) => delivering || "" },
  { title: "Retrying", kind: "end", cell: ({ retrying }) => retrying || "" },
  {
    title: "Given up",
    kind: "end",
    cell: ({ deadLettered }) =>
      deadLettered > 0 ? <a href={at("dead-letters")}>{deadLettered}</a> : "",
  },
];

const taskColumns: readonly Column<Task>[] = [
  { title: "Due", cell: ({ dueMs }) => <Moment ms={dueMs} withDay /> },
  {
    title: "Task",
    kind: "wide",
    cell: ({ queue, body, attempts }) => (
      <details>
        <summary>
          {queue}
          {attempts > 0 && <StateBadge state="again" text={`${attempts} attempts`} />}
        </summary>
        <TextOrJson text={body} />
      </details>
    ),
  },
  { title: "State", cell: ({ state }) => <StateBadge state={state} /> },
  {
    title: "Run",
    isTitleHidden: true,
    cell: ({ queue, taskId, state }) =>
      state === "waiting" && (
        <Press
          action={() => call("messages", "runTask", { queue, taskId })}
          done={`${queue} runs.`}
        >
          Run now
        </Press>
      ),
  },
];

const waitingColumns: readonly Column<Waiting>[] = [
  { title: "Published", cell: ({ publishedMs }) => <Moment ms={publishedMs} /> },
  {
    title: "Message",
    kind: "wide",
    cell: ({ messageId, body }) => (
      <details>
        <summary>{messageId}</summary>
        <TextOrJson text={body} />
      </details>
    ),
  },
  { title: "Attempts", kind: "end", cell: ({ attempts }) => attempts },
  {
    title: "Next",
    cell: ({ state, nextMs }) =>
      nextMs === undefined ? <StateBadge state={state} /> : <Moment ms={nextMs} />,
  },
];

/** Pub/Sub's subscriptions and Cloud Tasks' queues, with what waits in them. */
export function QueuesView() {
  const { value, problem } = useCall("messages", "read", {});
  const { query } = place.value;
  const subscription = query.get("subscription") ?? undefined;
  const message = query.get("message") ?? undefined;
  return (
    <div class="queues">
      {problem && <p class="problem">{problem}</p>}
      {value && (
        <>
          <section class="card pane" aria-label="Pub/Sub">
            <h2>Pub/Sub</h2>
            <p class="row small quiet">
              {value.topics
                .filter(({ published }) => published > 0)
                .map(({ id, published }) => (
                  <span key={id}>
                    {id}: {published} published
                  </span>
                ))}
            </p>
            <Table
              label="Subscriptions"
              columns={subscriptionColumns(value.nowMs)}
              rows={value.subscriptions}
              keyOf={({ id }) => id}
              stampOf={({ backlog, delivering, retrying }) =>
                `${backlog} ${delivering} ${retrying}`
              }
              selected={subscription}
              onOpen={({ id }) => goTo(at("queues", { subscription: id }))}
              empty="There are no subscriptions."
            />
          </section>
          <section class="card pane" aria-label="Cloud Tasks">
            {subscription !== undefined && <Backlog subscription={subscription} />}
            <h2>Cloud Tasks</h2>
            <p class="row small quiet">
              {value.queues.map(({ id, waiting, done, dropped }) => (
                <span key={id}>
                  {id}: {waiting} waiting, {done} done
                  {dropped > 0 && <span class="problem">, {dropped} dropped</span>}
                </span>
              ))}
            </p>
            <Table
              label="Waiting tasks, the next one first"
              columns={taskColumns}
              rows={value.waiting}
              keyOf={({ taskId, queue }) => `${queue} ${taskId}`}
              stampOf={({ state, attempts }) => `${state} ${attempts}`}
              empty="No task waits. A drop that opens later or a race that ends would be here."
            />
          </section>
        </>
      )}
      {message !== undefined && <Resend messageId={message} />}
    </div>
  );
}

function Backlog({ subscription }: { readonly subscription: string }) {
  const { value } = useCall("messages", "backlog", { subscription });
  return (
    <>
      <div class="pane-head">
        <h2>Waiting for {subscription}</h2>
        <a href={at("queues")}>Close</a>
      </div>
      {value && (
        <Table
          label={`Messages waiting for ${subscription}`}
          columns={waitingColumns}
          rows={value}
          keyOf={({ messageId }) => messageId}
          stampOf={({ attempts, state }) => `${attempts} ${state}`}
          empty="Nothing waits: every message was acknowledged."
        />
      )}
    </>
  );
}

function Resend({ messageId }: { readonly messageId: string }) {
  const { value, problem } = useCall("messages", "message", { messageId });
  if (problem) return <p class="problem">{problem}</p>;
  if (!value) return null;
  return (
    <SendAgain
      title={`Send message ${messageId} again`}
      about={`${value.topic} delivers it to ${value.receivers.join(", ") || "nobody"}, in a trace of its own.`}
      body={value.body}
      basis={value.basis}
      send={async ({ body, onlyIfNeverRan }) =>
        (await call("messages", "resend", { messageId, body, onlyIfNeverRan })).traceId
      }
      onClose={() => {
        if (place.value.query.has("message")) goTo(at("queues"), "replace");
      }}
    />
  );
}
