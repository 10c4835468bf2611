import { isNewer } from "../../../../shared/discord/snowflake.ts";
import type { Database } from "../../../../shared/ports/database.ts";
import type { ShippingTerms } from "../../../shipping/domain/terms.ts";
import type { TermsResult } from "../../../shipping/store/shipping-terms.ts";
import { auctionDocument } from "../../documents/auction.ts";
import type { Auction, OpeningProblem } from "../../domain/auction.ts";
import type { AuctionChanges } from "./change.ts";
import { type NewAuction, plannedAuction } from "./planned.ts";

/** The terms after a change, or why they did not change. */
export type AuctionTermsResult<Problem> = TermsResult<Problem> | { readonly outcome: "begun" };

function decideTerms<Problem extends string>(
  { state, shipping, shippingChangeId: last }: Auction,
  decide: (before: ShippingTerms | undefined) => ShippingTerms | Problem,
  changeId: string,
): AuctionTermsResult<Problem> {
  if (last === changeId && shipping) return { outcome: "changed", terms: shipping };
  if (state !== "planned") return { outcome: "begun" };
  if (last !== undefined && isNewer(last, changeId)) return { outcome: "superseded" };
  const terms = decide(shipping);
  return typeof terms === "string"
    ? { outcome: "refused", problem: terms }
    : { outcome: "changed", terms };
}

/** An auction from its creation until it is over. */
export function createLifecycle(database: Database, { change, changed }: AuctionChanges) {
  return {
    /** Creates a planned auction. Idempotent. */
    async create(auction: NewAuction): Promise<void> {
      const place = auctionDocument.place(await database(), auction.id);
      await auctionDocument.createNow(place, plannedAuction(auction));
    },

    /**
     * Changes how a planned auction ships, as `decide` says; `begun`: it is no longer planned. Idempotency: the command
     * that changed it last changes nothing again; one that is older than that changes nothing.
     */
    async changeTerms<Problem extends string>(
      id: string,
      decide: (before: ShippingTerms | undefined) => ShippingTerms | Problem,
      changeId: string,
    ): Promise<AuctionTermsResult<Problem>> {
      let result: AuctionTermsResult<Problem> = { outcome: "begun" };
      await change(id, (auction) => {
        const decided = decideTerms(auction, decide, changeId);
        result = decided;
        if (decided.outcome !== "changed" || auction.shippingChangeId === changeId)
          return undefined;
        return { shipping: decided.terms, shippingChangeId: changeId };
      });
      return result;
    },

    /** Opens a planned auction and sets its end. An auction in another state stays as it is. */
    open(id: string, openedAt: Date, maxExtensionMs: number): Promise<Auction | undefined> {
      return changed(id, (auction) => {
        if (auction.state !== "planned") return undefined;
        const endsAtMs = openedAt.getTime() + auction.durationMs;
        return {
          state: "live",
          openedAt,
          endsAt: new Date(endsAtMs),
          latestEnd: new Date(endsAtMs + maxExtensionMs),
        };
      });
    },

    /** Moves a running auction's end to `endsAt`, Redis's value, unless it already ends later. */
    prolong(id: string, endsAt: Date): Promise<Auction | undefined> {
      return changed(id, ({ state, endsAt: before, latestEnd }) => {
        if (state !== "live" || !before || !latestEnd || before >= endsAt) return undefined;
        const leftMs = Math.max(0, latestEnd.getTime() - before.getTime());
        return { endsAt, latestEnd: new Date(endsAt.getTime() + leftMs) };
      });
    },

    /**
     * Cancels an auction that cannot open; the sweeper notifies the builder unless `isNotified`. A live auction is
     * cancelled only with `isLiveToo`, and only if nobody has bid. Otherwise it runs on, with or without a board.
     */
    couldNotOpen(
      id: string,
      why: OpeningProblem,
      {
        isNotified,
        isLiveToo = false,
      }: { readonly isNotified: boolean; readonly isLiveToo?: boolean },
    ): Promise<Auction | undefined> {
      return changed(id, ({ state, standing, boards }) => {
        const isUnbid = state === "live" && !standing;
        if (state !== "planned" && !(isLiveToo && isUnbid)) return undefined;
        // Where we may not post, only a board that was posted earlier can be out of date.
        const isBoardDue = why !== "forbidden" || boards.some(({ messageId }) => messageId);
        return { state: "cancelled", couldNotOpen: why, isSettling: !isNotified, isBoardDue };
      });
    },

    /**
     * Cancels a planned or running auction, or voids a result, of which work is left then: see `takeBack`. `reason` is
     * the team's.
     */
    end(id: string, to: "cancelled" | "void", reason?: string): Promise<Auction | undefined> {
      const from: readonly string[] = to === "cancelled" ? ["planned", "live"] : ["sold", "unsold"];
      return changed(id, ({ state }) =>
        from.includes(state)
          ? { state: to, isSettling: to === "void", ...(reason && { cancelReason: reason }) }
          : undefined,
      );
    },
  };
}
