import type { Failure, SimulationResult } from "../simulation.ts";
import type { TraceLine } from "../trace.ts";

/** A document that a run wrote. */
export interface RecordedWrite {
  readonly atMs: number;
  /** How many lines the trace had. */
  readonly line: number;
  readonly path: string;
  readonly what: "created" | "changed" | "deleted";
  /** Its state in a word, if it has one. */
  readonly state: string | undefined;
}

/** A message that people saw in Discord, new or edited. */
export interface RecordedMessage {
  readonly atMs: number;
  readonly where: string;
  readonly text: string;
}

/** One step of a run: an action and what followed until the next one. */
export interface RecordedStep {
  /** "registers", "before the first action", "everything heals". */
  readonly name: string;
  /** Its number in the plan; undefined before the first action and at rest. */
  readonly number: number | undefined;
  /** Since the run's beginning. */
  readonly atMs: number;
  /** How many lines of the trace come before this step's. */
  readonly firstLine: number;
  readonly lines: readonly TraceLine[];
  readonly writes: readonly RecordedWrite[];
  readonly messages: readonly RecordedMessage[];
  /** What is stored afterwards: "orders 3 (2 paid, 1 reserved)". */
  readonly stored: readonly string[];
  /** The rule that the checks after this step found broken. */
  readonly broken: Failure | undefined;
}

/** A run to step through. */
export interface Recording {
  readonly steps: readonly RecordedStep[];
  readonly failure: Failure | undefined;
}

/** What the recorder's process sends: the step that begins, and at the end the recording. */
export type RecorderReport =
  | { readonly kind: "step"; readonly step: number }
  | { readonly kind: "recorded"; readonly recording: Recording };

const ACTION = /^action (\d+) (.*)$/;
const HEALED = "everything heals";

/** Cuts a run into its steps. The checks end a run, so the last step is the one that broke a rule. */
export function recordingOf(
  { lines, failure }: Pick<SimulationResult, "lines" | "failure">,
  writes: readonly RecordedWrite[],
  messages: readonly RecordedMessage[],
): Recording {
  const starts = lines.flatMap(({ what }, index) =>
    ACTION.test(what) || what === HEALED ? [index] : [],
  );
  const firsts = [0, ...starts];
  const beganAtMs = lines[0]?.atMs ?? 0;
  const documents = new Map<string, string | undefined>();
  const steps = firsts.map((first, index): RecordedStep => {
    const next = firsts[index + 1] ?? Number.POSITIVE_INFINITY;
    const endsAtMs = lines[next]?.atMs ?? Number.POSITIVE_INFINITY;
    const startsAtMs = lines[first]?.atMs ?? 0;
    const [, number, name] = ACTION.exec(lines[first]?.what ?? "") ?? [];
    // A write follows the last line before it, so it belongs to that line's step.
    const own = writes.filter(({ line }) => (index === 0 || line > first) && line <= next);
    for (const { path, what, state } of own) {
      if (what === "deleted") documents.delete(path);
      else documents.set(path, state);
    }
    return {
      name: name ?? (index === 0 ? "before the first action" : HEALED),
      number: number === undefined ? undefined : Number(number),
      atMs: startsAtMs - beganAtMs,
      firstLine: first,
      lines: lines.slice(first, next),
      writes: own,
      messages: messages.filter(({ atMs }) => atMs >= startsAtMs && atMs < endsAtMs),
      stored: summaryOf(documents),
      broken: index === firsts.length - 1 ? failure : undefined,
    };
  });
  return { steps, failure };
}

/** How many documents of each collection there are, by their states. */
function summaryOf(documents: ReadonlyMap<string, string | undefined>): string[] {
  const collections = Map.groupBy(documents, ([path]) => path.split("/")[0] ?? "");
  return [...collections].sort().map(([name, all]) => {
    const states = Map.groupBy(all, ([, state]) => state);
    const counts = [...states].flatMap(([state, { length }]) =>
      state === undefined ? [] : [`${length} ${state}`],
    );
    return `${name} ${all.length}${counts.length > 0 ? ` (${counts.join(", ")})` : ""}`;
  });
}
