import { defineSweep, GRACE_MS } from "../../shared/runtime/sweep.ts";
import { type KeepPictureDeps, keepPicture } from "./boards/keep-picture.ts";
import { type ScheduleAuctionBoardDeps, scheduleBoard } from "./boards/schedule-board.ts";
import type { Deps } from "./deps.ts";
import { type DropHammerDeps, dropHammer } from "./lifecycle/ending/drop-hammer.ts";
import { giveUpOpening } from "./lifecycle/opening/give-up-opening.ts";
import { type OpenPlannedDeps, openPlanned } from "./lifecycle/opening/open-planned.ts";
import { recordBids } from "./lifecycle/running/record-bids.ts";
import { type BarDeps, restoreBars } from "./lifecycle/settlement/non-payers.ts";
import { type SettleAuctionDeps, settleAuction } from "./lifecycle/settlement/settle-auction.ts";
import { type TakeBackDeps, takeBack } from "./lifecycle/settlement/take-back.ts";

/** What this feature has the sweeper do. */
export const auctionsSweeps = [
  defineSweep({
    name: "settlements",
    does: "continues sales of auctions that are over, and finishes voiding results",
    asks: ["Stripe"],
    run: (deps: SettleAuctionDeps & TakeBackDeps, turn) =>
      turn.forEachInTurn(
        (after) => deps.auctions.unfinished("settling", after),
        async (auction) => {
          if (auction.state === "void") await takeBack(auction, deps);
          else await settleAuction(auction.id, deps);
        },
      ),
  }),
  defineSweep({
    name: "hammers",
    does: "closes auctions that are over, and restores and shows running ones; the first to end comes first",
    asks: ["Redis"],
    async run(deps: DropHammerDeps & ScheduleAuctionBoardDeps, turn) {
      await turn.forEach(deps.auctions.byEnd(), async (auction) => {
        const { endsAt } = await recordBids(auction, deps);
        const endsAtMs = endsAt?.getTime() ?? 0;
        const lateMs = deps.clock.now().getTime() - endsAtMs;
        if (lateMs > GRACE_MS) {
          const fields = { event: "auction-overdue", auction: auction.id, lateMs };
          deps.log.warn("An auction was open after its end", fields);
        }
        // A run that ended it in Redis may have crashed before it could record that.
        const isEnded = lateMs >= 0 || (await deps.auctionEngine.ending(auction.id)) !== undefined;
        if (isEnded) await dropHammer(auction.id, endsAtMs, deps);
        else await scheduleBoard(auction.id, deps);
      });
    },
  }),
  defineSweep({
    name: "bidding-bars",
    does: "gives Redis the bars from bidding again that it may have lost while auctions run",
    asks: ["Redis"],
    run: (deps: BarDeps) => restoreBars(deps),
  }),
  defineSweep({
    name: "openings",
    does: "opens auctions that waited for their stream, and cancels those whose opening was interrupted",
    asks: ["Redis"],
    run: (deps: OpenPlannedDeps, turn) =>
      turn.forEachInTurn(
        (after) => deps.auctions.unfinished("planned", after),
        (auction) =>
          auction.opens === "now" ? giveUpOpening(auction, deps) : openPlanned(auction, deps),
      ),
  }),
  defineSweep({
    name: "auction-boards",
    does: "updates auctions' boards that may be out of date",
    asks: [],
    run: (deps: ScheduleAuctionBoardDeps & Pick<Deps, "auctions">, turn) =>
      turn.forEachInTurn(
        (after) => deps.auctions.unfinished("unshown", after),
        ({ id }) => scheduleBoard(id, deps),
      ),
  }),
  defineSweep({
    name: "auction-pictures",
    does: "renews the addresses of open auctions' pictures, which Discord lets expire",
    asks: ["Discord"],
    run: (deps: KeepPictureDeps, turn) =>
      turn.forEachInTurn(
        (after) => deps.auctions.unfinished("open", after),
        (auction) => keepPicture(auction, deps),
      ),
  }),
];
