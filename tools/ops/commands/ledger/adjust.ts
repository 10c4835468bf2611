import { createCorrections } from "../../../../functions/races/store/corrections.ts";
import { connectFirestore } from "../../../../shared/clients/firestore.ts";
import { readSnowflake } from "../../../../shared/documents/outside-id.ts";
import { adjustmentTransaction } from "../../../../shared/money/correction.ts";
import { racerAccount } from "../../../../shared/money/ledger.ts";
import { formatMoney } from "../../../../shared/money/money.ts";
import { UsageError } from "../../../cli/command-line.ts";
import { defineCommand, exitCodes, isConfirmed, NeedsYouError } from "../../command.ts";
import { moneyOf, noteOf, noteOptions, ownId, postingLines } from "./arguments.ts";

/** Moves money between the platform and a racer's wallet, once for each id. */
export const ledgerAdjust = defineCommand({
  name: "ledger adjust",
  usage: "give|take RACER AMOUNT CURRENCY --id ID --reason TEXT [--by NAME] [--yes]",
  does: `moves the platform's money to a racer's wallet, or back, as a separate transaction. RACER is their
           Discord id. --id is a name that you choose: a name is booked only once`,
  options: { ...noteOptions, id: { type: "string" }, yes: { type: "boolean" } },

  async run({ values, positionals }, context, say) {
    const [way, racer, typed, code, ...more] = positionals;
    if ((way !== "give" && way !== "take") || more.length > 0) {
      throw new UsageError("Type give or take, then the racer, the amount and its currency.");
    }
    const racerId = readSnowflake(racer);
    if (!racerId) throw new UsageError("RACER must be a Discord id: digits only.");
    const { amount, currency } = moneyOf(typed, code);
    const [id, note] = [ownId(values.id), noteOf(values)];
    const { name, deps } = await context.open(["GOOGLE_CLOUD_PROJECT"]);
    const adjustment = { id, racerId, currency, amount: way === "give" ? amount : -amount };
    const now = deps.clock.now();
    const balances = await deps.ledger.balances(racerAccount(racerId), now);
    const before = balances.find((each) => each.currency === currency)?.available ?? 0;
    const { postings } = adjustmentTransaction(adjustment, note, now);
    for (const line of postingLines(postings, currency)) say(line);
    const after = formatMoney(before + adjustment.amount, currency);
    say(`They have ${formatMoney(before, currency)} available now, and will have ${after}.`);
    say(`Reason: ${note.reason} (${note.author})`);
    if (!(await isConfirmed(`Book adjustment ${id} in ${name}?`, values.yes, context))) {
      say("Nothing was changed.");
      return exitCodes.needsYou;
    }
    const corrections = createCorrections(connectFirestore(deps.config));
    const outcome = await corrections.adjust(adjustment, note, now);
    if (outcome === "taken") {
      throw new NeedsYouError(
        `There is an adjustment ${id} with other values. Choose another --id.`,
      );
    }
    say(outcome === "booked" ? "Booked." : "It was already booked. Nothing was changed.");
    say(`./dev ops ledger reverse adjustment.${id} takes it back.`);
    return exitCodes.fine;
  },
});
