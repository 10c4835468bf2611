import { manifest } from "../../../../functions/manifest.ts";
import { defineCommand, exitCodes, onlyId } from "../../command.ts";
import { retryOrder } from "../../retry-order.ts";
import { type StuckMoney, stuckMoneyOf } from "../../stuck-orders.ts";
import { amountOf, nameOf, orderNamed } from "./arguments.ts";

/** Does at once what the sweeper would do for an order, and prints the outcome. */
export const retryStuckOrder = defineCommand({
  name: "orders retry",
  usage: "ORDER",
  does: `does for one order at once what the sweeper does every 15 minutes: settles its payment, makes its
           refunds, pays its builder, collects the builder's debts; prints the outcome`,
  options: {},

  async run({ positionals }, context, say) {
    const id = onlyId(positionals);
    const { name, deps } = await context.open(manifest.sweeper.settings);
    const before = await stuckMoneyOf(await orderNamed(id, deps), deps);
    if (before.length === 0) {
      say(`Order ${id} has no stuck money.`);
      return exitCodes.fine;
    }
    say(`Retrying order ${id} of ${name}…`);
    for (const line of await retryOrder(id, deps)) say(`          ${line}`);
    const after = await stuckMoneyOf(await orderNamed(id, deps), deps);
    const isLeft = (one: StuckMoney) => after.some((other) => nameOfOne(other) === nameOfOne(one));
    for (const one of before.filter((each) => !isLeft(each))) {
      say(`done      ${nameOf(one)}  ${amountOf(one)}`);
    }
    for (const one of after) {
      say(`STUCK     ${nameOf(one)}  ${amountOf(one)}  ${one.why}: ${one.toDo}`);
    }
    return after.some(({ needsYou }) => needsYou) ? exitCodes.needsYou : exitCodes.fine;
  },
});

function nameOfOne({ kind, id }: StuckMoney): string {
  return `${kind} ${id}`;
}
