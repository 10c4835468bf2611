import { UsageError } from "../../../cli/command-line.ts";
import { defineCommand, exitCodes, isConfirmed } from "../../command.ts";
import { deadLetterIds } from "./arguments.ts";
import { unknownDeadLetter } from "./show.ts";

/** Closes open dead letters with a reason. One that is already closed stays as it is. */
export const discardDeadLetters = defineCommand({
  name: "dead-letters discard",
  usage: "ID… --reason TEXT [--yes]",
  does: "closes dead letters without sending them again; they stay on record, with the reason",
  options: { reason: { type: "string" }, yes: { type: "boolean" } },

  async run({ values, positionals }, context, say) {
    const ids = deadLetterIds(positionals);
    const reason = values.reason?.trim();
    if (ids.length === 0) throw new UsageError("Give the ids.");
    if (!reason) throw new UsageError("Give a reason with --reason.");
    const { name, deps } = await context.open(["GOOGLE_CLOUD_PROJECT"]);
    const question = `Discard ${ids.length} messages, in ${name}?`;
    if (ids.length > 1 && !(await isConfirmed(question, values.yes, context))) {
      say("Nothing was discarded.");
      return exitCodes.needsYou;
    }
    let unknown = 0;
    for (const id of ids) {
      const before = await deps.deadLetters.discard(id, reason, deps.clock.now());
      if (before === undefined) unknown += 1;
      say(
        `${before === "open" ? "discarded" : "UNCHANGED"}  ${id}  ${describeEarlier(before, id)}`.trimEnd(),
      );
    }
    return unknown === 0 ? exitCodes.fine : exitCodes.needsYou;
  },
});

function describeEarlier(before: string | undefined, id: string): string {
  if (before === undefined) return unknownDeadLetter(id);
  return before === "open" ? "" : `It was already ${before}.`;
}
