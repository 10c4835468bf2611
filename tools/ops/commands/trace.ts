import { UsageError } from "../../cli/command-line.ts";
import { defineCommand, exitCodes, onlyId } from "../command.ts";
import { isTraceable, openLog, printTrace } from "../log/trace.ts";

/** Prints the story of a trace from the log. Reads only. */
export const trace = defineCommand({
  name: "trace",
  usage: "ID",
  does: "prints what happened in a trace, or for a Discord interaction, from the log",
  options: {},

  async run({ positionals }, _control, say) {
    const id = onlyId(positionals);
    if (!isTraceable(id)) {
      throw new UsageError("Give a trace's id, 32 hexadecimal digits, or an interaction's number.");
    }
    return (await printTrace(id, openLog(), say)) ? exitCodes.fine : exitCodes.needsYou;
  },
});
