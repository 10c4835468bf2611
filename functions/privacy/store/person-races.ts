import { ledgerPostingDocument } from "../../../shared/documents/definitions/ledger-posting.ts";
import { ledgerTransactionDocument } from "../../../shared/documents/definitions/ledger-transaction.ts";
import {
  erasedFields,
  eraseIn,
  peopleOf,
  type Renaming,
} from "../../../shared/documents/personal.ts";
import { eachDocument, mentions } from "../../../shared/documents/rename.ts";
import { adjustmentId, reversalId } from "../../../shared/money/correction.ts";
import { racerAccount } from "../../../shared/money/ledger.ts";
import { allPostings } from "../../../shared/money/ledger-entries.ts";
import type {
  Database,
  DocumentReference,
  Firestore,
  Transaction,
} from "../../../shared/ports/database.ts";
import { lobbyDocument } from "../../races/documents/lobby.ts";
import { payoutDocument } from "../../races/documents/payout.ts";
import { saleDocument } from "../../races/documents/sale.ts";
import { settledTimes, toLobby } from "../../races/store/lobbies/lobby-document.ts";
import { isGoingOn } from "../../races/store/lobbies/lobby-reads.ts";
import { forgottenDebtId } from "../../shop/domain/forgotten-debt.ts";
import type { OpenObligation } from "../domain/open-obligation.ts";

/** Where a payout names people: its racer, and who of the staff made it. */
const ROLES = peopleOf(payoutDocument);

/** Postings read at a time. */
const POSTINGS_PAGE = 200;

/** A person's part in races: `lobbies`, the `sales` they share in, `payouts`, and their postings. */
export function createPersonRaces(database: Database) {
  return {
    /** The races that someone hosts, drives in or waits for, and payouts that are under way. */
    async open(userId: string, now: Date): Promise<OpenObligation[]> {
      const firestore = await database();
      const found: OpenObligation[] = [];
      const lobbies = lobbyDocument.all(firestore);
      const hosted = lobbies.where("host_id", "==", userId);
      const joined = lobbies.where("member_ids", "array-contains", userId);
      const ids = new Set<string>();
      for (const query of [hosted, joined]) {
        for await (const snapshot of eachDocument(query)) {
          const lobby = toLobby(snapshot);
          if (ids.has(lobby.id) || !isGoingOn(lobby, now)) continue;
          ids.add(lobby.id);
          found.push({ kind: "race", name: lobby.name, until: lobby.closesAt });
        }
      }
      for (const role of ROLES) {
        const payouts = payoutDocument.all(firestore).where(role, "==", userId);
        for await (const payout of eachDocument(payouts)) {
          if (payout.get("state") === "open") found.push({ kind: "payout", name: payout.id });
        }
      }
      return found;
    },

    /**
     * Puts a pseudonym in a person's place. A lobby comes before its sales, so that whatever is booked
     * after it names the pseudonym; a sale, a payout, an adjustment or a found debt goes together with its
     * postings, so that the books are in order after each step. Amounts, times and the order of racers stay as they are.
     */
    async rename(userId: string, pseudonym: string, now: Date): Promise<void> {
      const firestore = await database();
      const renaming = { from: userId, to: pseudonym, now };
      for await (const lobby of eachDocument(lobbyDocument.all(firestore))) {
        const isTheirs = mentions(lobby.data(), userId);
        if (isTheirs) await renameLobby(firestore, lobby.ref, renaming);
        if (isTheirs || mentions(lobby.data(), pseudonym)) {
          await renameSales(firestore, lobby.id, renaming);
        }
      }
      for (const role of ROLES) {
        const payouts = payoutDocument.all(firestore).where(role, "==", userId);
        for await (const { ref } of eachDocument(payouts)) {
          await renamePayout(firestore, ref, renaming);
        }
      }
      await renameOthers(firestore, renaming);
    },

    /** Whether anything in the ledger is still in someone's own name. */
    async hasPostings(userId: string): Promise<boolean> {
      const postings = allPostings(await database());
      const own = postings.where("account", "==", racerAccount(userId));
      return !(await own.orderBy("currency").limit(1).get()).empty;
    },
  };
}

