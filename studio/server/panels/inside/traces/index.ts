import * as z from "zod/mini";
import type { LogEntry } from "../../../../../tools/ops/log/entries.ts";
import type { CommitLog } from "../../../commits.ts";
import type { StudioHost } from "../../../host.ts";
import { defineCall } from "../../../panel.ts";
import { summarise, type TitleOf, type TraceSummary, titlesFrom } from "./summary.ts";
import type { TraceStore } from "./trace-store.ts";
import { waterfallOf } from "./waterfall.ts";

const listInput = z.object({
  /** Looked for in titles, ids and log messages. */
  text: z._default(z.string(), ""),
  function: z._default(z.string(), ""),
  onlyProblems: z._default(z.boolean(), false),
  limit: z._default(z.int().check(z.gte(1), z.lte(500)), 100),
});

/** The functions' traces: each command's way through all functions. */
export function tracesPanel(host: StudioHost, store: TraceStore, commits: CommitLog) {
  const held = new Map<string, { readonly lines: number; readonly summary: TraceSummary }>();
  const summaryOf = (id: string, entries: readonly LogEntry[], titleOf: TitleOf) => {
    const known = held.get(id);
    if (known?.lines === entries.length) return known.summary;
    const summary = summarise(id, entries, titleOf);
    held.set(id, { lines: entries.length, summary });
    return summary;
  };

  const list = ({ text, function: name, onlyProblems, limit }: z.infer<typeof listInput>) => {
    const titleOf = titlesFrom(host);
    const wanted = text.toLowerCase();
    const functions = new Set<string>();
    const found = [...store.traces].reverse().flatMap(([id, entries]) => {
      const summary = summaryOf(id, entries, titleOf);
      for (const each of summary.functions) functions.add(each);
      const isProblem = summary.state === "failed" || summary.state === "retried";
      const words = () =>
        [id, summary.title, ...entries.map(({ fields }) => JSON.stringify(fields))]
          .join("\n")
          .toLowerCase();
      const matches =
        (name === "" || summary.functions.includes(name)) &&
        (!onlyProblems || isProblem || summary.errors > 0) &&
        (wanted === "" || words().includes(wanted));
      return matches ? [summary] : [];
    });
    for (const id of held.keys()) if (!store.traces.has(id)) held.delete(id);
    return {
      traces: found.slice(0, limit),
      matching: found.length,
      functions: [...functions].sort(),
    };
  };

  return {
    calls: {
      list: defineCall(listInput, list),
      open: defineCall(z.object({ id: z.string() }), ({ id }) => {
        const entries = store.traces.get(id);
        if (!entries) return undefined;
        return {
          ...summarise(id, entries, titlesFrom(host)),
          ...waterfallOf(id, entries, host, commits),
        };
      }),
    },
    version: () => host.logs.newest,
  };
}
