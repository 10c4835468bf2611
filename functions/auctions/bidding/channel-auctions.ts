import type { Deps } from "../deps.ts";

/** Channels whose auctions an instance remembers. */
const MAX_REMEMBERED = 1000;

/** The auction of a channel; `isLost` where only the record knows that it runs there. */
export interface ChannelAuction {
  readonly auctionId: string;
  readonly isLost: boolean;
}

/**
 * Which auction runs in a channel: remembered, so that a bid is one Redis command, and asked for once by all
 * that wait for it at the same time. Whoever finds the auction over asks again with `forget`.
 */
export function createChannelAuctions({
  auctionEngine: engine,
  auctions,
}: Pick<Deps, "auctionEngine" | "auctions">) {
  const known = new Map<string, ChannelAuction>();
  const asked = new Map<string, Promise<ChannelAuction | undefined>>();

  async function find(channelId: string): Promise<ChannelAuction | undefined> {
    // Asking changes nothing, so one lost answer is no reason to refuse a bid.
    const found = await engine.inChannel(channelId).catch(() => engine.inChannel(channelId));
    const lost = found === undefined ? await auctions.runningIn(channelId) : undefined;
    const auctionId = found ?? lost;
    if (auctionId === undefined) return undefined;
    if (known.size >= MAX_REMEMBERED) known.clear();
    const auction = { auctionId, isLost: found === undefined };
    known.set(channelId, auction);
    return auction;
  }

  return {
    async in(channelId: string): Promise<ChannelAuction | undefined> {
      const remembered = known.get(channelId);
      if (remembered) return remembered;
      const other = asked.get(channelId);
      if (other) return other;
      const finding = find(channelId).finally(() => asked.delete(channelId));
      asked.set(channelId, finding);
      return finding;
    },

    forget(channelId: string): void {
      known.delete(channelId);
    },

    /** Gives a channel back its auction, which has just decided a bid. */
    async repair(channelId: string, auctionId: string): Promise<void> {
      await engine.showIn(channelId, auctionId);
      known.set(channelId, { auctionId, isLost: false });
    },
  };
}
