import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useCall } from "../../../api/use-call.ts";
import { goTo } from "../../../shell/router.ts";
import { durationText, Moment } from "../../../ui/moment.tsx";
import { at, tracePlace } from "../links.ts";
import { StateBadge } from "../state-badge.tsx";
import { CallDetail } from "./call-detail.tsx";
import { scaleOf } from "./scale.ts";
import "./waterfall.css";

/** One trace: what it is, and its calls as a waterfall. Escape closes it. */
export function TraceDetail({ id }: { readonly id: string }) {
  const { value, problem } = useCall("traces", "open", { id });
  useEffect(() => {
    const close = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof Element && event.target.closest("input, textarea");
      if (event.key === "Escape" && !isTyping) goTo(tracePlace());
    };
    addEventListener("keydown", close);
    return () => removeEventListener("keydown", close);
  }, []);
  return (
    <section class="card pane scrolls" aria-label="Trace">
      <div class="pane-head">
        <h2>{value?.title ?? "Trace"}</h2>
        <a class="close" href={tracePlace()}>
          Close
        </a>
      </div>
      {problem && <p class="problem">{problem}</p>}
      {value === null && (
        <p class="quiet">
          The log has no lines of trace {id}. It may be from before the last start, or its first
          call has not ended yet.
        </p>
      )}
      {value && (
        <>
          <dl class="facts">
            <dt>Began</dt>
            <dd>
              <Moment ms={value.atMs} withDay /> · took {durationText(value.durationMs)} ·{" "}
              <StateBadge state={value.state} />
            </dd>
            <dt>Trace</dt>
            <dd class="mono">{value.id}</dd>
            {value.documents.length > 0 && (
              <>
                <dt>Wrote</dt>
                <dd class="mono links">
                  {value.documents.map((path) => (
                    <a key={path} href={at("firestore", { document: path })}>
                      {path}
                    </a>
                  ))}
                </dd>
              </>
            )}
          </dl>
          <Waterfall calls={value.calls} />
        </>
      )}
    </section>
  );
}

type Calls = readonly Parameters<typeof CallDetail>[0]["call"][];

function Waterfall({ calls }: { readonly calls: Calls }) {
  const scale = scaleOf(calls);
  const startMs = Math.min(...calls.map((call) => call.startMs));
  return (
    <ol class="waterfall" aria-label="Calls of functions">
      {calls.map((call) => (
        <Bar key={call.spanId} call={call} scale={scale} zeroMs={startMs} />
      ))}
    </ol>
  );
}

function Bar({
  call,
  scale,
  zeroMs,
}: {
  readonly call: Calls[number];
  readonly scale: ReturnType<typeof scaleOf>;
  readonly zeroMs: number;
}) {
  const isOpen = useSignal(false);
  const { startMs, durationMs, depth, outcome, attempt } = call;
  const percent = (share: number) => `${(share * 100).toFixed(2)}%`;
  const left = scale.of(startMs);
  const right = scale.of(startMs + durationMs);
  return (
    <li>
      <button
        type="button"
        class="bar-row"
        aria-expanded={isOpen.value}
        onClick={() => {
          isOpen.value = !isOpen.value;
        }}
      >
        <span class="bar-name" style={{ paddingInlineStart: `${depth * 0.9}rem` }}>
          <span>
            {call.function}
            {attempt > 1 && <StateBadge state="again" text={`attempt ${attempt}`} />}
          </span>
          <span class="quiet small">{call.what}</span>
        </span>
        <span class="track">
          {scale.gaps.map((gap) => (
            <span
              key={gap.at}
              class="gap"
              style={{ left: percent(gap.at) }}
              title={`Nothing for ${durationText(gap.ms)}`}
            />
          ))}
          <span
            class={`call-bar is-${outcome}`}
            style={{ left: percent(left), width: percent(Math.max(0, right - left)) }}
          />
          {call.outside.map((each) => (
            <span
              key={`${each.atMs} ${each.what}`}
              class="tick"
              style={{ left: percent(scale.of(each.atMs)) }}
              title={`${each.service}: ${each.what}`}
            />
          ))}
        </span>
        <span class="bar-times small">
          +{durationText(startMs - zeroMs)} <b>{durationText(durationMs)}</b>{" "}
          <StateBadge state={outcome} />
        </span>
      </button>
      {isOpen.value && <CallDetail call={call} zeroMs={zeroMs} />}
    </li>
  );
}
