import type { DocumentSnapshot } from "../../../shared/ports/database.ts";
import { auctionDocument } from "../documents/auction.ts";
import type { Auction, Standing } from "../domain/auction.ts";

/** Stored as the leader when the last remaining leader's bids were removed. */
const NOBODY = "-";

/** Reads an auction. Throws TerminalError that names the invalid fields. */
export function toAuction(snapshot: DocumentSnapshot): Auction {
  return fromStored(auctionDocument.read(snapshot));
}

/** The auction, or an empty list if its document is invalid, so that one invalid auction hides no other. */
export function readableAuction(snapshot: DocumentSnapshot): Auction[] {
  return auctionDocument.readable(snapshot).map(fromStored);
}

function fromStored(stored: ReturnType<typeof auctionDocument.read>): Auction {
  const last = stored.standing;
  return {
    ...stored,
    imageReadAt: stored.imageReadAt ?? stored.createdAt,
    recorded: last && recordedOf(last),
    standing: last?.leaderId === NOBODY ? undefined : last,
  };
}

/** What counts of the last bid even when nobody leads any more. */
function recordedOf({ sequence, bidId, bids, at }: Standing): Auction["recorded"] {
  return { sequence, bidId, bids, at };
}

/** What can still be read of an invalid auction document. */
export interface UnreadableAuction extends Pick<Auction, "id" | "boards"> {
  readonly title: string | undefined;
  readonly builderId: string | undefined;
  /** Whether it is known to be over. */
  readonly isOver: boolean;
}

const OVER: ReadonlySet<unknown> = new Set(["sold", "unsold", "cancelled", "void"]);
const readRemainder = auctionDocument.remainder("builderId", "title", "boards", "state");

/** The readable parts of an invalid auction document; an empty list if the document is valid. */
export function unreadableAuction(snapshot: DocumentSnapshot): UnreadableAuction[] {
  if (readableAuction(snapshot).length > 0) return [];
  const { builderId, title, boards = [], state } = readRemainder(snapshot);
  return [{ id: snapshot.id, builderId, title, boards, isOver: OVER.has(state) }];
}
