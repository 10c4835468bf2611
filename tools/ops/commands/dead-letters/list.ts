import type { DeadLetterSummary } from "../../../../functions/operations/store/dead-letters.ts";
import { deadLetterStates } from "../../../../shared/documents/definitions/dead-letter.ts";
import { UsageError } from "../../../cli/command-line.ts";
import { oneLine, table, utc } from "../../../cli/table.ts";
import { defineCommand, exitCodes, noIds } from "../../command.ts";
import { functionNamed, wholeNumber } from "./arguments.ts";

/** How many are shown by default; --json shows all. */
const SHOWN = 200;
const REASON_LENGTH = 100;
const UNITS_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Lists the dead letters, one line each. Reads only, page by page. */
export const listDeadLetters = defineCommand({
  name: "dead-letters list",
  usage: "[--function NAME] [--since 24h] [--state open|replayed|discarded] [--limit N] [--json]",
  does: `lists what functions could not process, newest last; shows the last ${SHOWN} unless --limit is given.
           Exit code 1 while some are open`,
  options: {
    function: { type: "string" },
    since: { type: "string" },
    state: { type: "string" },
    limit: { type: "string" },
    json: { type: "boolean" },
  },

  async run({ values, positionals }, context, say) {
    noIds(positionals);
    const functionName = functionNamed(values.function);
    const state = deadLetterStates.find((known) => known === values.state);
    if (values.state !== undefined && !state) {
      throw new UsageError(`--state is one of ${deadLetterStates.join(", ")}.`);
    }
    const sinceMs = sinceArgument(values.since);
    const limit = wholeNumber("--limit", values.limit) ?? (values.json ? undefined : SHOWN);
    const { deps } = await context.open(["GOOGLE_CLOUD_PROJECT"]);
    const since = sinceMs === undefined ? new Date(0) : sinceMs(deps.clock.now());
    const found: DeadLetterSummary[] = [];
    for await (const deadLetter of deps.deadLetters.since(since)) {
      if (functionName !== undefined && deadLetter.functionName !== functionName) continue;
      if (state === undefined || deadLetter.state === state) found.push(deadLetter);
    }
    const shown = limit === undefined ? found : found.slice(-limit);
    if (values.json) say(JSON.stringify(shown, null, 2));
    else print(shown, found, say);
    const isWell = found.every((deadLetter) => deadLetter.state !== "open");
    return isWell ? exitCodes.fine : exitCodes.needsYou;
  },
});

function print(
  shown: readonly DeadLetterSummary[],
  found: readonly DeadLetterSummary[],
  say: (line: string) => void,
): void {
  const rows = shown.map(({ id, keptAt, functionName, reason, state, attempts }) => {
    const often = attempts > 1 ? `${state} (failed ${attempts} times)` : state;
    return [id, utc(keptAt), functionName, often, oneLine(reason, REASON_LENGTH)];
  });
  if (rows.length > 0) {
    for (const line of table(["id", "when", "function", "state", "reason"], rows)) say(line);
    say("");
  }
  if (shown.length < found.length) {
    say(`The newest ${shown.length} of ${found.length}; --limit N shows more.`);
  }
  const counts = deadLetterStates.map(
    (state) => `${found.filter((deadLetter) => deadLetter.state === state).length} ${state}`,
  );
  say(`${counts.join(", ")}.`);
}

/** "90m", "24h", "7d" before now, or a date. */
function sinceArgument(given: string | undefined): ((now: Date) => Date) | undefined {
  if (given === undefined) return undefined;
  const [, count = "", unit = ""] = /^(\d{1,5})([mhd])$/.exec(given) ?? [];
  const agoMs = Number(count) * (UNITS_MS[unit] ?? 0);
  if (agoMs > 0) return (now) => new Date(now.getTime() - agoMs);
  const date = new Date(given);
  if (/^\d{4}-/.test(given) && !Number.isNaN(date.getTime())) return () => date;
  throw new UsageError("--since takes a time such as 90m, 24h, 7d or 2026-03-01T12:00Z.");
}
