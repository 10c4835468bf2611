import { mustEqual, mustHold } from "../../rules.ts";
import type { Known } from "./known.ts";
import type { Changed, OrderState, ParcelState } from "./state.ts";

const BACK = ["refunded", "charged_back"];
const WORKED_ON = ["paid", "building", "shipped", "delivered"];
const MOVES: Readonly<Record<string, readonly string[]>> = {
  open: ["sent", "canceled"],
  sent: ["arrived", "canceled"],
};

/**
 * S1, S2: a paid order's state follows from its proof and its parcel, and its parcel knows it. An
 * order whose money went back before its parcel was sent has left it.
 */
export function checkOrderInParcel(
  { before, now: order }: Changed<OrderState>,
  { parcels, cases }: Known,
): void {
  const { id, status, proof, parcelId, parcelState } = order;
  if (before?.parcelId !== undefined && before.parcelId !== parcelId) {
    const { outcome } = cases.get(id) ?? {};
    mustEqual("S2", `why order ${id} is in another parcel`, outcome, "replace");
  }
  if (WORKED_ON.includes(status)) {
    const ofParcel = { sent: "shipped", arrived: "delivered" }[parcelState ?? ""];
    const due = ofParcel ?? (proof === undefined ? "paid" : "building");
    mustEqual("S1", `the state of order ${id}, in a parcel that is ${parcelState}`, status, due);
  }
  if (parcelId === undefined) return;
  const parcel = parcels.get(parcelId);
  mustHold("S2", parcel !== undefined, () => `order ${id} is in ${parcelId}, which does not exist`);
  const isOut = parcelState === "canceled";
  mustHold("S2", !isOut || BACK.includes(status), () => `order ${id}, ${status}, left its parcel`);
  if (isOut) return;
  const times = parcel.orderIds.filter((each) => each === id).length;
  mustEqual("S2", `how often order ${id} is in parcel ${parcelId}`, times, 1);
  const packed = parcel.quantities[parcel.orderIds.indexOf(id)];
  mustEqual("S2", `how many pieces of order ${id} are in its parcel`, packed, order.quantity);
  mustEqual("S2", `what order ${id} says of its parcel`, parcelState, parcel.state);
  mustEqual(
    "S2",
    `whose order ${id} is`,
    [order.buyer, order.builder],
    [parcel.buyer, parcel.builder],
  );
}

/**
 * S2: every order in a parcel says so; thus none is in two. A parcel that was sent keeps its last order
 * when that is sent again.
 */
export function checkParcel({ id, state, orderIds }: ParcelState, { orders, been }: Known): void {
  mustHold("S2", orderIds.length > 0, () => `parcel ${id} is empty`);
  for (const orderId of orderIds) {
    const order = orders.get(orderId);
    const isOver = state !== "open" && orderIds.length === 1;
    if (isOver && been.has(`order ${orderId} left parcel ${id}`)) continue;
    const says = [order?.parcelId, order?.parcelState];
    mustEqual("S2", `what order ${orderId} says of its parcel`, says, [id, state]);
  }
}

/**
 * S3: a parcel is sent only while it is open, and each of its orders whose money has not gone back
 * is paid, undisputed and, if its money waits for that, proved. Called before the commit is applied.
 */
export function checkSending({ before, now }: Changed<ParcelState>, { orders }: Known): void {
  const { id, state } = now;
  const was = before?.state ?? "open";
  if (was !== state) {
    const isMove = MOVES[was]?.includes(state) === true;
    mustHold("S3", isMove, () => `parcel ${id} was ${was} and is ${state}`);
  }
  if (state !== "sent" || was === "sent") return;
  const own = now.orderIds.flatMap((orderId) => orders.get(orderId) ?? []);
  const kept = own.filter(
    ({ status, requested, amount, cancellation }) =>
      !BACK.includes(status) && requested < amount && cancellation !== "accepted",
  );
  mustHold("S3", kept.length > 0, () => `parcel ${id} is sent with nothing in it`);
  for (const order of kept) {
    const what = `parcel ${id} is sent while order ${order.id} is`;
    const isDisputed = order.disputes.some(({ outcome }) => outcome === "open");
    const isUnproved = order.plan === "held" && order.hold === "held" && order.proof === undefined;
    mustHold("S3", order.paidAtMs !== undefined, () => `${what} unpaid`);
    mustHold("S3", !isDisputed, () => `${what} disputed`);
    mustHold("S3", !isUnproved, () => `${what} unproved`);
  }
}
