import { parseJson } from "../../../../shared/runtime/http.ts";
import { utc } from "../../../cli/table.ts";
import { defineCommand, exitCodes, NeedsYouError, onlyId } from "../../command.ts";
import { deadLetterIds } from "./arguments.ts";
import { whyNotSent } from "./send-again.ts";

/** Shows one dead letter. Reads only; its secrets were removed before it was stored. */
export const showDeadLetter = defineCommand({
  name: "dead-letters show",
  usage: "ID",
  does: "shows one dead letter: the message, why it failed, what happened to it since",
  options: {},

  async run({ positionals }, context, say) {
    const id = onlyId(deadLetterIds(positionals));
    const { deps } = await context.open(["GOOGLE_CLOUD_PROJECT"]);
    const deadLetter = await deps.deadLetters.get(id);
    if (!deadLetter) throw new NeedsYouError(unknownDeadLetter(id));
    say(`${deadLetter.id}`);
    say(`function  ${deadLetter.functionName}`);
    say(`state     ${deadLetter.state}`);
    for (const { what, at, reason } of deadLetter.history) {
      say(`          ${utc(at)}  ${what}${reason === undefined ? "" : `: ${reason}`}`);
    }
    for (const [name, value] of Object.entries(deadLetter.attributes)) say(`${name} = ${value}`);
    say("");
    const body = parseJson(Buffer.from(deadLetter.body));
    say(body === undefined ? deadLetter.body : JSON.stringify(body, null, 2));
    const problem = whyNotSent(deadLetter);
    if (problem) say(`\nIt cannot be sent again. ${problem}`);
    return deadLetter.state === "open" ? exitCodes.needsYou : exitCodes.fine;
  },
});

/** The message for an id that no dead letter has. */
export function unknownDeadLetter(id: string): string {
  return `There is no dead letter "${id}". ./dev ops dead-letters list shows their ids.`;
}
