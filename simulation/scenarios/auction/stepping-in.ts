import { nextAfter } from "../../models/auction.ts";
import type { Options } from "../../people.ts";
import type { Stage } from "../../stage.ts";
import type { Action, Pick } from "../scenario.ts";
import { auctionLogOf } from "./auction-log.ts";
import { anyAuction, runningAuction, typeBid } from "./bidding.ts";
import { type OpenBook, openBooks } from "./books.ts";

/** What sellers and staff do to running auctions and results, and what others try. */
export const steppingIn: readonly Action[] = [
  {
    name: "start an auction with a high reserve",
    weight: 8,
    onlyWith: "sellers and staff step in",
    perform: startHigh,
  },
  {
    name: "sell below the reserve",
    weight: 10,
    onlyWith: "sellers and staff step in",
    perform: sell,
  },
  {
    name: "remove someone's bids",
    weight: 14,
    onlyWith: "sellers and staff step in",
    perform: removeBids,
  },
  {
    name: "control what is not theirs",
    weight: 8,
    onlyWith: "sellers and staff step in",
    perform: controlOthers,
  },
];

/** Types a command for an auction and stores that somebody did. */
export async function typeControl(
  stage: Stage,
  use: {
    readonly user: string;
    readonly word: string;
    readonly auctionId: string;
    readonly bidder?: string;
  },
  channelId: string,
  more: Options = {},
): Promise<void> {
  const { user, word, auctionId, bidder } = use;
  const { clock } = stage.cloud;
  const sentAtMs = clock.nowMs();
  const { id: interactionId } = await stage.discord.client.command(stage.endpoint, {
    user,
    channelId,
    name: `c500 auction ${word}`,
    options: { auction: auctionId, ...(bidder && { bidder }), ...more },
  });
  const answeredAtMs = clock.nowMs();
  const { controlUses } = auctionLogOf(stage);
  controlUses.push({ word, user, bidder, auctionId, interactionId, sentAtMs, answeredAtMs });
}

/** A reserve that few bids meet. */
async function startHigh(stage: Stage, pick: Pick): Promise<void> {
  const { builder, channels } = auctionLogOf(stage);
  await stage.discord.client.command(stage.endpoint, {
    user: builder,
    channelId: pick(channels),
    name: "c500 auction start",
    options: {
      title: "Gold C500",
      price: pick(["20", "1"]),
      reserve: pick(["60", "150", "400", "3000"]),
      duration: pick(["30s", "2m", "5m", "1h"]),
    },
  });
}

/** Mostly where the reserve is not met; where nobody has bid, two people bid first. */
async function sell(stage: Stage, pick: Pick): Promise<void> {
  const { builder, staff, channels } = auctionLogOf(stage);
  const auctions = await stage.withoutFaults(() => openBooks(stage));
  const below = auctions.filter(
    ({ state, price, startPrice, reserve }) =>
      (state === "live" || (state === "unsold" && price !== undefined)) &&
      (price ?? startPrice) < reserve,
  );
  const auction = pick([...below, ...below, ...below, ...below, ...auctions.slice(-3)]);
  if (auction.state === "live" && auction.leader === undefined)
    await bidFirst(stage, pick, auction);
  const user = pick([builder, builder, staff]);
  await typeControl(stage, { user, word: "sell", auctionId: auction.id }, pick(channels));
}

async function bidFirst(
  stage: Stage,
  pick: Pick,
  { boards, startPrice, increment }: OpenBook,
): Promise<void> {
  const { bidders } = auctionLogOf(stage);
  const { channelId } = pick(boards);
  const amounts = [startPrice, nextAfter(startPrice, increment)];
  for (const amount of amounts) await typeBid(stage, pick(bidders), channelId, { amount, max: 0 });
  await stage.cloud.clock.sleep(pick([0, 1_000, 3_000]));
}

/** Mostly the leader's. */
async function removeBids(stage: Stage, pick: Pick): Promise<void> {
  const { staff, bidders, channels } = auctionLogOf(stage);
  const { id: auctionId, leader } = await runningAuction(stage, pick);
  const bidder = pick([...(leader ? [leader, leader, leader] : []), pick(bidders), pick(bidders)]);
  const use = { user: staff, word: "remove-bids", auctionId, bidder };
  await typeControl(stage, use, pick(channels), { reason: "Bids for fun" });
}

/** Bidders try what the builder and staff may do, and the builder what only staff may. */
async function controlOthers(stage: Stage, pick: Pick): Promise<void> {
  const { builder, bidders, channels } = auctionLogOf(stage);
  const { id: auctionId } = await anyAuction(stage, pick);
  const word = pick(["sell", "close", "cancel", "void", "rerun", "extend", "remove-bids"]);
  const channelId = pick(channels);
  if (word !== "remove-bids") {
    const more = word === "extend" ? { by: "1m" } : {};
    await typeControl(stage, { user: pick(bidders), word, auctionId }, channelId, more);
    return;
  }
  const use = { user: pick([builder, ...bidders]), word, auctionId, bidder: pick(bidders) };
  await typeControl(stage, use, channelId, { reason: "Bids for fun" });
}
