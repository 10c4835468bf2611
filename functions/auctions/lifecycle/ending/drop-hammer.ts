import { NotYetError } from "../../../../shared/runtime/delivery/task-worker.ts";
import { scheduleBoard } from "../../boards/schedule-board.ts";
import type { Deps } from "../../deps.ts";
import {
  type Auction,
  type Bidder,
  isReserveMet,
  MAX_CONSIDERED,
  MAX_OFFERS,
} from "../../domain/auction.ts";
import { inOfferOrder } from "../../domain/second-chance.ts";
import type { CloseHow, CloseResult } from "../../engine/lifecycle/close.ts";
import { auctionSettlementDue } from "../../events/auction-tasks.ts";
import { commitmentsOf } from "../../store/bids/recorded-bid.ts";
import { type RecordBidsDeps, recordBids } from "../running/record-bids.ts";
import { scheduleHammer } from "./schedule-hammer.ts";

/** The dependencies of dropping the hammer. */
export type DropHammerDeps = RecordBidsDeps & Pick<Deps, "auctions" | "orders">;

/**
 * Drops the hammer on an auction whose time is over, or at once: closes it in Redis, which fixes winner and price,
 * records its last bids, books the result and schedules the settlement. If a bid has moved the end beyond
 * `expectedEndMs`, the hammer is scheduled again. Throws NotYetError if it is too early.
 *
 * Idempotency: repeated and concurrent runs get the same result from Redis, which closes once; the result is booked
 * once, and the settlement's task has a fixed name. Crash safety: the next run finds the auction closed and continues;
 * the sweeper is one, also before the scheduled end.
 */
export async function dropHammer(
  auctionId: string,
  expectedEndMs: number,
  deps: DropHammerDeps,
  how: CloseHow = "due",
): Promise<void> {
  const before = await deps.auctions.get(auctionId);
  if (before?.state !== "live") {
    const state = before?.state;
    if (state === "sold" || state === "unsold") await followUp(auctionId, state, deps);
    return;
  }
  const channelIds = before.boards.map(({ channelId }) => channelId);
  const place = { auctionId, channelIds };
  // If Redis has lost that the end was moved, it would close the auction at the earlier end.
  const isMoved = (before.endsAt?.getTime() ?? 0) > expectedEndMs;
  if (how === "due" && isMoved) await recordBids(before, deps);
  const result = await deps.auctionEngine.close(place, how);
  switch (result.outcome) {
    case "missing":
      // Restoring schedules the hammer again.
      await recordBids(before, deps);
      await scheduleBoard(auctionId, deps);
      return;
    case "open": {
      if (result.endsAt.getTime() <= expectedEndMs) {
        throw new NotYetError("The auction's time is not over yet");
      }
      // If the new end is not recorded yet, record it: the board shows it, and the sweeper uses it.
      await deps.auctions.prolong(auctionId, result.endsAt);
      await scheduleHammer({ id: auctionId, endsAt: result.endsAt }, deps);
      return;
    }
    case "cancelled":
      await deps.auctions.end(auctionId, "cancelled");
      await scheduleBoard(auctionId, deps);
      return;
    case "void":
      return;
    case "sold":
    case "unsold": {
      const after = await recordBids(before, deps);
      // If Redis had lost part of it, recording has restored it, and so opened it again.
      const final = await deps.auctionEngine.close(place, how);
      if (final.outcome !== result.outcome || !isRecorded(final, after))
        throw lostWhileClosed(after);
      await book(after, final, deps);
    }
  }
}

/** The result of a hammer that has fallen. */
type FallenHammer = Extract<CloseResult, { readonly outcome: "sold" | "unsold" }>;

/** Whether the record has every bid that led to a result. */
function isRecorded(result: CloseResult, { standing, recorded }: Auction): result is FallenHammer {
  if (result.outcome !== "sold" && result.outcome !== "unsold") return false;
  const leaderId = result.outcome === "sold" ? result.winnerId : result.leaderId;
  return standing?.leaderId === leaderId && (recorded?.sequence ?? 0) === result.sequence;
}

async function book(auction: Auction, result: FallenHammer, deps: DropHammerDeps): Promise<void> {
  const runnersUp = result.outcome === "sold" ? await offered(result.runnersUp, deps) : [];
  const { outcome: state, price, endsAt } = result;
  // An earlier run that closed it may have crashed: a sale below the reserve waived the reserve.
  const isReserveWaived = state === "sold" && !isReserveMet(auction);
  const booked = { state, price, endsAt, runnersUp, isReserveWaived };
  const after =
    (await deps.auctions.finish(auction, booked)) ?? (await deps.auctions.get(auction.id));
  // This run may have stalled, and meanwhile the auction was restored and continues.
  if (after?.state !== state) throw lostWhileClosed(auction);
  await followUp(auction.id, state, deps);
}

function lostWhileClosed({ id }: Auction): Error {
  return new Error(`Redis lost auction ${id} while it was closed; it is closed again.`);
}

/**
 * Sells an auction that closed below its reserve to its highest bidder, by the record alone. Idempotency: a result is
 * booked once, and the settlement's task has a fixed name.
 */
export async function sellBelowReserve(auction: Auction, deps: DropHammerDeps): Promise<void> {
  const { id: auctionId, standing, endsAt } = auction;
  if (!standing || !endsAt) return;
  const others = commitmentsOf(await deps.bids.all(auctionId))
    .filter(({ bidderId }) => bidderId !== standing.leaderId)
    .toSorted((one, other) => other.amount - one.amount || one.sequence - other.sequence)
    .slice(0, MAX_CONSIDERED);
  const runnersUp = await offered(others, deps);
  const booked = { state: "sold", price: standing.price, endsAt, isReserveWaived: true } as const;
  await deps.auctions.finish(auction, { ...booked, runnersUp });
  const task = { id: `settle.${auctionId}.sold-later`, auctionId };
  await deps.tasks.enqueue(auctionSettlementDue, task, deps.clock.now());
  await scheduleBoard(auctionId, deps);
}

/** The bidders who are offered the item in turn if the winner does not pay. Decided once, with the result. */
async function offered(
  runnersUp: readonly Bidder[],
  { orders }: Pick<Deps, "orders">,
): Promise<readonly Bidder[]> {
  if (runnersUp.length < 2) return runnersUp;
  const checked = runnersUp.map(async ({ bidderId }) =>
    (await orders.hasPaid(bidderId)) ? [bidderId] : [],
  );
  const payers = new Set((await Promise.all(checked)).flat());
  return inOfferOrder(runnersUp, payers).slice(0, MAX_OFFERS);
}

/** A result that is later sold below the reserve gets its own task. */
async function followUp(
  auctionId: string,
  state: "sold" | "unsold",
  deps: DropHammerDeps,
): Promise<void> {
  const task = { id: `settle.${auctionId}.${state}`, auctionId };
  await deps.tasks.enqueue(auctionSettlementDue, task, deps.clock.now());
  await scheduleBoard(auctionId, deps);
}
