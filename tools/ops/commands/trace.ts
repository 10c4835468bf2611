import { defineCommand, exitCodes, onlyId, UsageError } from "../command.ts";
import { isTraceable, openLog, printTrace } from "../trace.ts";

/** Tells the story of a trace from the log. Reads only. */
export const trace = defineCommand({
  name: "trace",
  usage: "ID",
  does: "the story of a trace, or of a Discord interaction, from the log",
  options: {},

  async run({ positionals }, _control, say) {
    const id = onlyId(positionals);
    if (!isTraceable(id)) {
      throw new UsageError(
        "An id is a trace's, 32 hexadecimal digits, or an interaction's number.",
      );
    }
    return (await printTrace(id, openLog(), say)) ? exitCodes.fine : exitCodes.needsYou;
  },
});
