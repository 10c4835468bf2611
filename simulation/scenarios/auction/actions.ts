import { nextAfter } from "../../models/auction.ts";
import { press } from "../../people.ts";
import type { Stage } from "../../stage.ts";
import type { Action, Pick } from "../scenario.ts";
import { storedOrders } from "../shop/checks/books.ts";
import { auctionLogOf, type ClaimPress } from "./auction-log.ts";
import {
  anyAuction,
  customIdsOf,
  isLive,
  makeBid,
  pressBid,
  runningAuction,
  typeBid,
} from "./bidding.ts";
import { openBooks } from "./books.ts";
import { machineActions } from "./machine.ts";
import { steppingIn, typeControl } from "./stepping-in.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A long war checks after this many bids whether the auction is still open. */
const LOOKED_EVERY = 20;
/** The maximum time that someone waits for the end. */
const PATIENCE_MS = 10 * 60_000;

/** Actions at auctions and their weights. */
export const auctionActions: readonly Action[] = [
  { name: "start an auction", weight: 12, perform: start },
  { name: "bid", weight: 14, perform: bid },
  { name: "two bids in one tick", weight: 8, perform: bidTogether },
  { name: "bidding war", weight: 16, perform: biddingWar },
  { name: "long bidding war", weight: 3, perform: longWar },
  { name: "bid in the last moment", weight: 12, perform: bidLate },
  { name: "press an old button", weight: 7, perform: pressOld },
  { name: "bid in an auction that is over", weight: 3, perform: bidAfterwards },
  { name: "ask to be told", weight: 3, perform: askForNotice },
  { name: "show it elsewhere", weight: 3, perform: showElsewhere },
  {
    name: "cancel",
    weight: 2,
    perform: (stage, pick) => useControl(stage, pick, "cancel", ["live"]),
  },
  {
    name: "void",
    weight: 3,
    perform: (stage, pick) => useControl(stage, pick, "void", ["sold", "unsold"]),
  },
  {
    name: "run it again",
    weight: 3,
    perform: (stage, pick) =>
      useControl(stage, pick, "rerun", ["unsold", "cancelled", "void", "sold"]),
  },
  { name: "pay", weight: 10, perform: pay },
  { name: "the bank answers a debit", weight: 3, perform: settleBankDebit },
  { name: "press Claim or Buy", weight: 8, perform: pressClaim },
  { name: "lift a bar", weight: 1, perform: lift },
  {
    name: "a day passes",
    weight: 3,
    perform: () => undefined,
    passesMs: async () => DAY_MS + HOUR_MS,
  },
  ...machineActions,
  ...steppingIn,
];

async function start(stage: Stage, pick: Pick): Promise<void> {
  const { builder, channels } = auctionLogOf(stage);
  const channelId = pick(channels);
  const [reserve, increment, counterBid] = pick([
    [undefined, undefined, undefined],
    [undefined, undefined, undefined],
    ["45", undefined, 0],
    [undefined, "2.50", 60],
    ["20.10", "0.01", 10],
  ] as const);
  await stage.discord.client.command(stage.endpoint, {
    user: builder,
    channelId,
    name: "c500 auction start",
    options: {
      title: "Brass C500",
      price: pick(["20", "49.99", "1"]),
      duration: pick(["30s", "30s", "45s", "2m", "5m", "1h"]),
      payment: pick(["split", "held"]),
      ...(reserve && { reserve: String(Math.max(50, Number(reserve))) }),
      ...(increment && { increment }),
      ...(counterBid !== undefined && { counter_bid: counterBid }),
    },
  });
}

async function bid(stage: Stage, pick: Pick): Promise<void> {
  await makeBid(stage, pick, await runningAuction(stage, pick));
}

async function bidTogether(stage: Stage, pick: Pick): Promise<void> {
  const auction = await runningAuction(stage, pick);
  await Promise.all([makeBid(stage, pick, auction), makeBid(stage, pick, auction)]);
}

