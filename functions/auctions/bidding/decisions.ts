import { onlyForYou } from "../../../shared/discord/sending/defer.ts";
import { note } from "../../../shared/runtime/trace.ts";
import type { Deps } from "../deps.ts";
import type { BiddingBar } from "../domain/bidding-bar.ts";
import { type Bid, type BidDecision, isAccepted, type UndecidedBid } from "../engine/bids/bid.ts";
import { createAcceptedBids } from "./accepted-bids.ts";
import { badAmountText, bidTexts, decidedAnswer } from "./bid-texts.ts";
import { createBoardRequests, TASKS_DEADLINE_MS } from "./board-requests.ts";
import type { Currencies } from "./currencies.ts";

/** The dependencies of bidding. */
export type BidDeps = Pick<
  Deps,
  "auctionEngine" | "auctions" | "biddingBars" | "tasks" | "clock" | "log" | "config"
>;

/** A bid that takes longer than this to fail is not retried, because its answer would come too late. */
const LAST_SECOND_TRY_MS = 1000;

export type Decisions = ReturnType<typeof createDecisions>;

/** Has Redis decide bids, and does what follows from a decision before its bidder is answered. */
export function createDecisions(deps: BidDeps, currencies: Currencies) {
  const { auctionEngine: engine, clock, log, config } = deps;
  const acceptedBids = createAcceptedBids(deps);
  const boards = createBoardRequests(deps);

  /** Stores an accepted bid. If Cloud Tasks is slow, the bidder is answered while the call continues. */
  function storeAccepted(bid: Bid, { sequence }: BidDecision): Promise<void> {
    const amount = Math.max(bid.amount, bid.max ?? 0);
    const kept = { bidId: bid.id, bidderId: bid.bidderId, sequence, amount };
    const keeping = acceptedBids.keep(bid.auctionId, kept);
    return Promise.race([keeping, clock.sleep(TASKS_DEADLINE_MS)]);
  }

  /** Answers when Redis does not have all of an auction: the record shows whether Redis has lost it. */
  async function pausedOrUnknown(auctionId: string): Promise<object> {
    const auction = await deps.auctions.get(auctionId);
    if (auction?.state === "planned") return onlyForYou(bidTexts.notYetOpen);
    if (auction?.state !== "live") return onlyForYou(bidTexts.over);
    await boards.requestSometimes(auctionId);
    return onlyForYou(bidTexts.paused);
  }

  return {
    pausedOrUnknown,

    /** Decides a bid, with a second try if the first fails quickly. Throws if the decision is unknown. */
    async decide(bid: Bid): Promise<BidDecision | UndecidedBid> {
      const fromMs = clock.now().getTime();
      try {
        return await engine.bid(bid).catch(async (error: unknown) => {
          if (clock.now().getTime() - fromMs > LAST_SECOND_TRY_MS) throw error;
          log.warn("A bid is sent a second time", { auction: bid.auctionId, why: nameOf(error) });
          const decision = await engine.bid(bid);
          // The first request may still arrive, and count once the auction is restored.
          if (decision === "missing" || decision === "torn") throw error;
          return decision;
        });
      } catch (error) {
        // The bid may count, and the lost decision may have reported that the board is due.
        void boards.requestSometimes(bid.auctionId);
        throw error;
      }
    },

    /** The answer to a bidder. An accepted bid is stored and a due board is scheduled first. */
    async answerTo(decision: BidDecision | UndecidedBid, bid: Bid): Promise<object> {
      note({ decision: typeof decision === "string" ? decision : decision.outcome });
      if (decision === "missing" || decision === "torn") return pausedOrUnknown(bid.auctionId);
      if (decision === "bad-amount") {
        return onlyForYou(badAmountText(await currencies.of(bid.auctionId)));
      }
      const bar = decision.outcome === "barred" ? await barOf(bid.bidderId, deps) : undefined;
      const [currency] = await Promise.all([
        currencies.of(bid.auctionId).catch(() => config.SHOP_CURRENCY),
        decision.isBoardDue ? boards.request(bid.auctionId) : undefined,
        isAccepted(decision) ? storeAccepted(bid, decision) : undefined,
      ]);
      return decidedAnswer(decision, bid, { currency, now: clock.now(), bar });
    },
  };
}

/** Why and until when someone may not bid. Redis knows only the time. */
async function barOf(
  bidderId: string,
  { biddingBars, clock, log }: Pick<Deps, "biddingBars" | "clock" | "log">,
): Promise<BiddingBar | undefined> {
  try {
    return await biddingBars.get(bidderId, clock.now());
  } catch (error) {
    log.error("A bidding bar could not be read", error);
    return undefined;
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}
