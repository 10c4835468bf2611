import { eachDocument, mentions } from "../../../shared/documents/rename.ts";
import { racerAccount } from "../../../shared/money/ledger.ts";
import type {
  Database,
  DocumentReference,
  DocumentSnapshot,
  Firestore,
  Query,
} from "../../../shared/ports/database.ts";
import { settledTimes, toLobby } from "../../races/store/lobby-document.ts";

/** One thing that is stored of someone: which kind it is, its id, and its fields as they are stored. */
export interface PersonalRow {
  readonly section: string;
  readonly id: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

type Fields = Record<string, unknown>;

/**
 * Everything in Firestore that names a person, section by section, for their own eyes. Of what they share
 * with others (a race, a record of bids, a dead letter) only their own part; other people's ids in fields
 * that remain are the reader's to hide. Reads only.
 */
export function createPersonRecord(database: Database) {
  return {
    async *of(userId: string): AsyncGenerator<PersonalRow> {
      const firestore = await database();
      yield* profileOf(firestore, userId);
      yield* ordersOf(firestore, userId);
      yield* shopOf(firestore, userId);
      yield* auctionsOf(firestore, userId);
      yield* racesOf(firestore, userId);
      yield* moneyOf(firestore, userId);
      yield* notesOf(firestore, userId);
    },
  };
}

async function* profileOf(firestore: Firestore, userId: string): AsyncGenerator<PersonalRow> {
  const user = firestore.collection("users").doc(userId);
  const builder = firestore.collection("builders").doc(userId);
  yield* single("settings", user);
  yield* rows("auctions_won_and_not_paid", user.collection("unpaid_wins"));
  yield* single("host_of_races", firestore.collection("hosts").doc(userId));
  yield* single("builder_profile", builder);
  yield* rows("debts_from_refunds", builder.collection("debts"));
  yield* rows("builder_standings", builder.collection("standings"));
  yield* single("twitch_sign_in", firestore.collection("sign_ins").doc(userId));
}

async function* ordersOf(firestore: Firestore, userId: string): AsyncGenerator<PersonalRow> {
  const orders = firestore.collection("orders");
  yield* rows("orders_bought", orders.where("buyer_id", "==", userId));
  yield* rows("orders_sold", orders.where("builder_id", "==", userId));
}

async function* shopOf(firestore: Firestore, userId: string): AsyncGenerator<PersonalRow> {
  yield* rows("drops", firestore.collection("inventory").where("builder_id", "==", userId));
  const streams = firestore.collection("go_lives").where("builder_id", "==", userId);
  for await (const stream of eachDocument(streams)) {
    const outcomes: Fields[] = [];
    for await (const outcome of eachDocument(stream.ref.collection("outcomes"))) {
      outcomes.push({ order_id: outcome.id, outcome: outcome.get("outcome") });
    }
    yield { section: "streams_shown", id: stream.id, fields: { ...stream.data(), outcomes } };
  }
}

/** Of an auction that is theirs, who leads and who comes next is the others' own. */
async function* auctionsOf(firestore: Firestore, userId: string): AsyncGenerator<PersonalRow> {
  const auctions = firestore.collection("auctions");
  for await (const auction of eachDocument(auctions.where("builder_id", "==", userId))) {
    const { standing, claim: _claim, runners_up: _runnersUp, ...fields } = auction.data();
    const price: unknown = (standing as Fields | undefined)?.["price"];
    yield { section: "auctions_run", id: auction.id, fields: { ...fields, price } };
  }
  const known = new Map<string, Promise<DocumentSnapshot>>();
  const bids = firestore.collectionGroup("bids").where("bidder_id", "==", userId);
  for await (const bid of eachDocument(bids)) {
    const place = bid.ref.parent.parent;
    if (!place) continue;
    const reading = known.get(place.id) ?? place.get();
    known.set(place.id, reading);
    const auction = await reading;
    const { kind, amount, max, at } = bid.data();
    const { title, currency } = auction.data() ?? {};
    const fields = { auction_id: place.id, title, currency, kind, amount, max, at };
    yield { section: "bids", id: `${place.id}/${bid.id}`, fields };
  }
}

/** Of a race their own part: whether they host it, and when they were in it. */
async function* racesOf(firestore: Firestore, userId: string): AsyncGenerator<PersonalRow> {
  for await (const lobby of eachDocument(firestore.collection("lobbies"))) {
    if (!mentions(lobby.data(), userId)) continue;
    const data: Fields = { ...lobby.data(), ...settledTimes(toLobby(lobby)) };
    const mine = (list: unknown) =>
      (Array.isArray(list) ? list : []).filter((each) => mentions(each, userId));
    yield {
      section: "races",
      id: lobby.id,
      fields: {
        ...{ name: data["name"], state: data["state"], channel_id: data["channel_id"] },
        is_host: data["host_id"] === userId,
        name_shown: (data["names"] as Fields | undefined)?.[userId],
        ...{ created_at: data["created_at"], opened_at: data["opened_at"] },
        closed_at: data["closed_at"],
        raced: mine(data["intervals"]),
        is_waiting: mine(data["waiting_ids"]).length > 0,
        is_kicked: mine(data["kicked_ids"]).length > 0,
      },
    };
  }
}

async function* moneyOf(firestore: Firestore, userId: string): AsyncGenerator<PersonalRow> {
  const account = racerAccount(userId);
  const postings = firestore.collectionGroup("postings").where("account", "==", account);
  for await (const posting of newestFirst(postings)) {
    const transaction = posting.ref.parent.parent?.id ?? "";
    const id = `${transaction}/${posting.id}`;
    yield { section: "wallet_postings", id, fields: posting.data() };
  }
  yield* single("wallet", firestore.collection("wallets").doc(userId));
  const payouts = firestore.collection("payouts");
  yield* rows("payouts", payouts.where("racer_id", "==", userId));
  yield* rows("payouts_made_as_staff", payouts.where("staff_id", "==", userId));
}

/** Of what could not be done, that it is about them: what it holds may be others'. */
async function* notesOf(firestore: Firestore, userId: string): AsyncGenerator<PersonalRow> {
  for await (const deadLetter of eachDocument(firestore.collection("dead_letters"))) {
    if (!mentions(deadLetter.data(), userId)) continue;
    const { function_name, kept_at, state } = deadLetter.data();
    yield { section: "errors_kept", id: deadLetter.id, fields: { function_name, kept_at, state } };
  }
  const forgetting = await firestore.collection("forgettings").doc(userId).get();
  if (!forgetting.exists) return;
  const { state, due_at } = forgetting.data() ?? {};
  yield { section: "being_forgotten", id: userId, fields: { state, due_at } };
}

async function* rows(section: string, query: Query): AsyncGenerator<PersonalRow> {
  for await (const each of eachDocument(query)) {
    yield { section, id: each.id, fields: each.data() };
  }
}

async function* single(section: string, place: DocumentReference): AsyncGenerator<PersonalRow> {
  const snapshot = await place.get();
  if (snapshot.exists) yield { section, id: snapshot.id, fields: snapshot.data() ?? {} };
}

/** Postings read at a time. */
const PAGE = 200;

/** The index of postings is by account and time. */
async function* newestFirst(query: Query) {
  const ordered = query.orderBy("at", "desc").limit(PAGE);
  let page = await ordered.get();
  for (;;) {
    yield* page.docs;
    const last = page.docs.at(-1);
    if (!last || page.docs.length < PAGE) return;
    page = await ordered.startAfter(last).get();
  }
}
