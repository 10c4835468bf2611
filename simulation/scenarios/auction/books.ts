import { state as packedState } from "../../../functions/auctions/engine/state.ts";
import type { DocumentSnapshot } from "../../../shared/ports/database.ts";
import type { Stage } from "../../stage.ts";

/** An auction as stored in Firestore. Amounts in minor units. */
export interface StoredAuction {
  readonly id: string;
  readonly state: string;
  readonly seller: string;
  readonly startPrice: number;
  readonly reserve: number;
  readonly increment: number | undefined;
  readonly durationMs: number;
  readonly counterBidMs: number;
  readonly openedAtMs: number | undefined;
  readonly endsAtMs: number | undefined;
  readonly latestEndMs: number | undefined;
  readonly sequence: number;
  readonly price: number | undefined;
  readonly leader: string | undefined;
  readonly bids: number;
  readonly boards: readonly { readonly channelId: string; readonly messageId: string }[];
  readonly isSettling: boolean;
  readonly isReserveWaived: boolean;
  readonly runnersUp: readonly { readonly bidderId: string; readonly amount: number }[];
  readonly claim: StoredClaim | undefined;
  readonly record: readonly StoredBid[];
}

/** The current turn to buy. */
interface StoredClaim {
  readonly round: number;
  readonly bidderId: string;
  readonly amount: number;
  readonly state: string;
  readonly offerUntilMs: number | undefined;
}

/** A recorded bid or removal, and the auction after it. */
export interface StoredBid {
  readonly path: string;
  readonly sequence: number;
  readonly bidId: string;
  readonly kind: string;
  readonly bidder: string;
  readonly amount: number;
  readonly max: number;
  readonly atMs: number;
  readonly price: number;
  readonly leader: string | undefined;
  readonly ceiling: number;
  readonly bids: number;
  readonly endsAtMs: number;
}

/** Stored as the leader when nobody's bid counts any more. */
const NOBODY = "-";
const leaderIn = (stored: unknown) =>
  typeof stored === "string" && stored !== NOBODY ? stored : undefined;

type Time = { toMillis(): number } | null | undefined;
const msOf = (time: unknown) => (time as Time)?.toMillis();

/** An auction without its recorded bids. */
export type OpenBook = Omit<StoredAuction, "record">;

/** All auctions without their bids, oldest first. */
export async function openBooks({ database }: Stage): Promise<OpenBook[]> {
  return (await database.collection("auctions").get()).docs.map(toOpenBook);
}

/** All auctions with their bids, oldest first. */
export async function storedAuctions(stage: Stage): Promise<StoredAuction[]> {
  const auctions: StoredAuction[] = [];
  for (const book of await openBooks(stage)) {
    auctions.push({ ...book, record: await recordOf(stage, book.id) });
  }
  return auctions;
}

/** An auction's recorded bids, oldest first. */
export async function recordOf({ database }: Stage, auctionId: string): Promise<StoredBid[]> {
  return (await database.collection(`auctions/${auctionId}/bids`).get()).docs.map(toStoredBid);
}

function toOpenBook(document: DocumentSnapshot): OpenBook {
  const number = (field: string) => Number(document.get(field) ?? 0);
  const optional = (field: string) => (document.get(field) as number | null) ?? undefined;
  const boards = document.get("boards") as { channel_id: string; message_id: string | null }[];
  const runnersUp = document.get("runners_up") as { bidder_id: string; amount: number }[] | null;
  const leader = leaderIn(document.get("standing.leader_id"));
  const hasClaim = Boolean(document.get("claim"));
  return {
    id: document.id,
    state: String(document.get("state")),
    seller: String(document.get("builder_id")),
    startPrice: number("start_price"),
    reserve: number("reserve"),
    increment: optional("increment"),
    durationMs: number("duration_ms"),
    counterBidMs: number("counter_bid_ms"),
    openedAtMs: msOf(document.get("opened_at")),
    endsAtMs: msOf(document.get("ends_at")),
    latestEndMs: msOf(document.get("latest_end")),
    sequence: number("standing.sequence"),
    price: leader === undefined ? undefined : optional("standing.price"),
    leader,
    bids: number("standing.bids"),
    boards: boards.flatMap(({ channel_id: channelId, message_id: messageId }) =>
      messageId ? [{ channelId, messageId }] : [],
    ),
    isSettling: Boolean(document.get("is_settling")),
    isReserveWaived: Boolean(document.get("is_reserve_waived")),
    runnersUp: (runnersUp ?? []).map(({ bidder_id: bidderId, amount }) => ({ bidderId, amount })),
    claim: hasClaim
      ? {
          round: number("claim.round"),
          amount: number("claim.amount"),
          bidderId: String(document.get("claim.bidder_id")),
          state: String(document.get("claim.state")),
          offerUntilMs: msOf(document.get("claim.offer_until")),
        }
      : undefined,
  };
}

function toStoredBid(document: DocumentSnapshot): StoredBid {
  const text = (field: string) => String(document.get(field));
  const number = (field: string) => Number(document.get(field) ?? 0);
  return {
    path: document.ref.path,
    sequence: number("sequence"),
    bidId: text("bid_id"),
    kind: text("kind"),
    bidder: text("bidder_id"),
    amount: number("amount"),
    max: number("max"),
    price: number("price"),
    leader: leaderIn(document.get("leader_id")),
    ceiling: number("ceiling"),
    bids: number("bids"),
    atMs: msOf(document.get("at")) ?? 0,
    endsAtMs: msOf(document.get("ends_at")) ?? 0,
  };
}

/** The number of each auction's last bid in Redis, by auction. */
export async function sequencesInRedis({ cloud }: Stage): Promise<ReadonlyMap<string, number>> {
  const keys = (await cloud.upstash?.run("KEYS", "auction:*")) as readonly string[];
  const sequences = new Map<string, number>();
  for (const key of keys) {
    const state = packedState.decode(await cloud.upstash?.run("HGET", key, "state"));
    if (state) sequences.set(key.replace("auction:", ""), state.sequence);
  }
  return sequences;
}

/** An auction's numbers in Redis, as texts; empty if it has none. */
export async function numbersInRedis({ cloud }: Stage, auctionId: string): Promise<string[]> {
  const state = await cloud.upstash?.run("HGET", `auction:${auctionId}`, "state");
  const stream = await cloud.upstash?.run("XRANGE", `auction-bids:${auctionId}`, "-", "+");
  const entries = Array.isArray(stream) ? (stream as [string, string[]][]) : [];
  const states = entries.flatMap(([, fields]) => fields.filter((_, index) => index % 2 === 1));
  return [...(typeof state === "string" ? [state] : []), ...states];
}
