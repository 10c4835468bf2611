import { racerAccount } from "../../../shared/money/ledger.ts";
import { createLedger, type Ledger } from "../../../shared/money/ledger-store.ts";
import { atOneMoment, sumsWithin } from "../../../shared/money/ledger-sums.ts";
import type { Database, Firestore } from "../../../shared/ports/database.ts";
import { orderDocument } from "../../shop/documents/order.ts";
import { createDebts } from "../../shop/store/refunds/debts.ts";
import { createPersonAuctions } from "./person-auctions.ts";
import { createPersonOrders } from "./person-orders.ts";
import { createPersonRaces } from "./person-races.ts";
import { createPersonRecord } from "./person-record.ts";
import { createPersonTraces } from "./person-traces.ts";

export type PersonalData = ReturnType<typeof createPersonalData>;

/**
 * Everything that names a person, by collection: what is still open, and how it is deleted or renamed to a
 * pseudonym. Both are idempotent. `record` is what the person may read.
 */
export function createPersonalData(database: Database) {
  return {
    orders: createPersonOrders(database),
    auctions: createPersonAuctions(database),
    races: createPersonRaces(database),
    traces: createPersonTraces(database),

    /** When someone last sold something, or got a share of a sale; undefined when they never did. */
    async lastSoldAt(id: string): Promise<Date | undefined> {
      const [order, share] = await Promise.all([
        lastPaidAt(await database(), id),
        lastShareAt(createLedger(database), id),
      ]);
      return order && share
        ? new Date(Math.max(order.getTime(), share.getTime()))
        : (order ?? share);
    },

    /** Whether someone is below zero in any currency, or owes for refunds. */
    async owes(id: string): Promise<boolean> {
      const firestore = await database();
      const account = racerAccount(id);
      const balances = await atOneMoment(firestore, (transaction) =>
        sumsWithin(firestore, transaction, account),
      );
      const debts = await createDebts(database).outstanding(id);
      return (
        balances.some(({ amount }) => amount < 0) || [...debts.values()].some((sum) => sum > 0)
      );
    },
    record: createPersonRecord(database),
  };
}

/** Postings read at a time. */
const PAGE = 50;

async function lastPaidAt(firestore: Firestore, builderId: string): Promise<Date | undefined> {
  const sold = orderDocument.all(firestore).where("builder_id", "==", builderId);
  const newest = await sold.orderBy("paid_at", "desc").limit(1).get();
  return newest.docs[0] && orderDocument.read(newest.docs[0]).payment?.paidAt;
}

/** When the newest share was booked, which is never before its sale. */
async function lastShareAt(ledger: Ledger, id: string): Promise<Date | undefined> {
  let before: Date | undefined;
  for (;;) {
    const postings = await ledger.newest(racerAccount(id), PAGE, before);
    const share = postings.find(({ kind }) => kind === "sale");
    if (share || postings.length < PAGE) return share?.at;
    before = postings.at(-1)?.at;
  }
}
