import { deadLetterDocument } from "../../../shared/documents/definitions/dead-letter.ts";
import { ledgerPostingDocument } from "../../../shared/documents/definitions/ledger-posting.ts";
import { userDocument } from "../../../shared/documents/definitions/user.ts";
import { amount } from "../../../shared/documents/fields.ts";
import { type Defined, exportedFields, type Viewer } from "../../../shared/documents/personal.ts";
import { eachDocument, mentions } from "../../../shared/documents/rename.ts";
import { racerAccount } from "../../../shared/money/ledger.ts";
import { allPostings } from "../../../shared/money/ledger-entries.ts";
import type {
  Database,
  DocumentReference,
  DocumentSnapshot,
  Firestore,
  Query,
} from "../../../shared/ports/database.ts";
import { auctionDocument } from "../../auctions/documents/auction.ts";
import { bidDocument } from "../../auctions/documents/bid.ts";
import { unpaidWinDocument } from "../../auctions/documents/unpaid-win.ts";
import { goLiveDocument } from "../../going-live/documents/go-live.ts";
import { goLiveOutcomeDocument } from "../../going-live/documents/go-live-outcome.ts";
import { builderDocument } from "../../members/documents/builder.ts";
import { hostDocument } from "../../members/documents/host.ts";
import { signInDocument } from "../../members/documents/sign-in.ts";
import { builderStandingDocument } from "../../members/documents/standing-fields.ts";
import { walletDocument } from "../../members/documents/wallet.ts";
import { lobbyDocument } from "../../races/documents/lobby.ts";
import { payoutDocument } from "../../races/documents/payout.ts";
import { settledTimes, toLobby } from "../../races/store/lobbies/lobby-document.ts";
import { caseDocument } from "../../shipping/documents/case.ts";
import { parcelDocument } from "../../shipping/documents/parcel.ts";
import { shippingTermsDocument } from "../../shipping/documents/shipping-terms.ts";
import { debtDocument } from "../../shop/documents/debt.ts";
import { dropDocument } from "../../shop/documents/drop.ts";
import { dropWaitDocument } from "../../shop/documents/drop-wait.ts";
import { orderDocument } from "../../shop/documents/order.ts";
import { forgettingDocument } from "../documents/forgetting.ts";

