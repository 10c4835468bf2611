import { eraseIn, peopleOf } from "../../../shared/documents/personal.ts";
import { eachDocument } from "../../../shared/documents/rename.ts";
import type {
  CollectionReference,
  Database,
  DocumentSnapshot,
  Firestore,
} from "../../../shared/ports/database.ts";
import { auctionDocument } from "../../auctions/documents/auction.ts";
import { bidDocument } from "../../auctions/documents/bid.ts";
import { readableAuction } from "../../auctions/store/auction-document.ts";
import { type OpenObligation, obligationOfAuction } from "../domain/open-obligation.ts";

/** Limits the size of a commit. */
const BATCH = 200;
/** Fields in which a bid names a person. The bidder comes last, because auctions are found by it. */
const BIDDER = "bidder_id";
const NAMED_IN = [...peopleOf(bidDocument).filter((name) => name !== BIDDER), BIDDER];

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
     * Replaces a user by a pseudonym in each auction that is over and in its bids, and changes nothing else in the
     * bids. The auction's boards are updated.
     */
    async rename(userId: string, pseudonym: string): Promise<void> {
      const firestore = await database();
      for await (const { ref } of auctionsOf(firestore, userId)) {
        const isOver = await firestore.runTransaction(async (transaction) => {
          const snapshot = await transaction.get(ref);
          if (obligationIn(snapshot, userId)) return false;
          const who = { from: userId, to: pseudonym };
          eraseIn(transaction, auctionDocument, snapshot, who, { is_board_due: true });
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

/** The auctions that a user runs or has bid in. */
async function* auctionsOf(firestore: Firestore, userId: string): AsyncGenerator<DocumentSnapshot> {
  const given = new Set<string>();
  const auctions = auctionDocument.all(firestore);
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
