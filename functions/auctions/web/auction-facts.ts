import { formatMoney } from "../../../shared/money/money.ts";
import { readSize } from "../../../shared/web/picture-size.ts";
import { momentOf, plainLine } from "../../../shared/web/text.ts";
import type { Builder } from "../../members/store/builders.ts";
import { builderName, findBuilder } from "../../shop/web/builder.ts";
import type { Deps } from "../deps.ts";
import { type Auction, type AuctionState, isReserveMet, leastBid } from "../domain/auction.ts";
import type { RecordedBid } from "../store/bids/recorded-bid.ts";
import { headlineOf, isOpen, type Phase, phaseOf } from "./auction-phase.ts";

/** The dependencies that reading an auction needs. */
export type AuctionDeps = Pick<Deps, "auctions" | "bids" | "builders" | "clock">;

const AUCTION_ID = "(\\d{1,20})";
const PAGE_PATH = new RegExp(`^/auction/${AUCTION_ID}$`);
const FEED_PATH = new RegExp(`^/auction/${AUCTION_ID}/feed\\.json$`);
const OVERLAY_PATH = new RegExp(`^/overlay/${AUCTION_ID}$`);
/** Each one costs a read whenever the CDN fetches the page. */
const MAX_BIDS = 6;
/** https://discord.com/developers/docs/reference#signed-attachment-cdn-urls */
const ADDRESS_LIVES_MS = 24 * 3_600_000;
/** This many digits of a Discord id distinguish bidders without identifying them. */
const SHOWN_DIGITS = 4;

/** The auction id in a path, which is a Discord id. */
export const auctionIdOf = {
  page: (path: string) => PAGE_PATH.exec(path)?.[1],
  feed: (path: string) => FEED_PATH.exec(path)?.[1],
  overlay: (path: string) => OVERLAY_PATH.exec(path)?.[1],
};

/** The path at which scripts fetch an auction's facts. */
export function feedPath(id: string): string {
  return `/auction/${id}/feed.json`;
}

/**
 * The public facts of an auction, and everything that this function sends about it: no ceiling, no
 * reserve, no person's whole id. Texts are ready to show; those that are null are hidden.
 */
export interface AuctionFacts {
  readonly id: string;
  readonly title: string;
  readonly builder: string;
  readonly state: AuctionState;
  readonly phase: Phase;
  readonly headline: string;
  readonly currency: string;
  /** The price, or the start price before the first bid; minor units. */
  readonly amount: number;
  readonly price: string;
  readonly priceLabel: string;
  readonly leader: string | null;
  readonly leaderLabel: string;
  readonly bids: number;
  readonly bidders: number;
  readonly activity: string;
  readonly nextBid: string | null;
  readonly reserve: "met" | "not met yet" | null;
  readonly endsAt: string | null;
  readonly ends: string | null;
  readonly endsLabel: string;
  /** When these facts were true. */
  readonly now: string;
  readonly lastBids: readonly BidFacts[];
}

/** A bid as everyone may see it: the price after it, and whether its bidder led with it. */
export interface BidFacts {
  readonly number: number;
  readonly bidder: string;
  readonly price: string;
  readonly isLeading: boolean;
}

/** An auction's facts, with its terms, builder and picture for the page; undefined if there is no such auction. */
export async function readFacts(id: string, { auctions, bids, builders, clock }: AuctionDeps) {
  const [auction, lastBids] = await Promise.all([auctions.get(id), bids.newest(id, MAX_BIDS)]);
  if (!auction) return undefined;
  const builder = await findBuilder(builders, auction.builderId);
  const facts = factsOf(auction, lastBids, builder, clock.now());
  const { plan, shipping, openedAt } = auction;
  const isPictured = hasPicture(auction, clock.now());
  const picture = isPictured ? { size: readSize(auction.imageSize) } : undefined;
  return { facts, builder, plan, shipping, openedAt, picture };
}

