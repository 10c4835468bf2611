import type { Database, Firestore, Transaction } from "../../../shared/ports/database.ts";
import { parcelDocument } from "../../shipping/documents/parcel.ts";
import { setDeadlines } from "../../shipping/store/deadlines.ts";
import { orderDocument } from "../../shop/documents/order.ts";
import type { Order } from "../../shop/domain/order.ts";
import {
  type Answerer,
  CANCEL_ANSWER_MS,
  type CancelRefusal,
  findAnswerRefusal,
  judgeRequest,
} from "../domain/cancellation.ts";

type State = NonNullable<Order["cancellation"]>["state"];

/**
 * `accepted`: it is to be refunded now. `asked`: its builder has until `answerBy` to say no; `isShared` if there are
 * other orders in its parcel.
 */
export type CancelResult =
  | {
      readonly outcome: "asked";
      readonly order: Order;
      readonly answerBy: Date;
      readonly isShared: boolean;
    }
  | { readonly outcome: "accepted" | "declined"; readonly order: Order }
  | { readonly outcome: CancelRefusal | "not-asked"; readonly order: Order }
  | { readonly outcome: "not-found" };

/** An answer to a request to cancel. */
export interface CancelAnswer {
  readonly orderId: string;
  readonly isAccepted: boolean;
  readonly by: Answerer;
  /** The version that is answered; left out where the newest is meant. */
  readonly version?: number;
  readonly now: Date;
}

export type Cancellations = ReturnType<typeof createCancellations>;

/** Requests to cancel orders, stored with the orders. */
export function createCancellations(database: Database) {
  return {
    /** Asks to cancel a buyer's order, or cancels it where nobody has to agree. Idempotent. */
    async ask(orderId: string, buyerId: string, now: Date): Promise<CancelResult> {
      const firestore = await database();
      return firestore.runTransaction(async (transaction): Promise<CancelResult> => {
        const order = await read(firestore, transaction, orderId);
        if (order?.buyerId !== buyerId) return { outcome: "not-found" };
        const parcel = await parcelOf(firestore, transaction, order);
        const verdict = judgeRequest(order, parcel, now);
        if (verdict === "at-once") {
          return {
            outcome: "accepted",
            order: write(firestore, transaction, order, "accepted", now),
          };
        }
        if (verdict !== "ask" && verdict !== "asked") return { outcome: verdict, order };
        const asked = write(firestore, transaction, order, "asked", now);
        const isShared = parcel !== undefined && parcel.lines.length > 1;
        return { outcome: "asked", order: asked, answerBy: answerBy(asked, now), isShared };
      });
    },

    /** Accepts or declines. Idempotent: the same answer again changes nothing. */
    async answer({ orderId, version, now, ...answer }: CancelAnswer): Promise<CancelResult> {
      const firestore = await database();
      return firestore.runTransaction(async (transaction): Promise<CancelResult> => {
        const order = await read(firestore, transaction, orderId);
        if (!order) return { outcome: "not-found" };
        if (version !== undefined && order.cancellation?.version !== version) {
          return { outcome: "not-asked", order };
        }
        const refusal = findAnswerRefusal(order, answer);
        if (refusal) return { outcome: refusal, order };
        const outcome = answer.isAccepted ? "accepted" : "declined";
        return { outcome, order: write(firestore, transaction, order, outcome, now) };
      });
    },
  };
}

/** When silence accepts a request. */
function answerBy({ cancellation }: Order, now: Date): Date {
  return new Date((cancellation?.askedAt ?? now).getTime() + CANCEL_ANSWER_MS);
}

async function read(
  firestore: Firestore,
  transaction: Transaction,
  orderId: string,
): Promise<Order | undefined> {
  const snapshot = await transaction.get(orderDocument.place(firestore, orderId));
  return snapshot.exists ? orderDocument.read(snapshot) : undefined;
}

async function parcelOf(firestore: Firestore, transaction: Transaction, { parcel }: Order) {
  if (!parcel) return undefined;
  return parcelDocument.read(await transaction.get(parcelDocument.place(firestore, parcel.id)));
}

/** Stores a state, and the deadline after which silence accepts or a lost refund is made. */
function write(
  firestore: Firestore,
  transaction: Transaction,
  order: Order,
  state: State,
  now: Date,
): Order {
  const before = order.cancellation;
  if (before?.state === state) return order;
  const askedAt = state === "asked" || !before ? now : before.askedAt;
  const answeredAt = state === "asked" ? undefined : now;
  const cancellation = { state, askedAt, answeredAt, version: (before?.version ?? 0) + 1 };
  const place = orderDocument.place(firestore, order.id);
  orderDocument.update(transaction, place, { cancellation, updatedAt: now });
  if (state !== "declined") {
    const dueAt = state === "asked" ? new Date(now.getTime() + CANCEL_ANSWER_MS) : now;
    const { version } = cancellation;
    setDeadlines(firestore, transaction, [
      { kind: "cancel-answer", subjectId: order.id, version, dueAt },
    ]);
  }
  return { ...order, cancellation };
}
