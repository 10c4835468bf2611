import type { DocumentSnapshot } from "../../../../shared/ports/database.ts";
import type { PlainAuction } from "../../../models/auction.ts";
import { openDeadLetters } from "../../../operators.ts";
import { messagesTo } from "../../../people.ts";
import { mustEqual, mustHold } from "../../../rules.ts";
import type { Stage } from "../../../stage.ts";
import { isForgotten } from "../../race/messages.ts";
import { type StoredOrder, storedOrders, stripeBooks } from "../../shop/checks/books.ts";
import { auctionLogOf, type Replayed } from "../auction-log.ts";
import { readBoard } from "../board-watch.ts";
import { type StoredAuction, storedAuctions } from "../books.ts";
import { checkLiveness } from "../liveness.ts";
import { replay } from "../replay.ts";
import { checkAnswers } from "./answer.ts";
import { checkBars } from "./bar.ts";
import { checkControls } from "./control.ts";
import { checkFollowing, type Places, sentMessages } from "./follow.ts";

const OPEN = ["reserved", "processing"];
const SOLD = ["paid", "building", "shipped", "delivered"];
const MAX_OFFERS = 3;
/** The maximum delay of tasks once faults have stopped. */
const LATE_MS = 20 * 60_000;
/** The time limit of our requests to Discord: shared/clients/discord/library.ts. */
const REQUEST_LIMIT_MS = 8_000;

/** A1, A3 to A9, A11 to A15, G3, M10, N1, N3, N5 and Liveness of docs/invariants.md. */
export async function checkAuctionRest(stage: Stage): Promise<void> {
  const log = auctionLogOf(stage);
  const orders = await storedOrders(stage);
  const auctions = (await storedAuctions(stage)).map(
    (auction): Replayed => ({
      auction,
      plain: replay(stage, auction),
      losses: log.losses.length,
    }),
  );
  const places = await sentMessages(stage);
  await checkDeadLetters(stage);
  for (const { auction, plain } of auctions) {
    const own = orders.filter(({ id }) => id.startsWith(`auction-${auction.id}-`));
    checkNothingWaits(stage, auction, own);
    checkResult(auction, plain);
    checkOrders(auction, own);
    checkBoards(stage, auction);
    checkMessages(stage, auction, own, places);
  }
  checkPins(stage, auctions);
  checkAsked(stage, orders);
  await checkOfferOrder(stage, auctions);
  await checkMoney(stage, orders);
  checkControls(stage, auctions);
  await checkFollowing(stage, auctions, orders, places);
  await checkBars(stage, auctions, orders);
  checkAnswers(stage, auctions);
  checkLiveness(stage, auctions);
}

async function checkDeadLetters(stage: Stage): Promise<void> {
  mustEqual("G3", "the open dead letters", await openDeadLetters(stage), []);
}

function checkNothingWaits(
  { cloud }: Stage,
  { id, state, endsAtMs = 0, claim, isSettling }: StoredAuction,
  orders: readonly StoredOrder[],
): void {
  const longAgoMs = cloud.clock.nowMs() - LATE_MS;
  mustHold("Liveness", state !== "planned", () => `auction ${id} has not opened`);
  const isDue = state === "live" && endsAtMs < longAgoMs;
  mustHold("Liveness", !isDue, () => `the hammer of auction ${id} has not fallen`);
  if (state !== "sold") {
    const isWaiting = isSettling && endsAtMs < longAgoMs;
    mustHold("Liveness", !isWaiting, () => `auction ${id} is ${state} and not settled`);
    return;
  }
  if (endsAtMs >= longAgoMs) return;
  mustHold("A6", claim !== undefined, () => `nobody was asked to pay for auction ${id}`);
  const order = orders.find((each) => each.id === `auction-${id}-${claim.round}`);
  const isOpen = OPEN.includes(order?.status ?? "");
  const isOffer = claim.state === "offered" && (claim.offerUntilMs ?? 0) > longAgoMs;
  mustHold(
    "Liveness",
    !isSettling || isOffer || (claim.state === "ordered" && isOpen),
    () => `auction ${id} is to be settled: it is ${claim.state}, its order ${order?.status}`,
  );
}

