import { userDocument } from "../../../shared/documents/definitions/user.ts";
import type { Database, Firestore, Transaction } from "../../../shared/ports/database.ts";
import { caseDocument } from "../documents/case.ts";
import { parcelDocument } from "../documents/parcel.ts";
import { DAY_MS, type Parcel, REMINDER_MS } from "../domain/parcel.ts";
import { PICKUP } from "../domain/terms.ts";
import { type NewDeadline, setDeadlines } from "./deadlines.ts";

/** A paid order as it goes into a parcel. */
export interface ParcelOrder {
  readonly orderId: string;
  readonly buyerId: string;
  readonly builderId: string;
  readonly quantity: number;
  /** The country, or "pickup". */
  readonly destination: string;
  readonly dispatchDays: number;
  readonly bundleHours: number;
}

/** Where a paid order goes. */
export interface ParcelPlan {
  /** The open parcel that it joins, if it is still open. */
  readonly joins: string | undefined;
  /** Its shipping was paid for another address: a cheaper country, or a parcel that goes elsewhere. */
  readonly isPriceWrong: boolean;
  /** The stream that is live, in which a new parcel is opened. */
  readonly streamId: string | undefined;
  /** What `newestOf` was before the parcel to join was sought. */
  readonly newestId: string | undefined;
}

/** An order's place in a parcel, decided in a transaction; `apply` writes. */
export interface PlannedParcel {
  readonly parcelId: string;
  readonly apply: () => void;
}

/** Where a page of parcels ended: when its last one is due, and that one's id. */
interface PageEnd {
  readonly at: Date;
  readonly id: string;
}

const MAX_LISTED = 100;

const readReported = caseDocument.part("parcelId");
const readNewest = userDocument.part("newestParcelId");
const readDueTime = parcelDocument.part("dispatchBy");

export type Parcels = ReturnType<typeof createParcels>;

/** The `parcels` collection. A parcel has the id of the order that it was opened for. */
export function createParcels(database: Database) {
  const collection = async () => parcelDocument.all(await database());

  return {
    async get(id: string): Promise<Parcel | undefined> {
      const snapshot = await parcelDocument.place(await database(), id).get();
      return snapshot.exists ? parcelDocument.read(snapshot) : undefined;
    },

    /** The parcel in which an order was sent before it was sent again in `parcelId`; undefined if it was sent once. */
    async earlierIdOf(orderId: string, parcelId: string): Promise<string | undefined> {
      const snapshot = await caseDocument.place(await database(), orderId).get();
      const found = snapshot.exists ? readReported(snapshot).parcelId : undefined;
      return found === parcelId ? undefined : found;
    },

    /** The last parcel that was opened for a buyer and that other orders may join. */
    async newestOf(buyerId: string): Promise<string | undefined> {
      const snapshot = await userDocument.place(await database(), buyerId).get();
      return readNewest(snapshot).newestParcelId;
    },

    /** The open parcels of one buyer from one builder. */
    async openOf(buyerId: string, builderId: string): Promise<Parcel[]> {
      const found = await (await collection())
        .where("buyer_id", "==", buyerId)
        .where("builder_id", "==", builderId)
        .where("state", "==", "open")
        .limit(MAX_LISTED)
        .get();
      return found.docs.flatMap(parcelDocument.readable);
    },

    /** A builder's open parcels from behind `after` on, those that are due first in front, at most `limit`. */
    async pageToSend(
      builderId: string,
      after: PageEnd | undefined,
      limit: number,
    ): Promise<{ readonly parcels: readonly Parcel[]; readonly next: PageEnd | undefined }> {
      const open = (await collection())
        .where("builder_id", "==", builderId)
        .where("state", "==", "open")
        .orderBy("dispatch_by")
        .orderBy("__name__")
        .limit(limit);
      const { docs } = await (after ? open.startAfter(after.at, after.id) : open).get();
      const last = docs.length < limit ? undefined : docs.at(-1);
      const at = last && readDueTime(last).dispatchBy;
      const next = last && at && { at, id: last.id };
      return { parcels: docs.flatMap(parcelDocument.readable), next };
    },

    /** A builder's parcels in a state, those that are due first in front; at most 100. */
    async ofBuilder(builderId: string, state: Parcel["state"]): Promise<Parcel[]> {
      const found = await (await collection())
        .where("builder_id", "==", builderId)
        .where("state", "==", state)
        .orderBy("dispatch_by")
        .limit(MAX_LISTED)
        .get();
      return found.docs.flatMap(parcelDocument.readable);
    },
  };
}

