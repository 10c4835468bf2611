import { countSent } from "../race/messages.ts";
import { mustEqual, mustHold } from "../rules.ts";
import { storedOrders } from "../shop/books.ts";
import { marketOf } from "../shop/market.ts";
import type { Stage } from "../stage.ts";
import { type StoredParcel, storedDeadlines, storedParcels } from "./parcels.ts";

/** A sweep notices a deadline within this time. */
const LATE_MS = 3_600_000;
const BACK = ["refunded", "charged_back"];

/** S4 to S6 and S9 of docs/invariants.md. */
export async function checkParcelsAtRest(stage: Stage): Promise<void> {
  const parcels = await storedParcels(stage);
  await checkDeadlines(stage, parcels);
  await checkEmptied(stage, parcels);
  for (const parcel of parcels) {
    checkSentMessage(stage, parcel);
    checkNumber(stage, parcel);
  }
}

/** S4: what was due is done, and every parcel that is on its way will count as arrived. */
async function checkDeadlines(stage: Stage, parcels: readonly StoredParcel[]): Promise<void> {
  const deadlines = await storedDeadlines(stage);
  const nowMs = stage.cloud.clock.nowMs();
  const overdue = deadlines.filter(({ dueAtMs }) => dueAtMs < nowMs - LATE_MS);
  mustEqual("S4", "the deadlines that were due", overdue, []);
  for (const { id } of parcels.filter(({ state }) => state === "sent")) {
    const isAwaited = deadlines.some(
      ({ kind, subjectId, dueAtMs }) =>
        kind === "arrival" && subjectId === id && dueAtMs > nowMs - LATE_MS,
    );
    mustHold("S4", isAwaited, () => `parcel ${id} is on its way for ever`);
  }
}

/** S5: a parcel that waits has something to send. */
async function checkEmptied(stage: Stage, parcels: readonly StoredParcel[]): Promise<void> {
  const orders = new Map((await storedOrders(stage)).map((order) => [order.id, order]));
  for (const { id, orderIds } of parcels.filter(({ state }) => state === "open")) {
    const kept = orderIds.filter((each) => !BACK.includes(orders.get(each)?.status ?? ""));
    mustHold("S5", kept.length > 0, () => `parcel ${id} waits with nothing in it`);
  }
}

/** S6: a buyer is notified once that a parcel was sent. */
function checkSentMessage(stage: Stage, { id, state, buyer }: StoredParcel): void {
  const { unreachable, closedDms } = marketOf(stage);
  const times = countSent(stage.discord.dms(buyer), `parcel-sent:${id}`);
  const isSent = state === "sent" || state === "arrived";
  const what = `how often the buyer of parcel ${id}, ${state}, was notified of its sending`;
  if (unreachable.has(buyer) || closedDms.has(buyer)) mustHold("S6", times <= 1, () => what);
  else mustEqual("S6", what, times, isSent ? 1 : 0);
}

/** What the answers to commands that had an effect say. */
const ACCEPTED = /is on its way to|is ready|has a new tracking number/;

/** S9: a parcel has the number of the newest command that gave one and was accepted. */
function checkNumber(stage: Stage, { id, tracking }: StoredParcel): void {
  const accepted = marketOf(stage).shipments.filter((shipment) => {
    const answer = stage.discord.interaction(shipment.id)?.original?.content ?? "";
    return shipment.parcelId === id && ACCEPTED.test(answer);
  });
  if (accepted.length === 0) return;
  const numbers = accepted.filter((shipment) => shipment.tracking !== undefined);
  const newest = numbers.toSorted((one, other) => (one.id < other.id ? -1 : 1)).at(-1);
  const expected = newest?.tracking?.replaceAll(" ", "");
  mustEqual("S9", `the number of parcel ${id}`, tracking, expected);
}
