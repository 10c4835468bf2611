import type { Auction } from "../../auctions/domain/auction.ts";
import { openDisputes } from "../../shop/domain/builder-part.ts";
import { isOpen, isReserved, type Order, orderTitle } from "../../shop/domain/order.ts";

/** The kinds of obligations; each has its own text that says what to do. */
type ObligationKind =
  | "unpaid-order"
  | "held-money"
  | "refund"
  | "dispute"
  | "order"
  | "old-order"
  | "case"
  | "auction"
  | "bid"
  | "drop"
  | "race"
  | "pending-share"
  | "frozen-share"
  | "balance"
  | "payout"
  | "unpaid-win"
  | "barred"
  | "suspended"
  | "dead-letter";

/** Something that has to end before a person can be forgotten. */
export interface OpenObligation {
  readonly kind: ObligationKind;
  /** Its title or id. */
  readonly name: string;
  /** When it, or a part of it, ends by itself, if that is known. */
  readonly until?: Date | undefined;
}

/** The longest time that a parcel is on its way; until then its order is needed. */
const PARCEL_MS = 30 * 24 * 3_600_000;

/** The obligation that an order still is for its buyer and its builder; undefined if there is none. */
export function obligationOfOrder(order: Order, now: Date): OpenObligation | undefined {
  const name = `${orderTitle(order) ?? "an order"} (${order.id})`;
  const { payment, proof } = order;
  if (!payment) return isOpen(order) ? { kind: "old-order", name } : undefined;
  if (isReserved(order) || order.fulfillmentStatus === "processing") {
    return { kind: "unpaid-order", name, until: payment.checkout.expiresAt };
  }
  if (payment.hold === "held" || payment.hold === "releasing") {
    return { kind: "held-money", name, until: proof ? undefined : payment.heldUntil };
  }
  if (payment.hold === "ended" || payment.openRefunds.length > 0) return { kind: "refund", name };
  if (openDisputes(payment).length > 0) return { kind: "dispute", name };
  if (order.parcel?.state === "open" || order.parcel?.state === "sent") {
    return { kind: "order", name };
  }
  if (!isOpen(order)) return undefined;
  const lastMs = Math.max(payment.paidAt?.getTime() ?? 0, proof?.verifiedAtMs ?? 0);
  const until = new Date(lastMs + PARCEL_MS);
  return now < until ? { kind: "order", name, until } : undefined;
}

/** The obligation that an auction still is for its builder or a bidder; undefined if there is none. */
export function obligationOfAuction(
  auction: Auction,
  { isSettling, userId }: { readonly isSettling: boolean; readonly userId: string },
): OpenObligation | undefined {
  const { state, claim, standing, builderId } = auction;
  const isClaimed = state === "sold" && (claim?.state === "offered" || claim?.state === "ordered");
  const isToCome = state === "planned" || state === "live";
  if (!isToCome && !isSettling && !isClaimed) return undefined;
  // A bank may take months to decide about the payment for a voided result, which is none of the other bidders' business.
  const buyerId = claim?.bidderId ?? standing?.leaderId;
  if (state === "void" && userId !== builderId && userId !== buyerId) return undefined;
  const kind = builderId === userId ? "auction" : "bid";
  return { kind, name: auction.title, until: state === "live" ? auction.endsAt : undefined };
}
