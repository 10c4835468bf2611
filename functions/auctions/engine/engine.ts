import type { RedisConnection } from "../../../shared/clients/redis.ts";
import { createBidding } from "./bid.ts";
import { createCancelling } from "./cancel.ts";
import { createClosing } from "./close.ts";
import { createExtending } from "./extend.ts";
import { auctionKeys, barKey, channelKey, noticeField } from "./keys.ts";
import { createOpening } from "./open.ts";
import { createReading } from "./read.ts";
import { createRemoving } from "./remove.ts";
import { createVoiding } from "./void.ts";

export type AuctionEngine = ReturnType<typeof createAuctionEngine>;

/**
 * Running auctions in Redis. What a bid does is decided there, one after the other, in one script
 * call each. Methods throw what the Redis client throws; each may be called again.
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

    /** Redis's own time, by which everything about auctions is decided. */
    async now(): Promise<Date> {
      const [seconds, microseconds] = await (await redis()).time();
      return new Date(Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000));
    },

    /** The auction that runs in a channel. */
    async inChannel(channelId: string): Promise<string | undefined> {
      return (await (await redis()).get<string>(channelKey(channelId))) ?? undefined;
    },

    /** Gives a channel an auction, unless another runs there: then it names that. */
    async showIn(channelId: string, auctionId: string): Promise<string> {
      const client = await redis();
      await client.set(channelKey(channelId), auctionId, { nx: true });
      return (await client.get<string>(channelKey(channelId))) ?? auctionId;
    },

    /** No auction runs in a channel any more. */
    async leave(channelId: string): Promise<void> {
      await (await redis()).del(channelKey(channelId));
    },

    /** The next change makes its own task: to be called before anything is read for a board. */
    async clearBoardMark(auctionId: string): Promise<void> {
      await (await redis()).hdel(auctionKeys(auctionId).auction, "board_at");
    },

    /** Turns a bidder's notice of being outbid on or off. Returns whether it is on. */
    async toggleNotice(auctionId: string, bidderId: string): Promise<boolean> {
      const client = await redis();
      const { auction } = auctionKeys(auctionId);
      const field = noticeField(bidderId);
      if ((await client.hdel(auction, field)) > 0) return false;
      await client.hset(auction, { [field]: "1" });
      return true;
    },

    /** Refuses every bid of someone until then, in all auctions. */
    async bar(bidderId: string, until: Date): Promise<void> {
      const untilMs = until.getTime();
      await (await redis()).set(barKey(bidderId), String(untilMs), { pxat: untilMs });
    },

    /** Takes someone's bids again. */
    async lift(bidderId: string): Promise<void> {
      await (await redis()).del(barKey(bidderId));
    },
  };
}
