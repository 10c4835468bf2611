import { useSignal } from "@preact/signals";
import { type Answer, call } from "../../api/api.ts";
import { useCall } from "../../api/use-call.ts";
import { Badge } from "../../ui/badge/badge.tsx";
import { Chart } from "../../ui/chart/chart.tsx";
import { Press } from "../../ui/press.tsx";

type Storm = NonNullable<Answer<"trouble", "storm">["storm"]>;

/** People who bid in the auction that is on, with live plots. */
export function StormCard() {
  const { value } = useCall("trouble", "storm", {});
  const bidsPerSecond = useSignal(10);
  const bidders = useSignal(50);
  const seconds = useSignal(30);
  const isOn = value?.storm !== undefined && value.storm.ended === undefined;
  const start = () =>
    call("trouble", "startStorm", {
      bidsPerSecond: bidsPerSecond.value,
      bidders: bidders.value,
      seconds: seconds.value,
    });
  return (
    <section class="card stack storm">
      <h2>A storm of bidders</h2>
      <p class="quiet">
        Each bid is a signed interaction in the auction that is on. It ends with the auction, or
        after its time.
      </p>
      <div class="sliders">
        <Slider label="Bids a second" value={bidsPerSecond} most={100} />
        <Slider label="Bidders" value={bidders} most={500} />
        <Slider label="Seconds" value={seconds} most={300} />
      </div>
      <div class="row">
        {isOn ? (
          <Press action={() => call("trouble", "stopStorm", {})}>Stop the storm</Press>
        ) : (
          <Press action={start}>Start the storm</Press>
        )}
        <a href="/scenes">Set up an auction in its last minute</a>
      </div>
      {value?.storm && <Plots storm={value.storm} />}
    </section>
  );
}

function Slider({ label, value, most }: { label: string; value: { value: number }; most: number }) {
  return (
    <label>
      <span>
        {label}: <output>{value.value}</output>
      </span>
      <input
        type="range"
        min="1"
        max={most}
        value={value.value}
        onInput={({ currentTarget: { valueAsNumber } }) => {
          value.value = valueAsNumber;
        }}
      />
    </label>
  );
}

const inMs = (value: number) => `${Math.round(value)} ms`;
const asCount = (value: number) => String(Math.round(value));

function Plots({ storm: { plan, samples, ended } }: { storm: Storm }) {
  const most = plan.seconds;
  const total = (of: "sent" | "accepted" | "refused") =>
    samples.reduce((sum, sample) => sum + sample[of], 0);
  return (
    <div class="stack">
      <div class="row" role="status">
        <Badge kind={ended === undefined ? "warn" : "good"}>{ended ?? "It is on."}</Badge>
        <span>
          {total("sent")} bids, {total("accepted")} accepted, {total("refused")} refused
        </span>
      </div>
      <div class="plots">
        <Chart
          title="Bids a second"
          most={most}
          format={asCount}
          series={[
            { name: "sent", values: samples.map(({ sent }) => sent) },
            { name: "accepted", values: samples.map(({ accepted }) => accepted) },
            { name: "refused", values: samples.map(({ refused }) => refused) },
          ]}
        />
        <Chart
          title="Age of the board"
          most={most}
          format={inMs}
          series={[{ name: "age", values: samples.map(({ boardAgeMs }) => boardAgeMs) }]}
        />
        <Chart
          title="Time to the answer"
          most={most}
          format={inMs}
          series={[
            { name: "p50", values: samples.map(({ p50Ms }) => p50Ms) },
            { name: "p95", values: samples.map(({ p95Ms }) => p95Ms) },
            { name: "max", values: samples.map(({ maxMs }) => maxMs) },
          ]}
        />
      </div>
    </div>
  );
}