/** One thing that is stored of someone: which kind it is, and what of it they may read. */
interface PersonalRow {
  readonly section: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

type Fields = Record<string, unknown>;
type Rows = AsyncGenerator<PersonalRow>;

/**
 * Everything in Firestore that names a user, by section, limited to what the document definitions let them read. Of
 * shared documents (a race, a record of bids, a dead letter) it includes only the user's own part. Reads only.
 */
export function createPersonRecord(database: Database) {
  return {
    async *of(viewer: Viewer): Rows {
      const firestore = await database();
      yield* profileOf(firestore, viewer);
      yield* ordersOf(firestore, viewer);
      yield* shopOf(firestore, viewer);
      yield* auctionsOf(firestore, viewer);
      yield* racesOf(firestore, viewer);
      yield* moneyOf(firestore, viewer);
      yield* notesOf(firestore, viewer);
    },
  };
}

async function* profileOf(firestore: Firestore, viewer: Viewer): Rows {
  const { userId } = viewer;
  const single = (section: string, definition: Keyed) =>
    singleRow(section, definition, definition.place(firestore, userId), viewer);
  const below = (section: string, definition: Keyed) =>
    rows(section, definition, definition.all(firestore, userId), viewer);
  yield* single("settings", userDocument);
  yield* below("auctions_won_and_not_paid", unpaidWinDocument);
  yield* single("host_of_races", hostDocument);
  yield* single("builder_profile", builderDocument);
  yield* single("shipping_terms", shippingTermsDocument);
  yield* below("debts_from_refunds", debtDocument);
  yield* below("builder_standings", builderStandingDocument);
  yield* single("twitch_sign_in", signInDocument);
}

async function* ordersOf(firestore: Firestore, viewer: Viewer): Rows {
  const orders = orderDocument.all(firestore);
  const bought = orders.where("buyer_id", "==", viewer.userId);
  yield* rows("orders_bought", orderDocument, bought, viewer);
  const sold = orders.where("builder_id", "==", viewer.userId);
  yield* rows("orders_sold", orderDocument, sold, viewer);
  const parcels = parcelDocument.all(firestore);
  const received = parcels.where("buyer_id", "==", viewer.userId);
  yield* rows("parcels_bought", parcelDocument, received, viewer);
  const packed = parcels.where("builder_id", "==", viewer.userId);
  yield* rows("parcels_sold", parcelDocument, packed, viewer);
  const cases = caseDocument.all(firestore);
  const reported = cases.where("buyer_id", "==", viewer.userId);
  yield* rows("cases_bought", caseDocument, reported, viewer);
  const answered = cases.where("builder_id", "==", viewer.userId);
  yield* rows("cases_sold", caseDocument, answered, viewer);
}

async function* shopOf(firestore: Firestore, viewer: Viewer): Rows {
  const drops = dropDocument.all(firestore).where("builder_id", "==", viewer.userId);
  yield* rows("drops", dropDocument, drops, viewer);
  const waits = dropWaitDocument.all(firestore).where("user_id", "==", viewer.userId);
  yield* rows("drops_waited_for", dropWaitDocument, waits, viewer);
  const streams = goLiveDocument.all(firestore).where("builder_id", "==", viewer.userId);
  for await (const stream of eachDocument(streams)) {
    const outcomes: Fields[] = [];
    for await (const outcome of eachDocument(goLiveOutcomeDocument.all(firestore, stream.id))) {
      const fields = exportedFields(goLiveOutcomeDocument, outcome.data(), viewer);
      outcomes.push({ order_id: outcome.id, ...fields });
    }
    const fields = exportedFields(goLiveDocument, stream.data(), viewer);
    yield { section: "streams_shown", fields: { id: stream.id, ...fields, outcomes } };
  }
}

/** A user's own auctions without the other bidders, and the user's bids. */
async function* auctionsOf(firestore: Firestore, viewer: Viewer): Rows {
  const auctions = auctionDocument.all(firestore);
  for await (const auction of eachDocument(auctions.where("builder_id", "==", viewer.userId))) {
    const { standing, claim: _claim, runners_up: _runnersUp, ...own } = auction.data();
    const price: unknown = (standing as Fields | undefined)?.["price"];
    const reached = exportedFields(PRICE, { price, currency: own["currency"] }, viewer);
    const fields = exportedFields(auctionDocument, own, viewer);
    yield {
      section: "auctions_run",
      fields: { id: auction.id, ...fields, price: reached["price"] },
    };
  }
  const known = new Map<string, Promise<DocumentSnapshot>>();
  const bids = firestore.collectionGroup("bids").where("bidder_id", "==", viewer.userId);
  for await (const bid of eachDocument(bids)) {
    const place = bid.ref.parent.parent;
    if (!place) continue;
    const reading = known.get(place.id) ?? place.get();
    known.set(place.id, reading);
    const { title, currency } = (await reading).data() ?? {};
    const { kind, amount: bidAmount, max, at } = bid.data();
    const stored = { kind, amount: bidAmount, max, at };
    const unit = typeof currency === "string" ? currency : undefined;
    const fields = exportedFields(bidDocument, stored, viewer, unit);
    const ids = { id: `${place.id}/${bid.id}`, auction_id: place.id };
    yield { section: "bids", fields: { ...ids, title, currency, ...fields } };
  }
}

const PRICE = { fields: { price: amount("price") } };

/** The user's own part in races: whether they host it, and when they were in it. */
async function* racesOf(firestore: Firestore, viewer: Viewer): Rows {
  const { userId } = viewer;
  for await (const lobby of eachDocument(lobbyDocument.all(firestore))) {
    if (!mentions(lobby.data(), userId)) continue;
    const data: Fields = {
      ...lobby.data(),
      ...lobbyDocument.toStored(settledTimes(toLobby(lobby))),
    };
    const mine = (list: unknown) =>
      (Array.isArray(list) ? list : []).filter((each) => mentions(each, userId));
    const { name, state, channel_id, created_at, opened_at, closed_at } = data;
    const stored = { name, state, channel_id, created_at, opened_at, closed_at };
    const { intervals: raced, ...fields } = exportedFields(
      lobbyDocument,
      { ...stored, intervals: mine(data["intervals"]) },
      viewer,
    );
    yield {
      section: "races",
      fields: {
        id: lobby.id,
        ...fields,
        is_host: data["host_id"] === userId,
        name_shown: (data["names"] as Fields | undefined)?.[userId],
        raced,
        is_waiting: mine(data["waiting_ids"]).length > 0,
        is_kicked: mine(data["kicked_ids"]).length > 0,
      },
    };
  }
}

async function* moneyOf(firestore: Firestore, viewer: Viewer): Rows {
  const { userId } = viewer;
  const account = racerAccount(userId);
  const postings = allPostings(firestore).where("account", "==", account);
  for await (const posting of newestFirst(postings)) {
    const id = `${posting.ref.parent.parent?.id ?? ""}/${posting.id}`;
    const fields = exportedFields(ledgerPostingDocument, posting.data(), viewer);
    yield { section: "wallet_postings", fields: { id, ...fields } };
  }
  yield* singleRow("wallet", walletDocument, walletDocument.place(firestore, userId), viewer);
  const payouts = payoutDocument.all(firestore);
  const got = payouts.where("racer_id", "==", userId);
  yield* rows("payouts", payoutDocument, got, viewer);
  const made = payouts.where("staff_id", "==", userId);
  yield* rows("payouts_made_as_staff", payoutDocument, made, viewer);
}

/** For a dead letter, only that it is about the user: its content may be other people's. */
async function* notesOf(firestore: Firestore, viewer: Viewer): Rows {
  for await (const deadLetter of eachDocument(deadLetterDocument.all(firestore))) {
    if (!mentions(deadLetter.data(), viewer.userId)) continue;
    yield toRow("errors_kept", deadLetterDocument, deadLetter, viewer);
  }
  const forgetting = forgettingDocument.place(firestore, viewer.userId);
  yield* singleRow("being_forgotten", forgettingDocument, forgetting, viewer);
}

/** A definition as far as rows of it are found by ids. */
type Keyed = Defined & Pick<typeof userDocument, "place" | "all">;

async function* rows(section: string, definition: Defined, query: Query, viewer: Viewer): Rows {
  for await (const each of eachDocument(query)) yield toRow(section, definition, each, viewer);
}

async function* singleRow(
  section: string,
  definition: Defined,
  place: DocumentReference,
  viewer: Viewer,
): Rows {
  const snapshot = await place.get();
  if (snapshot.exists) yield toRow(section, definition, snapshot, viewer);
}

function toRow(
  section: string,
  definition: Defined,
  snapshot: DocumentSnapshot,
  viewer: Viewer,
): PersonalRow {
  const id = snapshot.id === viewer.userId ? viewer.self : snapshot.id;
  const fields = exportedFields(definition, snapshot.data() ?? {}, viewer);
  return { section, fields: { id, ...fields } };
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
