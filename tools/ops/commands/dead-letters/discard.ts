import { defineCommand, exitCodes, isConfirmed, UsageError } from "../../command.ts";
import { unknownLetter } from "./show.ts";

export const discardDeadLetters = defineCommand({
  name: "dead-letters discard",
  usage: "ID… --reason TEXT [--yes]",
  does: "marks them as seen to without sending them; they are kept for the record, with the reason",
  options: { reason: { type: "string" }, yes: { type: "boolean" } },

  async run({ values, positionals }, desk, say) {
    const ids = [...new Set(positionals)];
    const reason = values.reason?.trim();
    if (ids.length === 0) throw new UsageError("Name the ids.");
    if (!reason) throw new UsageError("Say why with --reason.");
    const { name, deps } = await desk.open(["GOOGLE_CLOUD_PROJECT"]);
    const question = `Discard ${ids.length} messages, in ${name}?`;
    if (ids.length > 1 && !(await isConfirmed(question, values.yes, desk))) {
      say("Nothing was discarded.");
      return exitCodes.needsYou;
    }
    let kept = 0;
    for (const id of ids) {
      const before = await deps.deadLetters.discard(id, reason, deps.clock.now());
      if (before === undefined) kept += 1;
      say(
        `${before === "open" ? "discarded" : "AS IT WAS"}  ${id}  ${toldOf(before, id)}`.trimEnd(),
      );
    }
    return kept === 0 ? exitCodes.fine : exitCodes.needsYou;
  },
});

function toldOf(before: string | undefined, id: string): string {
  if (before === undefined) return unknownLetter(id);
  return before === "open" ? "" : `It was ${before} before.`;
}
