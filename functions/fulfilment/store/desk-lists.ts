import type {
  Database,
  DocumentSnapshot,
  Firestore,
  Query,
  QueryDocumentSnapshot,
} from "../../../shared/ports/database.ts";
import { caseDocument } from "../../shipping/documents/case.ts";
import { parcelDocument } from "../../shipping/documents/parcel.ts";
import { type Case, liveCaseStates } from "../../shipping/domain/case.ts";
import type { Parcel } from "../../shipping/domain/parcel.ts";
import { orderDocument } from "../../shop/documents/order.ts";
import { isOpen, type Order } from "../../shop/domain/order.ts";
import type { Cursor } from "../domain/desk-cursor.ts";
import type { PackedParcel } from "./parcel-moves.ts";

/** A part of a list, and where the next part begins; undefined at its end. */
export interface ListPart<Row> {
  readonly rows: readonly Row[];
  readonly next: Cursor | undefined;
}

/** An order and what its buyer reported about it. */
export interface ReportedOrder {
  readonly order: Order;
  readonly reported: Case;
}

/** Which part of a list is asked for. */
export interface PartAsked {
  /** Undefined for all builders', for staff. */
  readonly builderId: string | undefined;
  /** The part behind this row; undefined for the first. */
  readonly after: Cursor | undefined;
  /** Only orders whose id or title contains this, in any case; everything if it is empty. */
  readonly search: string;
}

/** Rows of one page of the desk. */
const MAX_ROWS = 50;
/** Documents read at a time, and how often at most: a search continues on the next page. */
const BATCH = 100;
const MAX_BATCHES = 5;

export type DeskLists = ReturnType<typeof createDeskLists>;

/** What the desk lists of orders and parcels: one builder's, or all for staff. */
export function createDeskLists(database: Database) {
  return {
    /** Paid orders whose money is held until they are built on stream, those first whose time ends first. */
    async toBuild({ builderId, after, search }: PartAsked): Promise<ListPart<Order>> {
      const query = of(builderId, orderDocument.all(await database()))
        .where("hold_ends_at", ">", new Date(0))
        .orderBy("hold_ends_at")
        .orderBy("__name__");
      return readPart(query, after, "hold_ends_at", async (docs) =>
        docs.map(
          (found) =>
            orderDocument.readable(found).filter((order) => isOpen(order) && has(order, search))[0],
        ),
      );
    },

    /** Parcels in a state with their orders: open ones that are due first in front, others that were sent last. */
    async parcels(state: Parcel["state"], asked: PartAsked): Promise<ListPart<PackedParcel>> {
      const { builderId, after, search } = asked;
      const firestore = await database();
      const [field, direction] =
        state === "open" ? (["dispatch_by", "asc"] as const) : (["sent_at", "desc"] as const);
      const query = of(builderId, parcelDocument.all(firestore))
        .where("state", "==", state)
        .orderBy(field, direction)
        .orderBy("__name__", direction);
      return readPart(query, after, field, async (docs) => {
        const parcels = docs.map((found) => parcelDocument.readable(found)[0]);
        const ids = parcels.flatMap((parcel) => parcel?.lines.map(({ orderId }) => orderId) ?? []);
        const orders = await readOrders(firestore, ids);
        return parcels.map((parcel) => {
          if (!parcel) return undefined;
          const own = parcel.lines.flatMap(({ orderId }) => orders.get(orderId) ?? []);
          return own.some((order) => has(order, search)) ? { parcel, orders: own } : undefined;
        });
      });
    },

    /** Cases that wait for somebody, with their orders; the oldest first. */
    async cases({ builderId, after, search }: PartAsked): Promise<ListPart<ReportedOrder>> {
      const firestore = await database();
      const query = of(builderId, caseDocument.all(firestore))
        .where("state", "in", [...liveCaseStates])
        .orderBy("opened_at")
        .orderBy("__name__");
      return readPart(query, after, "opened_at", async (docs) => {
        const orders = await readOrders(
          firestore,
          docs.map(({ id }) => id),
        );
        return docs.map((found) => {
          const order = orders.get(found.id);
          const [reported] = caseDocument.readable(found);
          return order && reported && has(order, search) ? { order, reported } : undefined;
        });
      });
    },

    /** Orders that were paid in a time, in no order. */
    async *paidBetween(
      builderId: string | undefined,
      from: Date,
      until: Date,
    ): AsyncGenerator<Order> {
      const query = of(builderId, orderDocument.all(await database()))
        .where("paid_at", ">=", from)
        .where("paid_at", "<", until)
        .orderBy("paid_at", "desc")
        .limit(BATCH);
      let page = await query.get();
      for (;;) {
        yield* page.docs.flatMap(orderDocument.readable);
        const last = page.docs.at(-1);
        if (!last || page.docs.length < BATCH) return;
        page = await query.startAfter(last).get();
      }
    },
  };
}

/** Narrows a query to one builder's documents. */
function of(builderId: string | undefined, documents: Query): Query {
  return builderId === undefined ? documents : documents.where("builder_id", "==", builderId);
}

async function readOrders(
  firestore: Firestore,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Order>> {
  const places = [...new Set(ids)].map((id) => orderDocument.place(firestore, id));
  const found = places.length === 0 ? [] : await firestore.getAll(...places);
  return new Map(found.flatMap(readOrder).map((order) => [order.id, order]));
}

function readOrder(snapshot: DocumentSnapshot): Order[] {
  return snapshot.exists ? orderDocument.readable(snapshot) : [];
}

function has({ id, title = "" }: Order, search: string): boolean {
  const wanted = search.toLowerCase();
  return id.toLowerCase().includes(wanted) || title.toLowerCase().includes(wanted);
}

/** Reads on until a page is full, the list ends, or enough was read. */
async function readPart<Row>(
  query: Query,
  after: Cursor | undefined,
  field: string,
  read: (docs: readonly QueryDocumentSnapshot[]) => Promise<readonly (Row | undefined)[]>,
): Promise<ListPart<Row>> {
  const rows: Row[] = [];
  let last = after;
  for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
    const from = last ? query.startAfter(last.at, last.id) : query;
    const { docs } = await from.limit(BATCH).get();
    const found = await read(docs);
    for (const [index, document] of docs.entries()) {
      const row = found[index];
      if (row !== undefined) rows.push(row);
      last = cursorAt(document, field);
      if (rows.length === MAX_ROWS) return { rows, next: last };
    }
    if (docs.length < BATCH) return { rows, next: undefined };
  }
  return { rows, next: last };
}

function cursorAt(document: QueryDocumentSnapshot, field: string): Cursor {
  const at = document.get(field) as { toDate(): Date };
  return { at: at.toDate(), id: document.id };
}
