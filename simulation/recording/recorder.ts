import "../fleet/cheap-domains.ts";
import type { Cloud } from "../../local/cloud/cloud.ts";
import type { Value } from "../../local/google/firestore/types.ts";
import { takeEntropy } from "../random/entropy.ts";
import type { SimulationPlan } from "../runner/plan.ts";
import {
  type RecordedMessage,
  type RecordedWrite,
  type RecorderReport,
  recordingOf,
} from "./recording.ts";

takeEntropy();
// Loaded late, because modules that draw while loading must find entropy taken over.
const { CodePool, runPlan } = await import("../runner/run-plan.ts");

const report = (what: RecorderReport, done: () => void = () => undefined) =>
  process.send?.(what, done);

process.once("message", async (plan: SimulationPlan) => {
  const writes: RecordedWrite[] = [];
  let readMessages = (): RecordedMessage[] => [];
  const result = await runPlan(plan, new CodePool(), true, {
    observe: (cloud, lineCount) => {
      watchWrites(cloud, writes, lineCount);
      readMessages = () => messagesIn(cloud);
    },
    onStep: (step) => report({ kind: "step", step }),
  });
  const recording = recordingOf(result, writes, readMessages());
  report({ kind: "recorded", recording }, () => process.exit());
});
process.once("disconnect", () => process.exit());

/** Fields that hold a document's state, the most telling first. */
const STATES = ["fulfillment_status", "state", "standing", "status"];

function watchWrites(cloud: Cloud, writes: RecordedWrite[], lineCount: () => number): void {
  cloud.onCommit?.((_database, changes, atMicros) => {
    for (const { name, before, after } of changes) {
      writes.push({
        atMs: Math.ceil(atMicros / 1_000),
        line: lineCount(),
        path: name.slice(name.indexOf("/documents/") + "/documents/".length),
        what: after === undefined ? "deleted" : before === undefined ? "created" : "changed",
        state: stateIn(after?.fields ?? {}),
      });
    }
  });
}

function stateIn(fields: Readonly<Record<string, Value>>): string | undefined {
  for (const name of STATES) {
    const value = fields[name];
    if (value?.valueType === "stringValue") return value.stringValue;
  }
  return undefined;
}

function messagesIn({ discord }: Cloud): RecordedMessage[] {
  return (discord?.events() ?? []).flatMap((event) => {
    if (event.kind !== "message-created" && event.kind !== "message-edited") return [];
    const { atMs, channelId, content, onlyFor } = event;
    const where = onlyFor === undefined ? `channel ${channelId}` : `only ${onlyFor}`;
    const edited = event.kind === "message-edited" ? "edited: " : "";
    return [{ atMs, where, text: `${edited}${content === "" ? "(an embed)" : content}` }];
  });
}
