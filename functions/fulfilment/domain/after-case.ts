import { type Case, isLive } from "../../shipping/domain/case.ts";
import { ARRIVAL_DAYS, DAY_MS, type Parcel } from "../../shipping/domain/parcel.ts";

/** A parcel that is sent again has to be on its way within this time. */
const RESEND_DAYS = 7;
/** After a case is over, a parcel without a word counts as arrived no earlier than this. */
const QUIET_DAYS = 2;

/** When a sent parcel counts as arrived once its case is over: that deadline may have passed meanwhile. */
export function arrivalAfterCase(after: Case, parcel: Parcel, now: Date) {
  const { id: subjectId, version, state, sentAt } = parcel;
  const isEmpty =
    after.outcome === "replace" && parcel.lines.every(({ orderId }) => orderId === after.id);
  if (isLive(after) || isEmpty || state !== "sent" || !sentAt) return [];
  const due = sentAt.getTime() + ARRIVAL_DAYS * DAY_MS;
  const dueAt = new Date(Math.max(due, now.getTime() + QUIET_DAYS * DAY_MS));
  return [{ kind: "arrival" as const, subjectId, version, dueAt }];
}

/** The parcel in which an order is sent again, and what becomes of the one it was in. */
export function resentParcel({ id: orderId, version, updatedAt }: Case, parcel: Parcel) {
  const now = updatedAt;
  const lines = parcel.lines.filter((line) => line.orderId === orderId);
  const others = parcel.lines.filter((line) => line.orderId !== orderId);
  const isCanceled = others.length === 0 && parcel.state === "sent";
  const { buyerId, builderId, destination } = parcel;
  return {
    id: `${orderId}-again-${version}`,
    opened: {
      buyerId,
      builderId,
      destination,
      state: "open" as const,
      version: 1,
      lines,
      bundleHours: 0,
      openedAt: now,
      dispatchBy: new Date(now.getTime() + RESEND_DAYS * DAY_MS),
      updatedAt: now,
    },
    left: {
      lines: others.length === 0 ? parcel.lines : others,
      state: isCanceled ? ("canceled" as const) : parcel.state,
      version: parcel.version + (isCanceled ? 1 : 0),
      updatedAt: now,
    },
  };
}
