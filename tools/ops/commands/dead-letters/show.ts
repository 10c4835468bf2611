import { parseJson } from "../../../../shared/runtime/http.ts";
import { defineCommand, exitCodes, NeedsYouError, onlyId } from "../../command.ts";
import { utc } from "../../table.ts";
import { letterIds } from "./arguments.ts";
import { whyNotSent } from "./send-again.ts";

/** One dead letter. Reads only; its secrets were removed before it was kept. */
export const showDeadLetter = defineCommand({
  name: "dead-letters show",
  usage: "ID",
  does: "one of them whole: what was to be done, why it failed, what has become of it",
  options: {},

  async run({ positionals }, desk, say) {
    const id = onlyId(letterIds(positionals));
    const { deps } = await desk.open(["GOOGLE_CLOUD_PROJECT"]);
    const letter = await deps.deadLetters.get(id);
    if (!letter) throw new NeedsYouError(unknownLetter(id));
    say(`${letter.id}`);
    say(`function  ${letter.functionName}`);
    say(`state     ${letter.state}`);
    for (const { what, at, reason } of letter.history) {
      say(`          ${utc(at)}  ${what}${reason === undefined ? "" : `: ${reason}`}`);
    }
    for (const [name, value] of Object.entries(letter.attributes)) say(`${name} = ${value}`);
    say("");
    const body = parseJson(Buffer.from(letter.body));
    say(body === undefined ? letter.body : JSON.stringify(body, null, 2));
    const hindrance = whyNotSent(letter);
    if (hindrance) say(`\nIt cannot be sent again. ${hindrance}`);
    return letter.state === "open" ? exitCodes.needsYou : exitCodes.fine;
  },
});

/** What to say of an id that no letter has. */
export function unknownLetter(id: string): string {
  return `There is no dead letter "${id}". ./dev ops dead-letters list shows their ids.`;
}