async function renameLobby(
  firestore: Firestore,
  place: DocumentReference,
  { now, ...who }: Renaming & { readonly now: Date },
): Promise<void> {
  await firestore.runTransaction(async (transaction) => {
    const snapshot = await transaction.get(place);
    const lobby = toLobby(snapshot);
    if (isGoingOn(lobby, now)) return;
    const times = lobbyDocument.toStored(settledTimes(lobby));
    const fields = erasedFields(lobbyDocument, { ...snapshot.data(), ...times }, who);
    const shownAgain = { is_board_due: true, revision: lobby.revision + 1 };
    transaction.update(place, { ...times, ...fields, ...shownAgain });
  });
}

async function renameSales(firestore: Firestore, lobbyId: string, renaming: Renaming) {
  const shared = saleDocument.all(firestore).where("lobby_ids", "array-contains", lobbyId);
  for await (const { ref, id } of eachDocument(shared)) {
    await firestore.runTransaction(async (transaction) => {
      const snapshot = await transaction.get(ref);
      const fields = erasedFields(saleDocument, snapshot.data() ?? {}, renaming);
      if (Object.keys(fields).length === 0) return;
      const entries = ledgerTransactionDocument.all(firestore).where("sale_id", "==", id);
      const { docs } = await transaction.get(entries);
      const places = docs.map((entry) => entry.ref);
      const rename = await planPostings(transaction, places, renaming);
      transaction.update(ref, fields);
      rename();
    });
  }
}

async function renamePayout(
  firestore: Firestore,
  place: DocumentReference,
  renaming: Renaming,
): Promise<void> {
  await firestore.runTransaction(async (transaction) => {
    const snapshot = await transaction.get(place);
    if (snapshot.get("state") === "open") return;
    const out = `payout.${place.id}`;
    const ids = [out, `payout-returned.${place.id}`, reversalId(out)];
    const places = ids.map((id) => ledgerTransactionDocument.place(firestore, id));
    const rename = await planPostings(transaction, places, renaming);
    eraseIn(transaction, payoutDocument, snapshot, renaming);
    rename();
  });
}

/** Renames adjustments together with their reversals, and debts that were found when the user returned. */
async function renameOthers(firestore: Firestore, renaming: Renaming): Promise<void> {
  const own = allPostings(firestore)
    .where("account", "==", racerAccount(renaming.from))
    .orderBy("at", "desc")
    .limit(POSTINGS_PAGE);
  for (let page = await own.get(); ; ) {
    for (const { ref } of page.docs) {
      const entry = ref.parent.parent;
      if (!entry || !isOfNobodyElse(entry.id)) continue;
      await firestore.runTransaction(async (transaction) => {
        const reversal = ledgerTransactionDocument.place(firestore, reversalId(entry.id));
        (await planPostings(transaction, [entry, reversal], renaming))();
      });
    }
    const last = page.docs.at(-1);
    if (!last || page.docs.length < POSTINGS_PAGE) return;
    page = await own.startAfter(last).get();
  }
}

/** Whether a transaction belongs to no sale or payout; those are renamed together with their postings. */
function isOfNobodyElse(transactionId: string): boolean {
  return [adjustmentId(""), forgottenDebtId("")].some((prefix) => transactionId.startsWith(prefix));
}

/**
 * Reads the postings of some transactions; the returned function moves one account's postings to another account.
 */
async function planPostings(
  transaction: Transaction,
  places: readonly DocumentReference[],
  { from, to }: Renaming,
): Promise<() => void> {
  const account = racerAccount(from);
  const found = await Promise.all(
    places.map((place) =>
      transaction.get(place.collection("postings").where("account", "==", account)),
    ),
  );
  return () => {
    for (const { ref } of found.flatMap(({ docs }) => docs)) {
      ledgerPostingDocument.update(transaction, ref, { account: racerAccount(to) });
    }
  };
}
