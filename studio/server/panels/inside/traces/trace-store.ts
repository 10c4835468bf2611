import { type LogEntry, readFields } from "../../../../../tools/ops/log/entries.ts";
import type { LogTail } from "../../../log-tail.ts";

/** How many of the latest traces are held. */
const MOST_TRACES = 3_000;

/** The log's lines by trace, in the order in which the traces began. */
export class TraceStore {
  readonly #logs: LogTail;
  readonly #traces = new Map<string, LogEntry[]>();
  #read = 0;

  constructor(logs: LogTail) {
    this.#logs = logs;
  }

  /** The held traces. */
  get traces(): ReadonlyMap<string, readonly LogEntry[]> {
    this.#catchUp();
    return this.#traces;
  }

  #catchUp(): void {
    for (const { sequence, fields } of this.#logs.after(this.#read)) {
      this.#read = sequence;
      for (const entry of readFields(fields)) {
        const entries = this.#traces.get(entry.traceId);
        if (entries) entries.push(entry);
        else this.#traces.set(entry.traceId, [entry]);
      }
    }
    for (const traceId of this.#traces.keys()) {
      if (this.#traces.size <= MOST_TRACES) return;
      this.#traces.delete(traceId);
    }
  }
}
