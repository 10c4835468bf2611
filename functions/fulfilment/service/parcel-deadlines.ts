import { type NotifyDeps, notify } from "../../../shared/discord/sending/notify.ts";
import { ARRIVAL_DAYS, DAY_MS } from "../../shipping/domain/parcel.ts";
import type { Deadline, DeadlineKind } from "../../shipping/store/deadlines.ts";
import type { Deps } from "../deps.ts";
import {
  arrivalQuestion,
  arrivedNotice,
  dispatchReminder,
  lateNotices,
  orderToShow,
} from "../messages/parcels.ts";
import { type PackedParcel, toShippable } from "../store/parcel-moves.ts";
import { notifyOfSending } from "./ship-parcel.ts";

/** Dependencies of deadlines of parcels. */
export type ParcelDeadlineDeps = NotifyDeps & Pick<Deps, "parcelMoves" | "clock">;

type Handle = (packed: PackedParcel, deadline: Deadline, deps: ParcelDeadlineDeps) => Promise<void>;

/** What is done when a deadline of a parcel has come, and in which state of the parcel. */
const parcelDeadlines: Partial<
  Record<DeadlineKind, { readonly state: PackedParcel["parcel"]["state"]; readonly handle: Handle }>
> = {
  "dispatch-reminder": { state: "open", handle: remind },
  "dispatch-late": { state: "open", handle: reportLate },
  "arrival-question": { state: "sent", handle: askWhetherArrived },
  arrival: { state: "sent", handle: assumeArrival },
};

/**
 * Does what a deadline of a parcel asks for, unless the parcel has changed since the deadline was set.
 *
 * Idempotency: messages have fixed names, and moves happen once. Lateness: the parcel is read now; what no longer
 * fits does nothing. Crash safety: the repeat finds a parcel that has just arrived by time, and notifies.
 */
export async function doParcelDeadline(
  deadline: Deadline,
  deps: ParcelDeadlineDeps,
): Promise<void> {
  const rule = parcelDeadlines[deadline.kind];
  const packed = rule && (await deps.parcelMoves.packed(deadline.subjectId));
  const isMeant =
    packed?.parcel.state === rule?.state && packed?.parcel.version === deadline.version;
  const isRepeat =
    deadline.kind === "arrival" &&
    packed?.parcel.arrivedBy === "time" &&
    packed.parcel.version === deadline.version + 1;
  if (rule && packed && (isMeant || isRepeat)) await rule.handle(packed, deadline, deps);
}

/** Notifies the buyer of a sent parcel after `shipParcel` failed to, whatever state the parcel is in by now. */
export async function doSentNotice(
  { subjectId }: Deadline,
  deps: ParcelDeadlineDeps,
): Promise<void> {
  const packed = await deps.parcelMoves.packed(subjectId);
  if (packed) await notifyOfSending(packed, deps);
}

/** Whether a parcel holds something that is paid and not refunded. Nobody is reminded of any other. */
export function isWaitedFor({ orders }: Pick<PackedParcel, "orders">): boolean {
  return orders.map(toShippable).some(({ isPaid, isReturned }) => isPaid && !isReturned);
}

async function remind(packed: PackedParcel, { id, version }: Deadline, deps: ParcelDeadlineDeps) {
  if (!isWaitedFor(packed)) return;
  const { builderId } = packed.parcel;
  await notify(`${id}:${version}`, builderId, dispatchReminder(packed), deps);
}

async function reportLate(
  packed: PackedParcel,
  { id, version }: Deadline,
  deps: ParcelDeadlineDeps,
) {
  if (!isWaitedFor(packed)) return;
  const { buyerId, builderId } = packed.parcel;
  const { buyer, builder } = lateNotices(packed);
  const orderPage = orderToShow(packed);
  await notify(`${id}:${version}:buyer`, buyerId, { ...buyer, orderPage }, deps);
  await notify(`${id}:${version}:builder`, builderId, builder, deps);
}

async function askWhetherArrived(packed: PackedParcel, { id }: Deadline, deps: ParcelDeadlineDeps) {
  const { buyerId, sentAt } = packed.parcel;
  if (!sentAt) return;
  const countsAt = new Date(sentAt.getTime() + ARRIVAL_DAYS * DAY_MS);
  const question = { ...arrivalQuestion(packed, countsAt), orderPage: orderToShow(packed) };
  await notify(id, buyerId, question, deps);
}

async function assumeArrival(
  { parcel }: PackedParcel,
  { version }: Deadline,
  deps: ParcelDeadlineDeps,
) {
  const arrived = await deps.parcelMoves.arrive(parcel.id, "time", deps.clock.now(), version);
  if (!arrived) return;
  await notify(`parcel-arrived:${parcel.id}`, parcel.builderId, arrivedNotice(arrived), deps);
}
