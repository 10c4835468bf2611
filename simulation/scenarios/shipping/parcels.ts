import type { Stage } from "../../stage.ts";

/** A parcel as stored in Firestore. */
export interface StoredParcel {
  readonly id: string;
  readonly buyer: string;
  readonly builder: string;
  readonly state: string;
  readonly orderIds: readonly string[];
  readonly tracking: string | undefined;
  readonly isPriceWrong: boolean;
  readonly arrivedBy: string | undefined;
  readonly dispatchByMs: number;
  readonly isSent: boolean;
  readonly openedAtMs: number;
  /** The command that gave it its number, or sent it without one. */
  readonly changeId: string | undefined;
}

/** Something that a buyer reported, as stored in Firestore. */
export interface StoredCase {
  readonly orderId: string;
  readonly parcelId: string;
  readonly buyer: string;
  readonly state: string;
  readonly outcome: string | undefined;
  readonly movedBy: string;
  readonly version: number;
}

/** A deadline as stored in Firestore. */
interface StoredDeadline {
  readonly kind: string;
  readonly subjectId: string;
  readonly dueAtMs: number;
}

/** All parcels. */
export async function storedParcels({ database }: Stage): Promise<StoredParcel[]> {
  const { docs } = await database.collection("parcels").get();
  return docs.map((parcel) => ({
    id: parcel.id,
    buyer: String(parcel.get("buyer_id")),
    builder: String(parcel.get("builder_id")),
    state: String(parcel.get("state")),
    orderIds: (parcel.get("lines") as { order_id: string }[]).map((line) => line.order_id),
    tracking: (parcel.get("tracking") as string | null) ?? undefined,
    isPriceWrong: parcel.get("is_price_wrong") === true,
    arrivedBy: (parcel.get("arrived_by") as string | null) ?? undefined,
    dispatchByMs: (parcel.get("dispatch_by") as { toMillis(): number }).toMillis(),
    isSent: Boolean(parcel.get("sent_at")),
    openedAtMs: (parcel.get("opened_at") as { toMillis(): number }).toMillis(),
    changeId: (parcel.get("number_change_id") as string | null) ?? undefined,
  }));
}

/** All cases. */
export async function storedCases({ database }: Stage): Promise<StoredCase[]> {
  const { docs } = await database.collection("cases").get();
  return docs.map((found) => ({
    orderId: found.id,
    parcelId: String(found.get("parcel_id")),
    buyer: String(found.get("buyer_id")),
    state: String(found.get("state")),
    outcome: (found.get("outcome") as string | null) ?? undefined,
    movedBy: String(found.get("moved_by")),
    version: Number(found.get("version")),
  }));
}

/** All deadlines that are set. */
export async function storedDeadlines({ database }: Stage): Promise<StoredDeadline[]> {
  const { docs } = await database.collection("deadlines").get();
  return docs.map((deadline) => ({
    kind: String(deadline.get("kind")),
    subjectId: String(deadline.get("subject_id")),
    dueAtMs: (deadline.get("due_at") as { toMillis(): number }).toMillis(),
  }));
}
