import { isNewer } from "../../../shared/discord/snowflake.ts";
import type { Database, Firestore, Transaction } from "../../../shared/ports/database.ts";
import { caseDocument } from "../../shipping/documents/case.ts";
import { parcelDocument } from "../../shipping/documents/parcel.ts";
import {
  type Case,
  type CaseActor,
  type CaseMove,
  caseDeadline,
  findCaseObstacle,
  isLeftBy,
  isLive,
  movedCase,
  nextCaseReminder,
  outcomeOf,
  picturesEnd,
} from "../../shipping/domain/case.ts";
import { type NewDeadline, setDeadlines } from "../../shipping/store/deadlines.ts";
import { dispatchDeadlines } from "../../shipping/store/parcels.ts";
import { orderDocument } from "../../shop/documents/order.ts";
import { isContested } from "../../shop/domain/builder-part.ts";
import { moved, type Order, statusOfPaid } from "../../shop/domain/order.ts";
import { arrivalAfterCase, resentParcel } from "../domain/after-case.ts";
import { toShippable } from "./parcel-moves.ts";

/** What a buyer says is wrong. */
export interface NewCase {
  readonly orderId: string;
  readonly buyerId: string;
  readonly kind: Case["kind"];
  readonly text: string | undefined;
  /** The interaction that opens it. */
  readonly openedUnder: string;
  readonly now: Date;
}

/** What somebody does about a case. */
export interface CaseAction {
  readonly orderId: string;
  readonly move: CaseMove;
  readonly by: CaseActor;
  /** The builder's words, for `answer`. */
  readonly text?: string | undefined;
  /** The command or press that does it; for `answer`. */
  readonly changeId?: string | undefined;
  /** The version that is meant; left out where the newest is. */
  readonly version?: number;
  readonly now: Date;
}

type Found = { readonly order: Order; readonly found: Case };

/** `moved`: it is, now or before. `not-now`: it is over, or not theirs to move so. */
export type CaseMoved =
  | ({ readonly outcome: "moved" | "not-now" | "disputed" } & Found)
  | { readonly outcome: "not-found" };

export type CaseOpened =
  | ({ readonly outcome: "opened" } & Found)
  | {
      readonly outcome:
        | "not-found"
        | "not-sent"
        | "too-late"
        | "known"
        | "over"
        | "disputed"
        | "refunded";
    };

export type Cases = ReturnType<typeof createCases>;

/** The `cases` collection: at most one for each order. */
export function createCases(database: Database) {
  return {
    async get(orderId: string): Promise<Case | undefined> {
      const snapshot = await caseDocument.place(await database(), orderId).get();
      return snapshot.exists ? caseDocument.read(snapshot) : undefined;
    },

    /** Opens a case; one that was withdrawn can be opened again. */
    async open({ orderId, buyerId, kind, text, openedUnder, now }: NewCase): Promise<CaseOpened> {
      const firestore = await database();
      return firestore.runTransaction(async (transaction): Promise<CaseOpened> => {
        const { order, found: known } = await read(firestore, transaction, orderId);
        if (order?.buyerId !== buyerId) return { outcome: "not-found" };
        if (known && isLive(known) && known.openedUnder === openedUnder) {
          return { outcome: "opened", order, found: known };
        }
        const { parcel: at, payment, builderId } = order;
        if (!at) return { outcome: "not-sent" };
        if (payment && isContested(payment)) return { outcome: "disputed" };
        if (toShippable(order).isReturned) return { outcome: "refunded" };
        const snapshot = await transaction.get(parcelDocument.place(firestore, at.id));
        const obstacle = findCaseObstacle(parcelDocument.read(snapshot), known, now);
        if (obstacle) return { outcome: obstacle };
        const version = (known?.version ?? 0) + 1;
        const found = {
          buyerId,
          builderId,
          parcelId: at.id,
          kind,
          text,
          state: "open" as const,
          movedBy: "buyer" as const,
          outcome: undefined,
          answer: undefined,
          answeredAt: undefined,
          version,
          moves: [
            ...(known?.moves ?? []),
            { state: "open" as const, by: "buyer" as const, at: now },
          ],
          answerChangeId: undefined,
          pictures: known?.pictures ?? [],
          openedUnder,
          openedAt: now,
          updatedAt: now,
        };
        caseDocument.set(transaction, caseDocument.place(firestore, orderId), found);
        setDeadlines(firestore, transaction, deadlinesOf({ ...found, id: orderId }, now));
        return { outcome: "opened", order, found: { ...found, id: orderId } };
      });
    },

    /** Makes a move, with what follows for the parcel. Idempotent: the same move of the same actor finds it made. */
    async move(action: CaseAction): Promise<CaseMoved> {
      const { orderId, move, by, text, version, now } = action;
      const firestore = await database();
      return firestore.runTransaction(async (transaction): Promise<CaseMoved> => {
        const { order, found } = await read(firestore, transaction, orderId);
        if (!order || !found) return { outcome: "not-found" };
        if (isLeftBy(found, { move, by, text }) || isOutdated(action, found)) {
          return { outcome: "moved", order, found };
        }
        if (version !== undefined && found.version !== version) {
          return { outcome: "not-now", order, found };
        }
        const state = movedCase(found.state, move, by);
        if (!state) return { outcome: "not-now", order, found };
        const isDisputed = order.payment !== undefined && isContested(order.payment);
        if (isDisputed && by !== "bank") return { outcome: "disputed", order, found };
        if (move === "replace" && toShippable(order).isReturned) {
          return { outcome: "not-now", order, found };
        }
        const snapshot = await transaction.get(parcelDocument.place(firestore, found.parcelId));
        const parcel = parcelDocument.read(snapshot);
        const changes = {
          state,
          movedBy: by,
          outcome: outcomeOf(move),
          version: found.version + 1,
          moves: [...found.moves, { state, by, at: now }],
          updatedAt: now,
          ...(move === "answer" && {
            answer: text,
            answeredAt: now,
            answerChangeId: action.changeId,
          }),
        };
        caseDocument.update(transaction, caseDocument.place(firestore, orderId), changes);
        const after: Case = { ...found, ...changes };
        setDeadlines(firestore, transaction, [
          ...deadlinesOf(after, now),
          ...arrivalAfterCase(after, parcel, now),
          ...pictureDeadlines(after, now),
        ]);
        if (move === "replace") sendAgain(firestore, transaction, { order, found: after }, parcel);
        return { outcome: "moved", order, found: after };
      });
    },
  };
}

