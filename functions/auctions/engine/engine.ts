import type { RedisConnection } from "../../../shared/clients/redis.ts";
import { createBidding } from "./bids/bid.ts";
import { createRemoving } from "./bids/remove.ts";
import { auctionKeys, barKey, channelKey, noticeField } from "./keys.ts";
import { createCancelling } from "./lifecycle/cancel.ts";
import { createClosing } from "./lifecycle/close.ts";
import { createExtending } from "./lifecycle/extend.ts";
import { createOpening } from "./lifecycle/open.ts";
import { createVoiding } from "./lifecycle/void.ts";
import { createReading } from "./read.ts";

export type AuctionEngine = ReturnType<typeof createAuctionEngine>;

/**
 * Running auctions in Redis, which decides bids one at a time, each in one script call. Methods throw what the Redis
 * client throws, and every method may be retried.
 */
export function createAuctionEngine(redis: RedisConnection) {
  return {
    open: createOpening(redis),
    bid: createBidding(redis),
    close: createClosing(redis),
    cancel: createCancelling(redis),
    extend: createExtending(redis),
    remove: createRemoving(redis),
    void: createVoiding(redis),
    ...createReading(redis),

    /** The time of Redis's clock, by which everything about auctions is decided. */
    async now(): Promise<Date> {
      const [seconds, microseconds] = await (await redis()).time();
      return new Date(Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000));
    },

    /** The id of the auction that runs in a channel. */
    async inChannel(channelId: string): Promise<string | undefined> {
      return (await (await redis()).get<string>(channelKey(channelId))) ?? undefined;
    },

    /** Registers an auction in a channel unless another one is registered; returns the id of the registered one. */
    async showIn(channelId: string, auctionId: string): Promise<string> {
      const client = await redis();
      await client.set(channelKey(channelId), auctionId, { nx: true });
      return (await client.get<string>(channelKey(channelId))) ?? auctionId;
    },

    /** Removes the auction registered in a channel. */
    async leave(channelId: string): Promise<void> {
      await (await redis()).del(channelKey(channelId));
    },

    /** Makes the next change schedule its own board task. Call this before reading anything for a board. */
    async clearBoardMark(auctionId: string): Promise<void> {
      await (await redis()).hdel(auctionKeys(auctionId).auction, "board_at");
    },

    /** Turns a bidder's outbid notifications on or off. Returns whether they are on. Not idempotent. */
    async toggleNotice(auctionId: string, bidderId: string): Promise<boolean> {
      const client = await redis();
      const { auction } = auctionKeys(auctionId);
      const field = noticeField(bidderId);
      if ((await client.hdel(auction, field)) > 0) return false;
      await client.hset(auction, { [field]: "1" });
      return true;
    },

    /** Refuses all bids of a bidder, in all auctions, until the given time. */
    async bar(bidderId: string, until: Date): Promise<void> {
      const untilMs = until.getTime();
      await (await redis()).set(barKey(bidderId), String(untilMs), { pxat: untilMs });
    },

    /** Lifts a bar: accepts the bidder's bids again. */
    async lift(bidderId: string): Promise<void> {
      await (await redis()).del(barKey(bidderId));
    },
  };
}