async function biddingWar(stage: Stage, pick: Pick): Promise<void> {
  const { id } = await runningAuction(stage, pick);
  const bids = pick([4, 8, 16, 30]);
  const paces = pick([
    [0, 0, 5, 100, 300],
    [0, 400, 900, 1100, 2500],
    [1000, 2000, 3000, 6000],
  ]);
  for (let made = 0; made < bids; made += 1) {
    const auctions = await stage.withoutFaults(() => openBooks(stage));
    const now = auctions.find((auction) => auction.id === id && auction.state === "live");
    if (!now) return;
    void makeBid(stage, pick, now).catch(() => undefined);
    await stage.cloud.clock.sleep(pick(paces));
  }
}

/** Everyone bids one after another, each above the last bid. */
async function longWar(stage: Stage, pick: Pick): Promise<void> {
  const { clock } = stage.cloud;
  const { crowd } = auctionLogOf(stage);
  const { id, boards, increment, price, startPrice } = await runningAuction(stage, pick);
  const { channelId } = pick(boards);
  const aSecond = pick([5, 8, 12, 16, 20]);
  const bids = pick([60, 150, 300]);
  let amount = price === undefined ? startPrice : nextAfter(price, increment);
  for (let made = 0; made < bids; made += 1) {
    if (made % LOOKED_EVERY === 0 && !(await isLive(stage, id))) return;
    const bidder = crowd[made % crowd.length] ?? "";
    void typeBid(stage, bidder, channelId, { amount, max: 0 }).catch(() => undefined);
    amount = nextAfter(amount, increment);
    await clock.sleep((1000 / aSecond) * pick([0.2, 0.6, 1, 1.4, 1.8]));
  }
}

async function bidLate(stage: Stage, pick: Pick): Promise<void> {
  const { clock } = stage.cloud;
  const running = await stage.withoutFaults(() => openBooks(stage));
  const { id, endsAtMs = 0 } = pick(
    running.filter(
      (auction) =>
        auction.state === "live" && (auction.endsAtMs ?? 0) - clock.nowMs() < PATIENCE_MS,
    ),
  );
  const leftMs = endsAtMs - clock.nowMs();
  const earlyMs = pick([9_000, 4_000, 1_000, 400, 100, 10, 0, -10, -150, -600]);
  await clock.sleep(Math.max(0, leftMs - earlyMs));
  const auctions = await stage.withoutFaults(() => openBooks(stage));
  const now = auctions.find((auction) => auction.id === id);
  if (now) await makeBid(stage, pick, now);
}

/** A button of an answer that somebody received earlier. */
async function pressOld(stage: Stage, pick: Pick): Promise<void> {
  const { bids } = auctionLogOf(stage);
  const buttons = bids.slice(-30).flatMap(({ id, bidder }) => {
    const answer = stage.discord.interaction(id);
    const message = answer?.original;
    return customIdsOf(message?.components).map((customId) => ({
      bidder,
      customId,
      message: message?.id ?? "",
      channelId: answer?.channelId ?? "",
    }));
  });
  await pressBid(stage, pick(buttons));
}

async function bidAfterwards(stage: Stage, pick: Pick): Promise<void> {
  const { bidders, channels } = auctionLogOf(stage);
  const auction = await anyAuction(stage, pick);
  if (auction.state === "live") throw new Error("It runs.");
  const sum = { amount: (auction.price ?? auction.startPrice) + 1000, max: 0 };
  await typeBid(stage, pick(bidders), pick(channels), sum);
}

async function askForNotice(stage: Stage, pick: Pick): Promise<void> {
  const { id, boards } = await runningAuction(stage, pick);
  const { channelId, messageId: message } = pick(boards);
  await press(stage, pick(auctionLogOf(stage).bidders), `bid-notify:${id}`, { channelId, message });
}

