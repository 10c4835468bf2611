import { isNewer } from "../../../shared/discord/snowflake.ts";
import type { ChangesOf } from "../../../shared/documents/define-document.ts";
import type { Database, Firestore, Transaction } from "../../../shared/ports/database.ts";
import type { StreamReport } from "../../members/domain/stream.ts";
import { caseDocument } from "../../shipping/documents/case.ts";
import { parcelDocument } from "../../shipping/documents/parcel.ts";
import { isLive } from "../../shipping/domain/case.ts";
import {
  ARRIVAL_DAYS,
  ARRIVAL_QUESTION_DAYS,
  canMove,
  DAY_MS,
  dispatchAfter,
  type HoldReason,
  holdsOf,
  type Parcel,
  strict,
  wasMeantForEarlier,
} from "../../shipping/domain/parcel.ts";
import {
  type Deadline,
  deadlineId,
  type NewDeadline,
  setDeadlines,
} from "../../shipping/store/deadlines.ts";
import { dispatchDeadlines } from "../../shipping/store/parcels.ts";
import { orderDocument } from "../../shop/documents/order.ts";
import { openDisputes } from "../../shop/domain/builder-part.ts";
import { type Order, statusOfPaid } from "../../shop/domain/order.ts";

/** A parcel and the orders in it. */
export interface PackedParcel {
  readonly parcel: Parcel;
  readonly orders: readonly Order[];
}

/** What somebody says of a parcel that they have sent. */
export interface Sending {
  readonly parcelId: string;
  readonly builderId: string;
  readonly carrier: string | undefined;
  readonly tracking: string | undefined;
  /** The id of the command that says so. */
  readonly changeId: string;
  /** Send it although there are reasons to wait. */
  readonly isAnyway: boolean;
  readonly report: StreamReport;
  readonly now: Date;
}

/** A parcel that was sent, and the deadline after which the sweeper notifies its buyer, if this call set it. */
export interface SentParcel extends PackedParcel {
  readonly notice?: Deadline;
}

/**
 * `sent`: it is, now or by the same command before. `corrected`: it was sent before, and has another number now.
 * `held`: it may not be sent, or not yet. `superseded`: the command is older than the parcel, and was about the one that
 * this parcel replaces.
 */
export type SendResult =
  | ({ readonly outcome: "sent" | "corrected" } & SentParcel)
  | ({ readonly outcome: "superseded" } & PackedParcel)
  | ({ readonly outcome: "held"; readonly reasons: readonly HoldReason[] } & PackedParcel)
  | { readonly outcome: "not-found" };

/** A buyer's request to wait with a parcel. */
export interface Waiting {
  readonly parcelId: string;
  readonly buyerId: string;
  readonly until: Date;
  readonly askedAt: Date;
  readonly now: Date;
}

/** What a move changes, in one commit with the orders of the parcel. */
interface Move {
  readonly to: Parcel["state"];
  readonly changes: ChangesOf<typeof parcelDocument>;
  readonly deadlines: readonly NewDeadline[];
}

export type ParcelMoves = ReturnType<typeof createParcelMoves>;

