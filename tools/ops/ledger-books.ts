import type { DocumentSnapshot, Firestore, Query, Transaction } from "@google-cloud/firestore";
import type { Payout } from "../../shared/domain/payout.ts";
import type { BookedSale, Taken } from "../../shared/domain/sale.ts";
import { describeError } from "../../shared/runtime/errors.ts";
import {
  type StoredPosting,
  type StoredTransaction,
  toPosting,
  toTransaction,
} from "../../shared/store/ledger.ts";
import { toPayout } from "../../shared/store/payouts.ts";
import { takenBy, toSale } from "../../shared/store/sale-document.ts";

/** Documents read at a time. */
const PAGE = 5000;

/** Everything that money is written down in, as it was at one moment. */
export interface Books {
  readonly transactions: ReadonlyMap<string, StoredTransaction>;
  /** By transaction. */
  readonly postings: ReadonlyMap<string, readonly StoredPosting[]>;
  readonly sales: readonly BookedSale[];
  /** What was heard of that takes back of sales, by sale. */
  readonly refunds: ReadonlyMap<string, readonly Taken[]>;
  readonly payouts: readonly Payout[];
  /** Documents that can't be read, with why. */
  readonly unreadable: readonly { readonly id: string; readonly what: string }[];
}

/**
 * Reads the books in pages, within one read-only transaction: what is sold meanwhile is not seen in
 * part. Firestore ends such a transaction after 270 seconds.
 * https://firebase.google.com/docs/firestore/quotas#writes_and_transactions
 */
export async function readBooks(firestore: Firestore, transaction: Transaction): Promise<Books> {
  const unreadable: { id: string; what: string }[] = [];
  const all = async <T>(query: Query, read: (document: DocumentSnapshot) => T): Promise<T[]> => {
    const found: T[] = [];
    for await (const document of pages(query, transaction)) {
      try {
        found.push(read(document));
      } catch (error) {
        unreadable.push({ id: document.ref.path, what: describeError(error) });
      }
    }
    return found;
  };
  const transactions = await all(firestore.collection("ledger"), toTransaction);
  const postings = await all(firestore.collectionGroup("postings"), (document) =>
    toPosting(document.ref.path, document.data()),
  );
  const sales = await all(firestore.collection("sales"), toSale);
  const known = new Map(sales.map((sale) => [sale.id, sale]));
  const refunds = await all(firestore.collectionGroup("refunds"), (document) => {
    const [collection, saleId = ""] = document.ref.path.split("/");
    const sale = collection === "sales" ? known.get(saleId) : undefined;
    return sale ? [{ saleId, ...takenBy(document, sale) }] : [];
  });
  const payouts = await all(firestore.collection("payouts"), toPayout);
  return {
    ...{ sales, payouts, unreadable },
    transactions: new Map(transactions.map((each) => [each.id, each])),
    postings: Map.groupBy(postings, ({ transactionId }) => transactionId),
    refunds: Map.groupBy(refunds.flat(), ({ saleId }) => saleId),
  };
}

async function* pages(query: Query, transaction: Transaction): AsyncGenerator<DocumentSnapshot> {
  const { FieldPath } = await import("@google-cloud/firestore");
  const ordered = query.orderBy(FieldPath.documentId()).limit(PAGE);
  let page = await transaction.get(ordered);
  for (;;) {
    yield* page.docs;
    const last = page.docs.at(-1);
    if (!last || page.docs.length < PAGE) return;
    page = await transaction.get(ordered.startAfter(last));
  }
}
