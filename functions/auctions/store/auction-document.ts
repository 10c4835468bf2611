import * as z from "zod/mini";
import { parseDocument, stored, timestamp } from "../../../shared/documents/document.ts";
import type { DocumentSnapshot } from "../../../shared/ports/database.ts";
import { TerminalError } from "../../../shared/runtime/errors.ts";
import { type Auction, auctionStates, openingProblems, type Standing } from "../domain/auction.ts";

const standing = z.object({
  sequence: z.int(),
  bid_id: z.string(),
  bids: z.int(),
  price: z.int(),
  leader_id: z.string(),
  ceiling: z.int(),
  leader_sequence: z.int(),
  at: timestamp,
});
const auctionDocument = z.object({
  builder_id: z.string(),
  title: z.string(),
  currency: z.string(),
  plan: z.enum(["split", "held"]),
  start_price: z.int(),
  reserve: z.int(),
  increment: stored(z.int()),
  duration_ms: z.int(),
  counter_bid_ms: z.int(),
  opens: z.enum(["now", "live"]),
  state: z.enum(auctionStates),
  created_at: timestamp,
  opened_at: stored(timestamp),
  ends_at: stored(timestamp),
  latest_end: stored(timestamp),
  boards: z.array(z.object({ channel_id: z.string(), message_id: stored(z.string()) })),
  image_url: stored(z.string()),
  image_url_at: stored(timestamp),
  standing: stored(standing),
  bidder_count: z._default(z.int(), 0),
  is_board_due: z._default(z.boolean(), false),
  is_settling: z._default(z.boolean(), false),
  runners_up: z._default(z.array(z.object({ bidder_id: z.string(), amount: z.int() })), []),
  claim: stored(
    z.object({
      round: z.int(),
      bidder_id: z.string(),
      amount: z.int(),
      state: z.enum(["offered", "ordered", "paid", "over"]),
      offer_until: stored(timestamp),
      page_until: stored(timestamp),
    }),
  ),
  could_not_open: stored(z.enum(openingProblems)),
  cancel_reason: stored(z.string()),
  interruption: stored(
    z.object({ paused_at: timestamp, resumed_at: stored(timestamp), bids: z.int() }),
  ),
  is_reserve_waived: z._default(z.boolean(), false),
  rerun_id: stored(z.string()),
});

/** Stored as the leader when the last remaining leader's bids were removed. */
const NOBODY = "-";

/** The stored fields of an auction's standing after a bid. */
export function standingFields(last: Standing) {
  return {
    sequence: last.sequence,
    bid_id: last.bidId,
    bids: last.bids,
    price: last.price,
    leader_id: last.leaderId,
    ceiling: last.ceiling,
    leader_sequence: last.leaderSequence,
    at: last.at,
  };
}

/** Reads the fields written by `standingFields`. */
export function toStanding(fields: z.infer<typeof standing>): Standing {
  return {
    sequence: fields.sequence,
    bidId: fields.bid_id,
    bids: fields.bids,
    price: fields.price,
    leaderId: fields.leader_id,
    ceiling: fields.ceiling,
    leaderSequence: fields.leader_sequence,
    at: fields.at,
  };
}

/** Reads an auction. Throws TerminalError that names the invalid fields. */
export function toAuction(snapshot: DocumentSnapshot): Auction {
  const fields = parseDocument(snapshot.ref.path, auctionDocument, snapshot.data());
  const { claim, interruption } = fields;
  const last = fields.standing && toStanding(fields.standing);
  return {
    id: snapshot.id,
    builderId: fields.builder_id,
    title: fields.title,
    currency: fields.currency,
    plan: fields.plan,
    startPrice: fields.start_price,
    reserve: fields.reserve,
    increment: fields.increment,
    durationMs: fields.duration_ms,
    counterBidMs: fields.counter_bid_ms,
    opens: fields.opens,
    state: fields.state,
    createdAt: fields.created_at,
    openedAt: fields.opened_at,
    endsAt: fields.ends_at,
    latestEnd: fields.latest_end,
    imageUrl: fields.image_url,
    imageReadAt: fields.image_url_at ?? fields.created_at,
    boards: fields.boards.map(({ channel_id, message_id }) => ({
      channelId: channel_id,
      messageId: message_id,
    })),
    recorded: last && { sequence: last.sequence, bidId: last.bidId },
    standing: last?.leaderId === NOBODY ? undefined : last,
    bidderCount: fields.bidder_count,
    isBoardDue: fields.is_board_due,
    isSettling: fields.is_settling,
    runnersUp: fields.runners_up.map(({ bidder_id, amount }) => ({ bidderId: bidder_id, amount })),
    claim: claim && {
      round: claim.round,
      bidderId: claim.bidder_id,
      amount: claim.amount,
      state: claim.state,
      offerUntil: claim.offer_until,
      pageUntil: claim.page_until,
    },
    couldNotOpen: fields.could_not_open,
    cancelReason: fields.cancel_reason,
    interruption: interruption && {
      pausedAt: interruption.paused_at,
      resumedAt: interruption.resumed_at,
      bids: interruption.bids,
    },
    isReserveWaived: fields.is_reserve_waived,
    rerunId: fields.rerun_id,
  };
}

/** The auction, or an empty list if its document is invalid, so that one invalid auction hides no other. */
export function readableAuction(snapshot: DocumentSnapshot): Auction[] {
  try {
    return [toAuction(snapshot)];
  } catch (error) {
    if (error instanceof TerminalError) return [];
    throw error;
  }
}

/** What can still be read of an invalid auction document. */
export interface UnreadableAuction {
  readonly id: string;
  readonly title: string | undefined;
  readonly builderId: string | undefined;
  /** Whether it is known to be over. */
  readonly isOver: boolean;
  readonly boards: Auction["boards"];
}

const OVER: readonly unknown[] = ["sold", "unsold", "cancelled", "void"];
const text = z.catch(z.optional(z.string()), undefined);
const remainder = z.object({
  builder_id: text,
  title: text,
  boards: z.catch(
    z.array(z.object({ channel_id: z.string(), message_id: stored(z.string()) })),
    [],
  ),
});

/** The readable parts of an invalid auction document; an empty list if the document is valid. */
export function unreadableAuction(snapshot: DocumentSnapshot): UnreadableAuction[] {
  if (readableAuction(snapshot).length > 0) return [];
  const fields = remainder.parse(snapshot.data() ?? {});
  return [
    {
      id: snapshot.id,
      title: fields.title,
      builderId: fields.builder_id,
      isOver: OVER.includes(snapshot.get("state")),
      boards: fields.boards.map(({ channel_id, message_id }) => ({
        channelId: channel_id,
        messageId: message_id,
      })),
    },
  ];
}