/** A1, A6, A12: winner, price and runners-up match the reference model. */
export function checkResult(auction: StoredAuction, plain: PlainAuction): void {
  const { id, state, runnersUp, isReserveWaived } = auction;
  if (state !== "sold" && state !== "unsold") return;
  const { ranked, price } = plain.now;
  const [leader, ...others] = ranked;
  const isMet = leader !== undefined && leader.highest >= auction.reserve;
  const isWaivedRightly = !isReserveWaived || (leader !== undefined && !isMet && state === "sold");
  mustHold(
    "A6",
    isWaivedRightly,
    () => `the reserve of auction ${id} was waived, though it is met`,
  );
  const reserve = isReserveWaived ? 0 : auction.reserve;
  const isSold = leader !== undefined && leader.highest >= reserve;
  mustEqual("A1", `the outcome of auction ${id}`, state, isSold ? "sold" : "unsold");
  const due = isSold ? Math.max(price, reserve) : price || undefined;
  mustEqual("A6", `the price of auction ${id}`, auction.price, leader && due);
  if (!isSold) return;
  const offered = others.filter(({ highest }) => highest >= reserve);
  mustHold(
    "A6",
    runnersUp.length === Math.min(MAX_OFFERS, offered.length),
    () => `auction ${id} has ${runnersUp.length} runners-up of ${offered.length}`,
  );
  for (const { bidderId, amount } of runnersUp) {
    const own = offered.find(({ bidder }) => bidder === bidderId);
    mustEqual("A6", `what ${bidderId} can have auction ${id} for`, amount, own?.highest);
  }
}

/** A6, A8: at most one order counts, and each is for its buyer's bid. */
export function checkOrders(auction: StoredAuction, orders: readonly StoredOrder[]): void {
  const { id, state, price, leader, runnersUp, claim } = auction;
  const counting = orders.filter(({ status }) => [...OPEN, ...SOLD].includes(status));
  const most = state === "sold" ? 1 : 0;
  mustHold(
    state === "sold" ? "A6" : "A8",
    counting.length <= most,
    () => `auction ${id} is ${state} and has ${counting.length} orders that count`,
  );
  for (const order of orders) {
    const round = Number(order.id.split("-").at(-1));
    const winner = { bidderId: leader, amount: price };
    const { bidderId, amount } = round === 0 ? winner : (runnersUp[round - 1] ?? winner);
    const found = [order.buyer, order.amount - order.shipping - order.tax];
    mustEqual("A6", `whose order ${order.id} is, and for how much`, found, [bidderId, amount]);
    mustHold("A6", round <= (claim?.round ?? -1), () => `order ${order.id} came before its turn`);
  }
}

/** N3: in the end every board shows what is recorded. */
function checkBoards({ cloud, discord }: Stage, auction: StoredAuction): void {
  const { endsAtMs = 0, id, state, price, leader, startPrice, bids, claim } = auction;
  const patterns: Readonly<Record<string, RegExp>> = {
    live: /Live|Going once/,
    unsold: /Unsold/,
    cancelled: /Cancelled/,
    void: /taken back/,
    sold: claim?.state === "over" ? /nobody paid/ : claim?.state === "offered" ? /Offered/ : /SOLD/,
  };
  const longAgoMs = cloud.clock.nowMs() - LATE_MS;
  if (state !== "live" && endsAtMs > longAgoMs) return;
  for (const { channelId, messageId } of auction.boards) {
    const message = discord.messages(channelId).find((each) => each.id === messageId);
    const isSecondChance = claim && claim.round > 0 && ["ordered", "paid"].includes(claim.state);
    if (state === "sold" && isSecondChance) {
      checkSecondChance(JSON.stringify(message?.embeds ?? []), { id, claim });
      continue;
    }
    const board = message && readBoard(message);
    mustHold("N3", board !== undefined, () => `a board of auction ${id} is gone`);
    const shown = [board.price, board.leader, board.bids];
    const recorded = [price ?? startPrice, leader, leader === undefined ? 0 : bids];
    mustEqual("N3", `the board of auction ${id}`, shown, recorded);
    const isRight = patterns[state]?.test(board.description);
    mustHold("N3", isRight === true, () => `auction ${id} is ${state}: "${board.description}"`);
  }
}