/** Parcels on their way, together with what their orders say of them. */
export function createParcelMoves(database: Database) {
  return {
    /** A parcel with its orders. */
    async packed(parcelId: string): Promise<PackedParcel | undefined> {
      const firestore = await database();
      const snapshot = await parcelDocument.place(firestore, parcelId).get();
      if (!snapshot.exists) return undefined;
      const parcel = parcelDocument.read(snapshot);
      const places = parcel.lines.map(({ orderId }) => orderDocument.place(firestore, orderId));
      const orders = await firestore.getAll(...places);
      return { parcel, orders: orders.map(orderDocument.read) };
    },

    /**
     * Marks a parcel as sent, or corrects its number, and sets the deadline by which the sweeper notifies its buyer.
     * Idempotent.
     */
    async send(sending: Sending): Promise<SendResult> {
      const firestore = await database();
      return firestore.runTransaction(async (transaction): Promise<SendResult> => {
        const found = await read(firestore, transaction, sending.parcelId);
        if (found?.parcel.builderId !== sending.builderId) return { outcome: "not-found" };
        const { parcel } = found;
        // A late repeat must not send, nor give a number to, the parcel in which a case sends an order again.
        if (wasMeantForEarlier(sending.changeId, parcel)) {
          return { outcome: "superseded", ...found };
        }
        // The parcel may have arrived before the command was repeated.
        const isRepeat = parcel.numberChangeId === sending.changeId;
        if (parcel.state === "sent" || isRepeat) {
          return correct(firestore, transaction, found, sending);
        }
        const { report, now, isAnyway } = sending;
        const reasons = holdsOf(parcel, found.orders.map(toShippable), { report, now });
        const left = isAnyway ? strict(reasons) : reasons;
        if (left.length > 0) return { outcome: "held", reasons: left, ...found };
        const { carrier, tracking, changeId } = sending;
        const notice = sentNoticeDeadline(parcel.id, parcel.version + 1, now);
        const after = move(firestore, transaction, found, {
          to: "sent",
          changes: {
            carrier,
            tracking,
            numberChangeId: changeId,
            sentAt: now,
          },
          deadlines: [...arrivalDeadlines(parcel, now), notice],
          now,
        });
        return { outcome: "sent", notice, ...after };
      });
    },

    /**
     * Marks a sent parcel as arrived. Idempotent; undefined when it was not sent, or `of` is given and it has another
     * version by now.
     */
    async arrive(
      parcelId: string,
      by: NonNullable<Parcel["arrivedBy"]>,
      now: Date,
      of?: number,
    ): Promise<PackedParcel | undefined> {
      const firestore = await database();
      return firestore.runTransaction(async (transaction) => {
        const found = await read(firestore, transaction, parcelId);
        if (found?.parcel.state === "arrived") return found;
        if (!found || !canMove(found.parcel.state, "arrived")) return undefined;
        if (of !== undefined && found.parcel.version !== of) return undefined;
        if (by === "time" && (await hasLiveCase(firestore, transaction, found))) return undefined;
        const changes = { arrivedAt: now, arrivedBy: by };
        return move(firestore, transaction, found, { to: "arrived", changes, deadlines: [], now });
      });
    },

    /**
     * Has a parcel wait until a time because its buyer asked for it; its builder then has as long as before to send
     * it. Idempotent: what was asked later stays. Undefined unless it is the buyer's and open.
     */
    async wait({
      parcelId,
      buyerId,
      until,
      askedAt,
      now,
    }: Waiting): Promise<PackedParcel | undefined> {
      const firestore = await database();
      return firestore.runTransaction(async (transaction) => {
        const found = await read(firestore, transaction, parcelId);
        if (found?.parcel.state !== "open" || found.parcel.buyerId !== buyerId) return undefined;
        const { parcel } = found;
        if (parcel.waitUntil?.getTime() === until.getTime()) return found;
        // A late repeat of an older request must not bring its time back.
        if (parcel.waitAskedAt && parcel.waitAskedAt > askedAt) return found;
        const version = parcel.version + 1;
        const dispatchBy = dispatchAfter(parcel, until);
        const asked = { waitUntil: until, waitAskedAt: askedAt };
        const changes = { ...asked, dispatchBy, version, updatedAt: now };
        parcelDocument.update(transaction, parcelDocument.place(firestore, parcelId), changes);
        setDeadlines(firestore, transaction, dispatchDeadlines(parcelId, version, dispatchBy));
        return { ...found, parcel: { ...parcel, ...changes } };
      });
    },
  };
}

async function read(
  firestore: Firestore,
  transaction: Transaction,
  parcelId: string,
): Promise<PackedParcel | undefined> {
  const snapshot = await transaction.get(parcelDocument.place(firestore, parcelId));
  if (!snapshot.exists) return undefined;
  const parcel = parcelDocument.read(snapshot);
  const places = parcel.lines.map(({ orderId }) => orderDocument.place(firestore, orderId));
  const orders = await transaction.getAll(...places);
  return { parcel, orders: orders.map(orderDocument.read) };
}