/** A late repeat of an older answer must not replace a newer one. */
function isOutdated({ move, changeId }: CaseAction, { answerChangeId: last }: Case): boolean {
  if (move !== "answer" || changeId === undefined || last === undefined) return false;
  return isNewer(last, changeId);
}

async function read(firestore: Firestore, transaction: Transaction, orderId: string) {
  const [order, found] = await transaction.getAll(
    orderDocument.place(firestore, orderId),
    caseDocument.place(firestore, orderId),
  );
  return {
    order: order?.exists ? orderDocument.read(order) : undefined,
    found: found?.exists ? caseDocument.read(found) : undefined,
  };
}

function deadlinesOf(after: Case, now: Date): NewDeadline[] {
  const { id: subjectId, state, version } = after;
  const dueAt = caseDeadline(state, now);
  const reminderAt = nextCaseReminder(after, now);
  return [
    ...(dueAt ? [{ kind: "case-answer", subjectId, version, dueAt } as const] : []),
    ...(reminderAt
      ? [{ kind: "case-reminder", subjectId, version, dueAt: reminderAt } as const]
      : []),
  ];
}

function pictureDeadlines(after: Case, now: Date): NewDeadline[] {
  const dueAt = picturesEnd(after, now);
  const { id: subjectId, version } = after;
  return dueAt ? [{ kind: "case-pictures", subjectId, version, dueAt }] : [];
}

/** Opens a parcel of its own for an order that is sent again, and takes it out of the one that was sent. */
function sendAgain(
  firestore: Firestore,
  transaction: Transaction,
  { order, found }: Found,
  parcel: Parameters<typeof resentParcel>[1],
): void {
  const { id, opened, left } = resentParcel(found, parcel);
  parcelDocument.create(transaction, parcelDocument.place(firestore, id), opened);
  parcelDocument.update(transaction, parcelDocument.place(firestore, parcel.id), left);
  setDeadlines(firestore, transaction, dispatchDeadlines(id, 1, opened.dispatchBy));
  const inParcel = { ...order, parcel: { id, state: "open" as const } };
  const { cancellation } = order;
  orderDocument.update(transaction, orderDocument.place(firestore, order.id), {
    parcel: inParcel.parcel,
    fulfillmentStatus: moved(order, statusOfPaid(inParcel)),
    updatedAt: opened.updatedAt,
    // Sending it was the answer to an earlier request, and silence no longer counts.
    ...(cancellation?.state === "asked" && {
      cancellation: { ...cancellation, state: "declined", version: cancellation.version + 1 },
    }),
  });
}
