import type { Stage } from "../../stage.ts";
import type { Pick } from "../scenario.ts";
import { type StoredOrder, storedOrders } from "./checks/books.ts";

/** An order in the first of these states in which any order is. */
export async function pickOrder(
  stage: Stage,
  pick: Pick,
  ...statuses: string[]
): Promise<StoredOrder> {
  const orders = await stage.withoutFaults(() => storedOrders(stage));
  const status = statuses.find((word) => orders.some((order) => order.status === word));
  return pick(orders.filter((order) => order.status === status));
}

/** The charge of such an order. */
export async function chargeOf(stage: Stage, pick: Pick): Promise<string> {
  return (await paidOrder(stage, pick)).chargeId ?? "";
}

/** Prefers an order to which something is already happening. */
export async function paidOrder(stage: Stage, pick: Pick): Promise<StoredOrder> {
  const orders = await stage.withoutFaults(() => storedOrders(stage));
  const paid = orders.filter(({ chargeId }) => chargeId);
  const busy = paid.filter((order) => isBusy(order, stage.cloud.clock.nowMs()));
  return pick([...paid, ...busy, ...busy, ...busy]);
}

/** Its money is moving or about to. */
function isBusy(order: StoredOrder, nowMs: number): boolean {
  const { refunded, refundRequested, disputes, hold, heldUntilMs } = order;
  const isEnding = hold === "held" && heldUntilMs !== undefined && heldUntilMs - nowMs < SOON_MS;
  const isMoving = refunded !== refundRequested || hold === "releasing" || hold === "ended";
  return isEnding || isMoving || disputes.some(({ outcome }) => outcome === "open");
}

const SOON_MS = 3_600_000;
/** People return this long before the end of a hold. */
const BEFORE_MS = 5 * 60_000;

/** Throws if no money is held. */
export async function soonestHold(stage: Stage, pick: Pick): Promise<void> {
  const untilMs = await stage.withoutFaults(() => untilHoldEnds(stage));
  pick(untilMs > 0 ? [untilMs] : []);
}

/** The time until somebody returns because a hold ends; zero without one. */
export async function untilHoldEnds(stage: Stage): Promise<number> {
  const [first] = await endingHolds(stage);
  if (!first) return 0;
  return Math.max(0, first.heldUntilMs - BEFORE_MS - stage.cloud.clock.nowMs());
}

/** Orders with held money, the first to end first. */
export async function endingHolds(stage: Stage) {
  const orders = await storedOrders(stage);
  return orders
    .flatMap(({ id, chargeId = "", hold, heldUntilMs }) =>
      hold === "held" && heldUntilMs !== undefined ? [{ id, chargeId, heldUntilMs }] : [],
    )
    .toSorted((one, other) => one.heldUntilMs - other.heldUntilMs);
}
