import { snowflakeTimeMs } from "../../../../shared/discord/snowflake.ts";
import { mustEqual, mustHold } from "../../../rules.ts";
import type { Stage } from "../../../stage.ts";
import type { StoredOrder } from "../../shop/checks/books.ts";
import { auctionLogOf, type Replayed } from "../auction-log.ts";
import type { StoredAuction } from "../books.ts";

/** The platform's default fee is one part in this many. */
const FEE_OF = 20;
/** Names of messages with a button for a turn to buy. */
const TURN = /^auction-(claim|offered|offer):(\d+):(\d)$/;
const OUTBID = /^outbid:(\d+):(\d+)$/;

/** The location of each recorded message, by name. */
export type Places = ReadonlyMap<
  string,
  { readonly channelId: string; readonly messageId: string }
>;

/** A6, M10, N1, N3 and N5 of docs/invariants.md for what follows the hammer and being outbid. */
export async function checkFollowing(
  stage: Stage,
  auctions: readonly Replayed[],
  orders: readonly StoredOrder[],
  places: Places,
): Promise<void> {
  checkTurns(stage, auctions, places);
  checkOutbid(stage, auctions, places);
  for (const each of auctions) checkRemoved(stage, each, places);
  for (const { auction } of auctions) checkNotices(stage, auction, orders, places);
  for (const order of orders) {
    mustEqual("M10", `the fee of order ${order.id}`, order.fee, Math.floor(order.amount / FEE_OF));
  }
  checkPages(stage, orders);
  checkAccepted(stage, orders);
}

/** All recorded messages. */
export async function sentMessages({ database }: Stage): Promise<Places> {
  const { docs } = await database.collection("processed").get();
  return new Map(
    docs.map((sent) => [
      sent.id,
      { channelId: String(sent.get("channel_id")), messageId: String(sent.get("message_id")) },
    ]),
  );
}

/** N3: no message still has a button for a turn that is over. */
function checkTurns({ discord }: Stage, auctions: readonly Replayed[], places: Places): void {
  for (const [key, { channelId, messageId }] of places) {
    const [, kind, auctionId, round] = TURN.exec(key) ?? [];
    const auction = auctions.find((each) => each.auction.id === auctionId)?.auction;
    if (!auction?.claim) continue;
    const { claim, state } = auction;
    const isOpenKind = kind === "claim" ? claim.state === "ordered" : claim.state === "offered";
    const isOpen = state === "sold" && claim.round === Number(round) && isOpenKind;
    const message = discord.messages(channelId).find(({ id }) => id === messageId);
    const buttons = JSON.stringify(message?.components ?? []);
    mustHold(
      "N3",
      isOpen || !/"custom_id"/.test(buttons),
      () => `${key} still has its button, but auction ${auctionId} is ${state}, ${claim.state}`,
    );
  }
}

/** N5: an outbid notice goes to the previous leader. */
function checkOutbid(stage: Stage, auctions: readonly Replayed[], places: Places): void {
  for (const [key, { channelId }] of places) {
    const [, auctionId, sequence] = OUTBID.exec(key) ?? [];
    const plain = auctions.find((each) => each.auction.id === auctionId)?.plain;
    const [leader] = plain?.moments[Number(sequence) - 1]?.ranked ?? [];
    if (leader) mustEqual("N5", `where ${key} was sent`, channelId, dmOf(stage, leader.bidder));
  }
}

/**
 * A16, N1, N5: once someone's bids are removed, they, the channels and the new leader are notified; a leader who has
 * changed since may have been notified otherwise.
 */
function checkRemoved(stage: Stage, { auction, plain }: Replayed, places: Places): void {
  const { silent } = auctionLogOf(stage);
  const mayRefuse = stage.swarm.kinds.has("discord refuses messages");
  for (const [index, { kind, bidId, bidder, atMs }] of auction.record.entries()) {
    if (kind !== "removal") continue;
    const placeOf = (key: string) => places.get(key)?.channelId ?? null;
    if (bidder !== silent) {
      const key = `bids-removed:${bidId}`;
      mustEqual("N1", `where ${key} was sent`, placeOf(key), dmOf(stage, bidder));
    }
    for (const { channelId, messageId } of auction.boards) {
      if (mayRefuse || snowflakeTimeMs(messageId) > atMs) continue;
      const key = `bids-removed:${bidId}:${channelId}`;
      mustEqual("A16", `where ${key} was sent`, placeOf(key), channelId);
    }
    const [before] = plain.moments[index]?.ranked ?? [];
    const [leader] = plain.moments[index + 1]?.ranked ?? [];
    const key = `leading-again:${bidId}`;
    const isNew = leader !== undefined && leader.bidder !== before?.bidder;
    const isLast = index === auction.record.length - 1;
    if (isNew && leader.bidder !== silent && (isLast || placeOf(key) !== null)) {
      mustEqual("A16", `where ${key} was sent`, placeOf(key), dmOf(stage, leader.bidder));
    }
    mustHold("N5", isNew || placeOf(key) === null, () => `${key} was sent, but nobody leads anew`);
  }
}

/** N1: the builder is notified that nobody bought, and the winner that the result was withdrawn. */
function checkNotices(
  stage: Stage,
  { id, state, claim, isSettling }: StoredAuction,
  orders: readonly StoredOrder[],
  places: Places,
): void {
  const { builder, silent } = auctionLogOf(stage);
  const mustBeAt = (keys: readonly string[], user: string) => {
    const found = keys.map((key) => places.get(key)?.channelId).find((place) => place);
    mustEqual("N1", `where one of ${keys} was sent`, found ?? null, dmOf(stage, user));
  };
  if (state === "unsold" && !isSettling) mustBeAt([`auction-unsold:${id}`], builder);
  if (state === "sold" && claim?.state === "over" && !isSettling) {
    mustBeAt([`auction-unpaid:${id}`, `auction-no-page:${id}:builder`], builder);
  }
  const isAsked = claim?.state === "ordered" || claim?.state === "offered";
  if (state !== "void" || !isAsked || claim.bidderId === silent) return;
  const order = orders.find((each) => each.id === `auction-${id}-${claim.round}`);
  if (!order?.chargeId) mustBeAt([`auction-void:${id}`], claim.bidderId);
}

/** N5: the Checkout link goes to the winner. */
function checkPages(stage: Stage, orders: readonly StoredOrder[]): void {
  for (const { id, user } of auctionLogOf(stage).claimPresses) {
    const seen = id === undefined ? undefined : stage.discord.interaction(id);
    const answer = JSON.stringify(seen?.original?.components ?? []);
    const order = orders.find(({ sessionId }) => sessionId && answer.includes(sessionId));
    const isTheirs = order === undefined || order.buyer === user;
    mustHold("N5", isTheirs, () => `${user} got the Checkout link of order ${order?.id}`);
  }
}

/** A6: nobody has an order for an offer that they did not accept. */
function checkAccepted(stage: Stage, orders: readonly StoredOrder[]): void {
  const { claimPresses } = auctionLogOf(stage);
  for (const { id, buyer } of orders) {
    const [, offer, round] = /^auction-(\d+-(\d))$/.exec(id) ?? [];
    if (offer === undefined || round === "0") continue;
    const has = claimPresses.some(
      ({ user, customId }) => user === buyer && customId === `auction-accept:${offer}`,
    );
    mustHold("A6", has, () => `order ${id} is of ${buyer}, who has accepted nothing`);
  }
}

/** A user's DM channel; undefined if there is none. */
function dmOf({ discord }: Stage, user: string): string | undefined {
  return discord.dms(user)[0]?.channel_id;
}