/** N3: in the end, the boards of running auctions are pinned and nothing else is. */
function checkPins({ discord, cloud, faults }: Stage, auctions: readonly Replayed[]): void {
  const longAgoMs = cloud.clock.nowMs() - LATE_MS;
  // Discord pinned it after we had given up on the request, tried again and unpinned it.
  const isPinnedLate = (place: string, endsAtMs: number) =>
    faults.slowCalls.some(
      ({ what, fromMs, toMs }) =>
        what === `discord PUT /channels/${place}` &&
        toMs - fromMs > REQUEST_LIMIT_MS &&
        toMs > endsAtMs,
    );
  const excused = new Set<string>();
  for (const { auction } of auctions) {
    const { id, state, openedAtMs = 0, endsAtMs = 0, boards } = auction;
    const isRunning = state === "live";
    if (isRunning && openedAtMs > longAgoMs) continue;
    for (const { channelId, messageId } of boards) {
      if (!isRunning && isPinnedLate(`${channelId}/messages/pins/${messageId}`, endsAtMs)) {
        excused.add(messageId);
        continue;
      }
      const isPinned = discord.pins(channelId).some((message) => message.id === messageId);
      const what = `whether the board of auction ${id}, which is ${state}, is pinned`;
      mustEqual("N3", what, isPinned, isRunning);
    }
  }
  const channels = new Set(
    auctions.flatMap(({ auction }) => auction.boards.map((each) => each.channelId)),
  );
  for (const channelId of channels) {
    const pinned = discord.pins(channelId).filter(({ id }) => !excused.has(id)).length;
    mustHold("N3", pinned <= 1, () => `${pinned} messages are pinned in ${channelId}`);
  }
}

/** A board of a second chance shows its price and buyer, and nothing of the earlier bids. */
function checkSecondChance(
  text: string,
  { id, claim }: { readonly id: string; readonly claim: NonNullable<StoredAuction["claim"]> },
): void {
  const amount = (claim.amount / 100).toLocaleString("en-US", { minimumFractionDigits: 2 });
  const isRight = text.includes(`$${amount}`) && text.includes(`<@${claim.bidderId}>`);
  mustHold("N3", isRight && !text.includes("Leading"), () => `auction ${id} shows ${text}`);
}

/** N1: each buyer with an order to pay was notified once, also of its end, and nobody else was. */
function checkMessages(
  stage: Stage,
  { id, state, leader }: StoredAuction,
  orders: readonly StoredOrder[],
  places: Places,
): void {
  if (state === "unsold" || state === "cancelled" || !leader) return;
  const { silent } = auctionLogOf(stage);
  for (const order of orders.filter(({ buyer }) => buyer !== silent)) {
    const asked = askedToPay(stage, order);
    const isToPay = OPEN.includes(order.status);
    mustHold(
      "N1",
      !isToPay || asked.length > 0,
      () => `the buyer of order ${order.id} was not notified`,
    );
    mustHold("N1", asked.length <= 1, () => `the buyer of order ${order.id} was notified twice`);
    const isOver = ["expired", "cancelled"].includes(order.status) && state === "sold";
    if (isOver) {
      mustHold(
        "N1",
        asked.length === 0 || isLinkUnrecorded(order, places),
        () => `the buyer of order ${order.id}, which is ${order.status}, is still asked to pay`,
      );
    }
    const receipts = messagesTo(stage, order.buyer).filter(
      (text) => text.includes("Receipt") && text.includes(order.id),
    );
    const what = `whether the buyer of order ${order.id} of auction ${id} has a receipt`;
    mustEqual("N1", what, receipts.length > 0, order.isPaid);
  }
}