/** Whether its buyer says that something is wrong with an order of a parcel. */
async function hasLiveCase(
  firestore: Firestore,
  transaction: Transaction,
  { parcel }: PackedParcel,
): Promise<boolean> {
  const places = parcel.lines.map(({ orderId }) => caseDocument.place(firestore, orderId));
  const cases = await transaction.getAll(...places);
  return cases.some((snapshot) => snapshot.exists && isLive(caseDocument.read(snapshot)));
}

function move(
  firestore: Firestore,
  transaction: Transaction,
  { parcel, orders }: PackedParcel,
  { to, changes, deadlines, now }: Move & { readonly now: Date },
): PackedParcel {
  const version = parcel.version + 1;
  const moved = { ...changes, state: to, version, updatedAt: now };
  parcelDocument.update(transaction, parcelDocument.place(firestore, parcel.id), moved);
  setDeadlines(firestore, transaction, deadlines);
  const after = orders.map((order) => {
    const inParcel = { ...order, parcel: { id: parcel.id, state: to } };
    const fulfillmentStatus = statusOf(inParcel);
    const written = { parcel: inParcel.parcel, fulfillmentStatus, updatedAt: now };
    orderDocument.update(transaction, orderDocument.place(firestore, order.id), written);
    return { ...inParcel, fulfillmentStatus };
  });
  return { parcel: { ...parcel, ...moved } as Parcel, orders: after };
}

/** What went back stays so. */
function statusOf(order: Order): string {
  const isBack = ["refunded", "charged_back"].includes(order.fulfillmentStatus);
  return isBack ? order.fulfillmentStatus : statusOfPaid(order);
}

function correct(
  firestore: Firestore,
  transaction: Transaction,
  { parcel, orders }: PackedParcel,
  { carrier, tracking, changeId, now }: Sending,
): SendResult {
  const { numberChangeId: last, correctionId } = parcel;
  // A late repeat of an older command must not bring its number back.
  const isOld = parcel.tracking !== undefined && last !== undefined && !isNewer(changeId, last);
  if (isOld || tracking === undefined) {
    return { outcome: correctionId === changeId ? "corrected" : "sent", parcel, orders };
  }
  const isSame = parcel.tracking === tracking && parcel.carrier === carrier;
  const changes = {
    carrier,
    tracking,
    numberChangeId: changeId,
    correctionId: isSame ? correctionId : changeId,
    updatedAt: now,
  };
  const notice = sentNoticeDeadline(parcel.id, parcel.version, now);
  parcelDocument.update(transaction, parcelDocument.place(firestore, parcel.id), changes);
  setDeadlines(firestore, transaction, [notice]);
  const outcome = isSame ? "sent" : "corrected";
  return { outcome, notice, parcel: { ...parcel, ...changes }, orders };
}

/** What of an order decides whether its parcel may be sent. */
export function toShippable({ payment, proof, fulfillmentStatus, cancellation }: Order) {
  const isBack =
    cancellation?.state === "accepted" ||
    (payment !== undefined && payment.refundRequested >= payment.amount);
  return {
    isPaid: payment?.paidAt !== undefined,
    isReturned: isBack || ["refunded", "charged_back"].includes(fulfillmentStatus),
    isDisputed: payment !== undefined && openDisputes(payment).length > 0,
    isUnproved: payment?.hold === "held" && payment.plan === "held" && proof === undefined,
  };
}

/** Has the sweeper notify the buyer of a parcel unless `shipParcel` does, which then removes this deadline. */
function sentNoticeDeadline(subjectId: string, version: number, dueAt: Date): Deadline {
  const deadline = { kind: "sent-notice", subjectId, version, dueAt } as const;
  return { ...deadline, id: deadlineId(deadline) };
}

/** The deadlines of a parcel that is on its way; its version counts up by one when it is sent. */
function arrivalDeadlines({ id: subjectId, version }: Parcel, sentAt: Date): NewDeadline[] {
  const inDays = (days: number) => new Date(sentAt.getTime() + days * DAY_MS);
  return [
    {
      kind: "arrival-question",
      subjectId,
      version: version + 1,
      dueAt: inDays(ARRIVAL_QUESTION_DAYS),
    },
    { kind: "arrival", subjectId, version: version + 1, dueAt: inDays(ARRIVAL_DAYS) },
  ];
}
