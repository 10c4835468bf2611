import { eachDocument, renamed } from "../../../shared/documents/rename.ts";
import type {
  CollectionReference,
  Database,
  DocumentSnapshot,
  Firestore,
} from "../../../shared/ports/database.ts";
import { readableAuction } from "../../auctions/store/auction-document.ts";
import { type OpenObligation, obligationOfAuction } from "../domain/open-obligation.ts";

/** A commit stays small. */
const BATCH = 200;
/** Where a bid names someone. By the last of them the auction is found: it goes last. */
const NAMED_IN = ["leader_id", "notified_bidder_id", "bidder_id"] as const;

/** A person's part in `auctions`, as their builder or by their bids. */
export function createPersonAuctions(database: Database) {
  return {
    /** The auctions that are not over for someone. */
    async open(userId: string): Promise<OpenObligation[]> {
      const found: OpenObligation[] = [];
      for await (const snapshot of auctionsOf(await database(), userId)) {
        const obligation = obligationIn(snapshot, userId);
        if (obligation) found.push(obligation);
      }
      return found;
    },

    /**
     * Puts a pseudonym in a person's place, in each auction that is over and in its record of bids, of
     * which nothing else changes. Its boards are shown again.
     */
    async rename(userId: string, pseudonym: string): Promise<void> {
      const firestore = await database();
      for await (const { ref } of auctionsOf(firestore, userId)) {
        const isOver = await firestore.runTransaction(async (transaction) => {
          const snapshot = await transaction.get(ref);
          if (obligationIn(snapshot, userId)) return false;
          const fields = renamed(snapshot.data(), userId, pseudonym) as object;
          transaction.update(ref, { ...fields, is_board_due: true });
          return true;
        });
        if (isOver) await renameBids(firestore, ref.collection("bids"), userId, pseudonym);
      }
    },
  };
}

function obligationIn(snapshot: DocumentSnapshot, userId: string): OpenObligation | undefined {
  const isSettling = snapshot.get("is_settling") === true;
  const [auction] = readableAuction(snapshot);
  return auction && obligationOfAuction(auction, { isSettling, userId });
}

/** Those that someone runs, and those in which someone has bid. */
async function* auctionsOf(firestore: Firestore, userId: string): AsyncGenerator<DocumentSnapshot> {
  const given = new Set<string>();
  const auctions = firestore.collection("auctions");
  for await (const auction of eachDocument(auctions.where("builder_id", "==", userId))) {
    given.add(auction.id);
    yield auction;
  }
  const bids = firestore.collectionGroup("bids").where("bidder_id", "==", userId);
  for await (const { ref } of eachDocument(bids)) {
    const auction = ref.parent.parent;
    if (!auction || given.has(auction.id)) continue;
    given.add(auction.id);
    yield auction.get();
  }
}

async function renameBids(
  firestore: Firestore,
  bids: CollectionReference,
  from: string,
  to: string,
): Promise<void> {
  for (const field of NAMED_IN) {
    const named = bids.where(field, "==", from).limit(BATCH);
    for (;;) {
      const { docs } = await named.get();
      const batch = firestore.batch();
      for (const { ref } of docs) batch.update(ref, { [field]: to });
      await batch.commit();
      if (docs.length < BATCH) break;
    }
  }
}
