import { type Auction, type AuctionState, isGoingOnce } from "../domain/auction.ts";

/** An auction's state as a viewer sees it: also `going` (going once) and `counting` (the time is up). */
export type Phase = AuctionState | "going" | "counting";

/** The phase an auction is in. */
export function phaseOf(auction: Auction, now: Date): Phase {
  const { state, endsAt } = auction;
  if (state !== "live" || !endsAt) return state;
  if (endsAt <= now) return "counting";
  return isGoingOnce(auction, now) ? "going" : "live";
}

/** Whether bids may still come. */
export function isOpen(phase: Phase): boolean {
  return phase === "planned" || phase === "live" || phase === "going";
}

/** The phase in a few words. */
export function headlineOf({ standing, opens, claim }: Auction, phase: Phase): string {
  switch (phase) {
    case "planned":
      return opens === "live" ? "Opens when the builder goes live" : "Opens in a moment";
    case "live":
      return "Live";
    case "going":
      return "Going once…";
    case "counting":
      return "Time is up…";
    case "sold":
      if (claim?.state === "over") return "Nobody paid";
      if (claim?.state === "offered") return "Offered to the next bidder";
      return claim && claim.round > 0 ? "Sold as a second chance" : "Sold";
    case "unsold":
      return standing ? "Unsold: the reserve was not met" : "Unsold: nobody bid";
    case "cancelled":
      return "Cancelled: nobody pays";
    case "void":
      return "The result was taken back: nobody pays";
  }
}
