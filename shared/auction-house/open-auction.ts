import type { EngineState } from "../auction/open.ts";
import {
  type Auction,
  GOING_ONCE_MS,
  type Hindrance,
  incrementsFor,
  MAX_EXTENSION_MS,
} from "../domain/auction.ts";
import { hammerDue } from "../events/auction-tasks.ts";
import type { Deps } from "../runtime/deps.ts";
import { barNonPayers } from "./non-payers.ts";
import { type PlaceBoardDeps, placeBoard } from "./place-board.ts";
import { type ScheduleAuctionBoardDeps, scheduleBoard, scheduleBoardAt } from "./schedule-board.ts";

/** What opening needs. */
export type OpenAuctionDeps = ScheduleAuctionBoardDeps &
  PlaceBoardDeps &
  Pick<Deps, "auctions" | "auctionEngine" | "unpaidWins" | "tasks" | "clock">;

/** An auction that is open, or why it is not. */
export type OpenAuctionResult =
  | { readonly outcome: "open"; readonly auction: Auction }
  | { readonly outcome: Hindrance | "over" };

/**
 * Opens a planned auction: its board first, since nobody could bid where we may not post; then its
 * clock in Firestore, Redis and the hammer. Again, or after dying in between, it goes on where it was;
 * an auction that is over stays over. One that waited for the stream is not answered to anybody: why
 * it could not open is left to be told.
 */
export async function openAuction(
  auctionId: string,
  deps: OpenAuctionDeps,
): Promise<OpenAuctionResult> {
  const planned = await deps.auctions.get(auctionId);
  if (planned?.couldNotOpen) return { outcome: planned.couldNotOpen };
  const isTold = planned?.opens === "now";
  if (planned?.state === "planned" && (await isClosedToUs(planned, deps))) {
    await deps.auctions.couldNotOpen(auctionId, "forbidden", { isTold });
    return { outcome: "forbidden" };
  }
  const auction = await deps.auctions.open(auctionId, deps.clock.now(), MAX_EXTENSION_MS);
  if (auction?.state !== "live") return { outcome: "over" };
  await barNonPayers(deps);
  const state = { ...engineStateOf(auction), commitments: [] };
  const opened = await deps.auctionEngine.open(state);
  if (opened.outcome === "busy") {
    await deps.auctions.couldNotOpen(auctionId, "busy", { isTold });
    await scheduleBoard(auctionId, deps);
    return { outcome: "busy" };
  }
  await scheduleHammer(auction, deps);
  await scheduleBoard(auctionId, deps);
  return { outcome: "open", auction };
}

/** Whether we may not post in an auction's channel. Where Discord has trouble, the board comes later. */
async function isClosedToUs(auction: Auction, deps: OpenAuctionDeps): Promise<boolean> {
  const channelId = auction.boards[0]?.channelId ?? "";
  try {
    return (await placeBoard(auction, channelId, deps)) === "forbidden";
  } catch (error) {
    deps.log.error("An auction opens before its board is shown", error, { auction: auction.id });
    return false;
  }
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