/**
 * Whether nobody knows where an order's link was sent. The instance that sent it ended before it recorded the message,
 * the buyer paid by debit before the next one tried, and their bank refused. Only that cancels an order with a link.
 */
function isLinkUnrecorded({ id, status }: StoredOrder, places: Places): boolean {
  const key = id.replace(/^auction-(\d+)-(\d)$/, "auction-won:$1:$2");
  return status === "cancelled" && !places.has(key);
}

/** N5: nobody is asked to pay for what somebody else has won. */
function checkAsked(stage: Stage, orders: readonly StoredOrder[]): void {
  const { bidders, crowd, silent } = auctionLogOf(stage);
  for (const user of [...bidders, ...crowd].filter((each) => each !== silent)) {
    const own = orders.filter(({ buyer }) => buyer === user);
    const asked = own.flatMap((order) => askedToPay(stage, order));
    // Before Stripe makes the link, the winner reads that the item is theirs, which asks for nothing yet.
    const found = recordedDms(stage, user).filter(({ content }) =>
      /is yours for .*Pay now/s.test(content),
    );
    mustHold("N5", found.length <= asked.length, () => `${user} is asked to pay without an order`);
  }
}

/** The current messages that ask an order's buyer to pay. */
function askedToPay(stage: Stage, { buyer, sessionId }: StoredOrder): readonly unknown[] {
  return recordedDms(stage, buyer).filter(
    ({ content, components }) =>
      sessionId !== undefined &&
      content.includes("is yours for") &&
      JSON.stringify(components).includes(sessionId),
  );
}

/** Someone's DMs, without those that were sent again because an instance ended before it recorded them. */
function recordedDms({ discord }: Stage, user: string) {
  const dms = discord.dms(user);
  return dms.filter((dm) => !dms.some((copy) => isForgotten(copy, dm)));
}

/**
 * A12, as far as it is certain: bidders who had paid for something while the auction was live come
 * before those who never paid.
 */
export async function checkOfferOrder(stage: Stage, auctions: readonly Replayed[]): Promise<void> {
  const { docs } = await stage.database.collection("orders").get();
  const paidMs = (order: DocumentSnapshot) =>
    (order.get("paid_at") as { toMillis(): number } | null | undefined)?.toMillis();
  const paid = docs.flatMap((order) => {
    const atMs = paidMs(order);
    return atMs === undefined ? [] : [{ buyer: String(order.get("buyer_id")), atMs }];
  });
  for (const { auction } of auctions) {
    const { liveAtMs = 0 } = auctionLogOf(stage).seen.get(auction.id) ?? {};
    const names = auction.runnersUp.map(({ bidderId }) => bidderId);
    const last = names.findLastIndex((name) =>
      paid.some(({ buyer, atMs }) => buyer === name && atMs < liveAtMs),
    );
    const never = names
      .slice(0, Math.max(0, last))
      .filter((name) => !paid.some(({ buyer }) => buyer === name));
    mustHold("A12", never.length <= 1, () => `auction ${auction.id} offers ${names}`);
  }
}

/** A6, M1: each charge has its order's price, and charges without an order are refunded. */
async function checkMoney(stage: Stage, orders: readonly StoredOrder[]): Promise<void> {
  const { sales } = await stripeBooks(stage);
  for (const sale of sales) {
    const order = orders.find(({ id }) => id === sale.orderId);
    mustEqual("A6", `what was charged for order ${order?.id}`, sale.amount, order?.amount);
    const kept = SOLD.includes(order?.status ?? "") ? order?.refunded : sale.amount;
    mustEqual(
      "M1",
      `what went back of charge ${sale.id} of order ${order?.id}, which is ${order?.status}`,
      sale.gone,
      kept,
    );
  }
}