/**
 * Puts a paid order into its parcel: the open one that it joins, or one of its own. A joined parcel is to be sent
 * when its last order is due. `outdated`: another one was opened for its buyer since the parcel to join was sought, so
 * seek again. Reads immediately; `apply` writes.
 */
export async function planParcel(
  firestore: Firestore,
  transaction: Transaction,
  order: ParcelOrder,
  { joins, isPriceWrong, streamId, newestId }: ParcelPlan,
  now: Date,
): Promise<PlannedParcel | "outdated"> {
  const line = { orderId: order.orderId, quantity: order.quantity };
  const dispatchBy = new Date(now.getTime() + order.dispatchDays * DAY_MS);
  const joined = joins === undefined ? undefined : parcelDocument.place(firestore, joins);
  const snapshot = joined && (await transaction.get(joined));
  const parcel = snapshot?.exists ? parcelDocument.read(snapshot) : undefined;
  if (joined && parcel?.state === "open") {
    const later = parcel.dispatchBy > dispatchBy ? parcel.dispatchBy : dispatchBy;
    const version = parcel.version + 1;
    const apply = () => {
      const lines = [...parcel.lines, line];
      const changes = {
        lines,
        version,
        isPriceWrong: parcel.isPriceWrong || isPriceWrong,
        dispatchBy: later,
        updatedAt: now,
      };
      parcelDocument.update(transaction, joined, changes);
      setDeadlines(firestore, transaction, dispatchDeadlines(parcel.id, version, later));
    };
    return { parcelId: parcel.id, apply };
  }
  const { orderId: id, buyerId, builderId, destination, bundleHours } = order;
  const place = parcelDocument.place(firestore, id);
  const buyer = await transaction.get(userDocument.place(firestore, buyerId));
  if (readNewest(buyer).newestParcelId !== newestId) return "outdated";
  const isShared = streamId !== undefined && bundleHours > 0 && destination !== PICKUP;
  const apply = () => {
    if (isShared) userDocument.put(transaction, buyer, { newestParcelId: id });
    parcelDocument.create(transaction, place, {
      buyerId,
      builderId,
      state: "open",
      version: 1,
      lines: [line],
      destination,
      isPriceWrong,
      streamId,
      bundleHours,
      openedAt: now,
      dispatchBy,
      updatedAt: now,
    });
    setDeadlines(firestore, transaction, dispatchDeadlines(id, 1, dispatchBy));
  };
  return { parcelId: id, apply };
}

/**
 * Takes an order whose money went back out of its parcel while that is open; the parcel of its last order is canceled.
 * Undefined where the parcel was sent. Reads immediately; the returned function writes.
 */
export async function planLeaving(
  firestore: Firestore,
  transaction: Transaction,
  { parcelId, orderId }: { readonly parcelId: string; readonly orderId: string },
  now: Date,
): Promise<(() => void) | undefined> {
  const place = parcelDocument.place(firestore, parcelId);
  const parcel = parcelDocument.read(await transaction.get(place));
  if (parcel.state !== "open") return undefined;
  const lines = parcel.lines.filter((line) => line.orderId !== orderId);
  const state = lines.length === 0 ? "canceled" : "open";
  const kept = lines.length === 0 ? parcel.lines : lines;
  return () => parcelDocument.update(transaction, place, { lines: kept, state, updatedAt: now });
}

/** The deadlines of a parcel that waits to be sent. */
export function dispatchDeadlines(
  subjectId: string,
  version: number,
  dispatchBy: Date,
): NewDeadline[] {
  const reminderAt = new Date(dispatchBy.getTime() - REMINDER_MS);
  return [
    { kind: "dispatch-reminder", subjectId, version, dueAt: reminderAt },
    { kind: "dispatch-late", subjectId, version, dueAt: dispatchBy },
  ];
}
