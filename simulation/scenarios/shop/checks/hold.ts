import { mustEqual, mustHold } from "../../../rules.ts";
import type { StoredOrder } from "./books.ts";

const DAY_MS = 24 * 3_600_000;
/** How long held money waits for proof, as buyers and builders read. */
const HELD_MS = 14 * DAY_MS;
/** Allows for clock differences between instances. */
const TOLERANCE_MS = 60_000;
/** The platform's default fee is one part in this many. */
const FEE_OF = 20;
/** The states from which an order's money can reach each state, in any number of transitions. */
const HOLD_MOVES: Readonly<Record<string, readonly string[]>> = {
  held: ["releasing", "released", "ended", "returned"],
  releasing: ["released", "held", "ended", "returned"],
  ended: ["returned"],
  // What a bank withdrew and returned is released again.
  released: ["held", "releasing"],
  returned: [],
};
const ON_ITS_WAY = ["releasing", "released"];

/** M4, M9 and M10 of docs/invariants.md for an order, compared with the step before. */
export function checkHold(order: StoredOrder, before: StoredOrder | undefined): void {
  const { id, amount, refunded, shipping, tax, fee, hold, heldUntilMs, paidAtMs } = order;
  mustEqual("M10", `the fee of order ${id}`, fee, Math.floor((amount - shipping - tax) / FEE_OF));
  if (heldUntilMs !== undefined && paidAtMs !== undefined) {
    const isLongEnough = heldUntilMs - paidAtMs >= HELD_MS - TOLERANCE_MS;
    mustHold("M9", isLongEnough, () => `order ${id} is held until ${heldUntilMs}, too short`);
  }
  if (!before?.hold || hold === before.hold) return;
  const isMove = HOLD_MOVES[before.hold]?.includes(hold ?? "") ?? false;
  mustHold("M4", isMove, () => `the money of order ${id} was ${before.hold} and is ${hold}`);
  const wasOpen = openDisputes(before);
  const isContested = openDisputes(order).some((dispute) => wasOpen.includes(dispute));
  // Released earlier, and given back when the dispute opened: with everything refunded, nothing is sent any more.
  const isAllBack = hold === "released" && refunded === amount && order.transfer.ids.length > 0;
  mustHold(
    "M4",
    !(isContested && !isAllBack && before.hold !== "releasing" && ON_ITS_WAY.includes(hold ?? "")),
    () => `the money of order ${id} is ${hold} while its dispute is open`,
  );
}

function openDisputes({ disputes }: StoredOrder): readonly string[] {
  return disputes.filter(({ outcome }) => outcome === "open").map(({ id }) => id);
}