async function showElsewhere(stage: Stage, pick: Pick): Promise<void> {
  const { builder, channels } = auctionLogOf(stage);
  const { id } = await runningAuction(stage, pick);
  await stage.discord.client.command(stage.endpoint, {
    user: builder,
    channelId: pick(channels),
    name: "c500 auction show",
    options: { auction: id },
  });
}

async function useControl(
  stage: Stage,
  pick: Pick,
  word: string,
  states: readonly string[],
): Promise<void> {
  const { builder, channels } = auctionLogOf(stage);
  const auctions = await stage.withoutFaults(() => openBooks(stage));
  const auction = pick(auctions.filter(({ state }) => states.includes(state)));
  await typeControl(stage, { user: builder, word, auctionId: auction.id }, pick(channels));
}

async function pickOrder(stage: Stage, pick: Pick, ...statuses: string[]) {
  const orders = await stage.withoutFaults(() => storedOrders(stage));
  return pick(orders.filter(({ status }) => statuses.includes(status)));
}

/** Includes payments after the reservation has ended. */
async function pay(stage: Stage, pick: Pick): Promise<void> {
  const order = await pickOrder(stage, pick, "reserved", "expired", "cancelled");
  const how = pick(["card", "card", "card", "declined", "bank-debit"] as const);
  stage.stripe.pay(order.sessionId ?? "", how);
}

async function settleBankDebit(stage: Stage, pick: Pick): Promise<void> {
  const order = await pickOrder(stage, pick, "processing");
  stage.stripe.settleBankDebit(order.sessionId ?? "", pick(["succeeded", "succeeded", "failed"]));
}

/** How often, and for how long, a buyer checks for their turn to buy. */
const LOOKED_MS = 30_000;
const TURN_WITHIN_MS = 45 * 60_000;

/** Presses a button in the channel or in a DM once it exists; also people without permission. */
async function pressClaim(stage: Stage, pick: Pick): Promise<void> {
  const { clock } = stage.cloud;
  const untilMs = clock.nowMs() + TURN_WITHIN_MS;
  while (turnsToBuy(stage).length === 0 && clock.nowMs() < untilMs) await clock.sleep(LOOKED_MS);
  // Once faults have stopped nobody acts any more.
  if (stage.faults.isQuiet) return;
  const { bidders } = auctionLogOf(stage);
  const { whose, customId, ...place } = pick(turnsToBuy(stage));
  const user = whose ?? pick(bidders);
  const claimPress: ClaimPress = { user, customId, id: undefined };
  auctionLogOf(stage).claimPresses.push(claimPress);
  claimPress.id = (await press(stage, user, customId, place)).id;
}

/**
 * Buttons for buying, in DMs and in channels. Each button in a channel is listed twice: for the user
 * it pings and for anyone.
 */
function turnsToBuy(stage: Stage) {
  const { discord } = stage;
  const { channels, bidders, crowd } = auctionLogOf(stage);
  const own = [...bidders, ...crowd].flatMap((whose) =>
    discord
      .dms(whose)
      .flatMap(({ id: message, channel_id: channelId, components }) =>
        customIdsOf(components).map((customId) => ({ whose, customId, channelId, message })),
      ),
  );
  const posted = channels.flatMap((channelId) =>
    discord
      .messages(channelId)
      .flatMap(({ id: message, components, pinged }) =>
        customIdsOf(components).flatMap((customId) =>
          [pinged.users[0], undefined].map((whose) => ({ whose, customId, channelId, message })),
        ),
      ),
  );
  return [...own, ...posted].filter(({ customId }) => /^auction-(?:claim|accept):/.test(customId));
}

async function lift(stage: Stage, pick: Pick): Promise<void> {
  const { builder, bidders, channels } = auctionLogOf(stage);
  await stage.discord.client.command(stage.endpoint, {
    user: builder,
    channelId: pick(channels),
    name: "c500 auction lift",
    options: { bidder: pick(bidders) },
  });
}
