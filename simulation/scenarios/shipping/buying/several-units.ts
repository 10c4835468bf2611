import { useCommand } from "../../../people.ts";
import type { Stage } from "../../../stage.ts";
import type { Pick } from "../../scenario.ts";
import { type StoredOrder, storedOrders } from "../../shop/checks/books.ts";
import { marketOf } from "../../shop/market.ts";
import { othersOf } from "../others.ts";
import { buySeveralShipped } from "./ordering.ts";

/** Until a command is done, mostly. */
const DONE_MS = 10_000;
/** A bank that decides soon. */
const DECIDED_MS = [20_000, 2 * 60_000, 3_600_000];
const OPEN = ["paid", "building"];
const SENT = ["shipped", "delivered"];

/** Something happens to an order of several units; somebody buys one if there is none. */
export async function changeSeveral(stage: Stage, pick: Pick): Promise<void> {
  if ((await severalIn(stage, [...OPEN, ...SENT])).length === 0) {
    await buySeveralShipped(stage, pick);
    await stage.cloud.clock.sleep(pick([20_000, 60_000]));
  }
  const change = pick([refundPart, refundPart, sendAgain, sendAgain, cancel, cancel, chargeBack]);
  await change(stage, pick);
}

/** Their builder refunds the price of one, or some cents. */
async function refundPart(stage: Stage, pick: Pick): Promise<void> {
  const { id } = pick(await severalIn(stage, [...OPEN, ...SENT]));
  const options = { order: id, amount: pick(["12.34", "5", "0.01", "3.33"]) };
  await useCommand(stage, marketOf(stage).builder, "c500 refund", options);
}

/** Their buyer asks to cancel, or staff do without being asked; then the builder or staff accept. */
async function cancel(stage: Stage, pick: Pick): Promise<void> {
  const { id, buyer } = pick(await severalIn(stage, OPEN));
  const { staff } = othersOf(stage);
  if (pick([true, true, false])) await useCommand(stage, buyer, "c500 cancel", { order: id });
  await stage.cloud.clock.sleep(DONE_MS);
  if (stage.faults.isQuiet) return;
  const user = pick([marketOf(stage).builder, staff]);
  await useCommand(stage, user, "c500 cancel", { order: id, answer: "accept" });
}

/** Their buyer's bank takes the money back, and keeps it. */
async function chargeBack(stage: Stage, pick: Pick): Promise<void> {
  const { chargeId = "" } = pick(await severalIn(stage, [...OPEN, ...SENT]));
  const { id } = stage.stripe.openDispute(chargeId);
  await stage.cloud.clock.sleep(pick(DECIDED_MS));
  // Once faults have stopped nobody acts any more.
  if (!stage.faults.isQuiet) stage.stripe.closeDispute(id, "lost");
}

/** They are built, sent and reported as damaged, and the builder sends them again. */
async function sendAgain(stage: Stage, pick: Pick): Promise<void> {
  const { id, buyer, status } = pick(await severalIn(stage, [...OPEN, ...SENT]));
  const { builder, shipments } = marketOf(stage);
  const isSent = SENT.includes(status);
  const acts = [
    ...(isSent ? [] : [() => prove(stage, id), ship]),
    () => useCommand(stage, buyer, "c500 problem", { order: id, what: "damaged" }),
    () => useCommand(stage, builder, "c500 case", { order: id, do: "replace" }),
  ];
  for (const act of acts) {
    await act();
    await stage.cloud.clock.sleep(DONE_MS);
    // Once faults have stopped nobody acts any more.
    if (stage.faults.isQuiet) return;
  }
  if (pick([true, false])) await ship();

  async function ship(): Promise<void> {
    const sent = await useCommand(stage, builder, "c500 ship", { order: id, anyway: true });
    shipments.push({ id: sent.id, named: id, tracking: undefined });
  }
}

function prove(stage: Stage, orders: string) {
  const options = { context: "order", orders };
  return useCommand(stage, marketOf(stage).builder, "c500 live", options);
}

async function severalIn(stage: Stage, states: readonly string[]): Promise<StoredOrder[]> {
  const orders = await stage.withoutFaults(() => storedOrders(stage));
  return orders.filter(({ status, units }) => units.length > 1 && states.includes(status));
}
