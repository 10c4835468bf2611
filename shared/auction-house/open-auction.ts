import type { EngineState } from "../auction/open.ts";
import { type Auction, GOING_ONCE_MS, incrementsFor, MAX_EXTENSION_MS } from "../domain/auction.ts";
import { hammerDue } from "../events/auction-tasks.ts";
import type { Deps } from "../runtime/deps.ts";
import { barNonPayers } from "./non-payers.ts";
import { type ScheduleAuctionBoardDeps, scheduleBoard, scheduleBoardAt } from "./schedule-board.ts";

/** What opening needs. */
export type OpenAuctionDeps = ScheduleAuctionBoardDeps &
  Pick<Deps, "auctions" | "auctionEngine" | "unpaidWins" | "tasks" | "clock">;

/** An auction that is open, or the one that runs in its channel. */
export type OpenAuctionResult =
  | { readonly outcome: "open"; readonly auction: Auction }
  | { readonly outcome: "busy" | "over" };

/**
 * Opens a planned auction: its clock in Firestore first, then Redis, then the hammer. Again, or after
 * dying in between, it goes on where it was; an auction that is over stays over.
 */
export async function openAuction(
  auctionId: string,
  deps: OpenAuctionDeps,
): Promise<OpenAuctionResult> {
  const auction = await deps.auctions.open(auctionId, deps.clock.now(), MAX_EXTENSION_MS);
  if (auction?.state !== "live") return { outcome: "over" };
  await barNonPayers(deps);
  const state = { ...engineStateOf(auction), commitments: [] };
  const opened = await deps.auctionEngine.open(state);
  if (opened.outcome === "busy") {
    await deps.auctions.end(auctionId, "cancelled");
    return { outcome: "busy" };
  }
  await scheduleHammer(auction, deps);
  await scheduleBoard(auctionId, deps);
  return { outcome: "open", auction };
}

/** What Redis has to know of an auction. Throws when it was never opened. */
export function engineStateOf(auction: Auction): Omit<EngineState, "commitments"> {
  const { endsAt, latestEnd } = auction;
  if (!endsAt || !latestEnd) throw new Error(`Auction ${auction.id} has no end yet.`);
  return {
    ...{ auctionId: auction.id, sellerId: auction.builderId, startPrice: auction.startPrice },
    ...{ reserve: auction.reserve, counterBidMs: auction.counterBidMs, endsAt, latestEnd },
    channelIds: auction.boards.map(({ channelId }) => channelId),
    increments: incrementsFor(auction),
    standing: auction.standing,
  };
}

/** Has the hammer fall at an auction's end, and its board say so shortly before. */
export async function scheduleHammer(
  { id, endsAt }: Pick<Auction, "id" | "endsAt">,
  deps: Pick<Deps, "tasks" | "clock" | "log">,
): Promise<void> {
  if (!endsAt) return;
  const endsAtMs = endsAt.getTime();
  // Cloud Tasks rounds down to seconds; a hammer that comes early has to come again.
  const dueAt = new Date(Math.ceil(endsAtMs / 1000) * 1000);
  const task = { id: `hammer.${id}.${endsAtMs}`, auctionId: id, endsAtMs };
  await deps.tasks.enqueue(hammerDue, task, dueAt);
  await scheduleBoardAt(id, new Date(endsAtMs - GOING_ONCE_MS), `going-once.${endsAtMs}`, deps);
}