/** Whether an auction has a picture: its address is renewed until the auction has ended and expires later. */
export function hasPicture({ imageUrl, imageReadAt }: Auction, now: Date): boolean {
  return imageUrl !== undefined && now.getTime() - imageReadAt.getTime() < ADDRESS_LIVES_MS;
}

function factsOf(
  auction: Auction,
  lastBids: readonly RecordedBid[],
  builder: Builder | undefined,
  now: Date,
): AuctionFacts {
  const { id, state, currency, standing, endsAt } = auction;
  const phase = phaseOf(auction, now);
  const bids = standing?.bids ?? 0;
  return {
    id,
    state,
    phase,
    currency,
    bids,
    bidders: auction.bidderCount,
    title: plainLine(auction.title, 100),
    builder: builderName(builder),
    headline: headlineOf(auction, phase),
    ...priceFacts(auction),
    ...leaderFacts(auction),
    activity: `${counted(bids, "bid")} by ${counted(auction.bidderCount, "bidder")}`,
    nextBid: isOpen(phase) ? `${formatMoney(leastBid(auction), currency)} or more` : null,
    reserve: state === "live" ? reserveFact(auction) : null,
    ...endFacts(state, endsAt),
    now: now.toISOString(),
    lastBids: (isSecondChance(auction) ? [] : lastBids).map((bid) => ({
      number: bid.bids,
      bidder: publicName(bid.bidderId),
      price: formatMoney(bid.price, currency),
      isLeading: bid.bidderId === bid.leaderId,
    })),
  };
}

/** A cancelled auction has no end. */
function endFacts(
  state: AuctionState,
  endsAt: Date | undefined,
): Pick<AuctionFacts, "endsAt" | "ends" | "endsLabel"> {
  const endsLabel = state === "sold" || state === "unsold" ? "Ended" : "Ends";
  if (!endsAt || state === "cancelled" || state === "void") {
    return { endsAt: null, ends: null, endsLabel };
  }
  return { endsAt: endsAt.toISOString(), ends: momentOf(endsAt), endsLabel };
}

function priceFacts(auction: Auction): Pick<AuctionFacts, "amount" | "price" | "priceLabel"> {
  const { state, standing, claim, currency, startPrice } = auction;
  const sold = isSold(auction);
  const amount = (sold ? claim?.amount : undefined) ?? standing?.price ?? startPrice;
  const price = formatMoney(amount, currency);
  if (!standing) return { amount, price, priceLabel: "Starts at" };
  if (sold) return { amount, price, priceLabel: "Sold for" };
  return { amount, price, priceLabel: state === "live" ? "Price now" : "Last price" };
}

function leaderFacts(auction: Auction): Pick<AuctionFacts, "leader" | "leaderLabel"> {
  const { state, standing, claim } = auction;
  const sold = isSold(auction);
  const leaderId = (sold ? claim?.bidderId : undefined) ?? standing?.leaderId;
  const isNamed = leaderId !== undefined && (state === "live" || sold);
  return {
    leader: isNamed ? publicName(leaderId) : null,
    leaderLabel: sold ? "Won by" : "Leading",
  };
}

/** Whether it is sold and paid for, or someone may still pay. */
function isSold({ state, claim }: Auction): boolean {
  return state === "sold" && claim?.state !== "over" && claim?.state !== "offered";
}

/** Whether it is sold to a runner-up: earlier bids would only show how much less it sold for. */
function isSecondChance(auction: Auction): boolean {
  return isSold(auction) && (auction.claim?.round ?? 0) > 0;
}

/** Whether the reserve is met; never its amount. */
function reserveFact(auction: Auction): AuctionFacts["reserve"] {
  if (auction.reserve === 0) return null;
  return isReserveMet(auction) ? "met" : "not met yet";
}

function publicName(discordId: string): string {
  return `bidder …${discordId.slice(-SHOWN_DIGITS)}`;
}

/** "1 bid", "2 bids". */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
