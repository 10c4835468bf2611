import { oneLine, table, utc } from "../../../cli/table.ts";
import { defineCommand, exitCodes, noIds } from "../../command.ts";
import { allStuckMoney, type StuckMoney } from "../../stuck-orders.ts";
import { amountOf, nameOf } from "./arguments.ts";

const WHY_LENGTH = 120;
const HEADINGS = ["order", "what", "amount", "builder", "since", "why", "what to do"] as const;

/** Lists money that is not where it belongs. Reads Firestore only. */
export const listStuckOrders = defineCommand({
  name: "orders",
  usage: "[--json]",
  does: `lists orders whose money is stuck, and what to do: payments not settled, refunds not made, money that
           its builder has not received, builders' debts. Exit code 1 while one needs an operator`,
  options: { json: { type: "boolean" } },

  async run({ values, positionals }, context, say) {
    noIds(positionals);
    const { deps } = await context.open(["GOOGLE_CLOUD_PROJECT"]);
    const found = await allStuckMoney(deps);
    if (values.json) say(JSON.stringify(found, null, 2));
    else print(found, say);
    return found.some(({ needsYou }) => needsYou) ? exitCodes.needsYou : exitCodes.fine;
  },
});

function print(found: readonly StuckMoney[], say: (line: string) => void): void {
  const rows = found.map((stuck) => [
    stuck.orderId ?? "-",
    nameOf(stuck),
    amountOf(stuck),
    stuck.builderId ?? "-",
    stuck.since ? utc(stuck.since) : "-",
    oneLine(stuck.why, WHY_LENGTH),
    stuck.needsYou ? `NEEDS YOU  ${stuck.toDo}` : stuck.toDo,
  ]);
  if (rows.length > 0) {
    for (const line of table(HEADINGS, rows)) say(line);
    say("");
  }
  const open = found.filter(({ needsYou }) => needsYou).length;
  say(`${found.length} stuck, ${open} ${open === 1 ? "needs" : "need"} you.`);
}
