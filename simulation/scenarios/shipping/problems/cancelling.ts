import { press, useCommand } from "../../../people.ts";
import type { Stage } from "../../../stage.ts";
import type { Pick } from "../../scenario.ts";
import { type StoredOrder, storedOrders } from "../../shop/checks/books.ts";
import { marketOf } from "../../shop/market.ts";
import { buyShipped } from "../buying/ordering.ts";
import { othersOf } from "../others.ts";
import { storedParcels } from "../parcels.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LATE_DAYS = 7;
const UNSENT = ["paid", "building"];
/** Somebody else acts this long after the first. */
const PAUSES_MS = [0, 300, 1_000, 2_500];

/** A buyer asks to cancel an order that is paid, or one for which it is too late. */
export async function askToCancel(stage: Stage, pick: Pick): Promise<void> {
  const order = await orderIn(stage, pick, ["paid", "paid", "building", "shipped"]);
  await useCommand(stage, order.buyer, "c500 cancel", { order: order.id });
}

/** The builder or staff answer a request, with a button or by command; half of the time both at once. */
export async function answerCancel(stage: Stage, pick: Pick): Promise<void> {
  const order = pick((await orders(stage)).filter(({ cancellation }) => cancellation === "asked"));
  await answerOnce(stage, pick, order.id);
  if (pick([true, false])) return;
  await stage.cloud.clock.sleep(pick(PAUSES_MS));
  await answerOnce(stage, pick, order.id);
}

async function answerOnce(stage: Stage, pick: Pick, order: string): Promise<void> {
  const { builder } = marketOf(stage);
  const answer = pick(["accept", "accept", "decline"]);
  const user = pick([builder, builder, othersOf(stage).staff]);
  const customId = `cancel-${answer}:${order}`;
  const messages = stage.discord.dms(builder);
  const message = messages.find(({ components }) => JSON.stringify(components).includes(customId));
  if (user === builder && message && pick([true, false])) {
    const place = { channelId: message.channel_id, message: message.id };
    await press(stage, user, customId, place);
    return;
  }
  await useCommand(stage, user, "c500 cancel", { order, answer });
}

/** A buyer asks, and some time later gets an answer. */
export async function askAndAnswer(stage: Stage, pick: Pick): Promise<void> {
  const { id, buyer } = await orderIn(stage, pick, ["paid", "paid", "building"]);
  await useCommand(stage, buyer, "c500 cancel", { order: id });
  await stage.cloud.clock.sleep(pick([3_000, HOUR_MS, 30 * HOUR_MS]));
  // Once faults have stopped nobody acts any more.
  if (!stage.faults.isQuiet) await answerOnce(stage, pick, id);
}

/** A buyer asks, and nobody answers; the builder may begin to build. Somebody buys if nothing is paid. */
export async function askAndLeave(stage: Stage, pick: Pick): Promise<void> {
  const isPaid = ({ status }: StoredOrder) => status === "paid";
  if (!(await orders(stage)).some(isPaid)) {
    await buyShipped(stage, pick);
    await stage.cloud.clock.sleep(60_000);
  }
  const { id, buyer } = pick((await orders(stage)).filter(isPaid));
  await useCommand(stage, buyer, "c500 cancel", { order: id });
  await stage.cloud.clock.sleep(pick([3_000, HOUR_MS, 30 * HOUR_MS]));
  // Once faults have stopped nobody acts any more.
  if (stage.faults.isQuiet || pick([true, false])) return;
  const { builder } = marketOf(stage);
  await useCommand(stage, builder, "c500 live", { context: "order", orders: id });
}

/** Staff cancel what nobody asked to cancel. */
export async function cancelByStaff(stage: Stage, pick: Pick): Promise<void> {
  const order = pick((await orders(stage)).filter(({ status }) => UNSENT.includes(status)));
  const options = { order: order.id, answer: "accept" };
  await useCommand(stage, othersOf(stage).staff, "c500 cancel", options);
}

/** A buyer asks to cancel while the builder builds, sends or refunds the order. */
export async function cancelMeanwhile(stage: Stage, pick: Pick): Promise<void> {
  const { builder } = marketOf(stage);
  const { id, buyer } = await orderIn(stage, pick, ["paid"]);
  const acts = [
    () => useCommand(stage, builder, "c500 live", { context: "order", orders: id }),
    () => useCommand(stage, builder, "c500 ship", { order: id, anyway: true }),
    () => useCommand(stage, builder, "c500 refund", { order: id }),
    () => useCommand(stage, builder, "c500 cancel", { order: id, answer: "accept" }),
  ];
  const asking = useCommand(stage, buyer, "c500 cancel", { order: id });
  await stage.cloud.clock.sleep(pick(PAUSES_MS));
  await Promise.all([asking, pick(acts)()]);
}

/** A buyer asks the builder to send a parcel later. */
export async function askToWait(stage: Stage, pick: Pick): Promise<void> {
  const { id, buyer } = await orderIn(stage, pick, ["paid", "building"]);
  await useCommand(stage, buyer, "c500 wait", { order: id, days: pick([1, 3, 10, 30]) });
}

/** A buyer cancels what should have been sent more than a week ago. */
export async function cancelLate(stage: Stage, pick: Pick): Promise<void> {
  const late = await stage.withoutFaults(() => lateParcels(stage));
  const { buyer, orderIds } = pick(late);
  await useCommand(stage, buyer, "c500 cancel", { order: pick(orderIds) });
}

async function lateParcels(stage: Stage) {
  const nowMs = stage.cloud.clock.nowMs();
  const parcels = await storedParcels(stage);
  return parcels.filter(
    ({ state, dispatchByMs }) => state === "open" && dispatchByMs + LATE_DAYS * DAY_MS < nowMs,
  );
}

/** How long until somebody may cancel a parcel that waits; zero if nobody will. */
export async function untilLate(stage: Stage): Promise<number> {
  const open = (await storedParcels(stage)).filter(({ state }) => state === "open");
  const dueMs = open.map(({ dispatchByMs }) => dispatchByMs + LATE_DAYS * DAY_MS);
  const nextMs = Math.min(...dueMs.filter((ms) => ms > stage.cloud.clock.nowMs()));
  return Number.isFinite(nextMs) ? nextMs - stage.cloud.clock.nowMs() + 60_000 : 0;
}

async function orders(stage: Stage): Promise<StoredOrder[]> {
  return stage.withoutFaults(() => storedOrders(stage));
}

async function orderIn(stage: Stage, pick: Pick, states: readonly string[]) {
  const state = pick(states);
  return pick((await orders(stage)).filter(({ status }) => status === state));
}
