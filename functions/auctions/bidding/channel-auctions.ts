import type { Deps } from "../deps.ts";

/** The number of channels whose auctions an instance remembers. */
const MAX_REMEMBERED = 1000;

/** The auction of a channel; `isLost` if only the record, and not Redis, knows that it runs there. */
export interface ChannelAuction {
  readonly auctionId: string;
  readonly isLost: boolean;
}

/**
 * Finds the auction that runs in a channel. It is remembered, so that a bid takes one Redis command, and concurrent
 * bids share one lookup. Callers that find the auction over call `forget` and ask again.
 */
export function createChannelAuctions({
  auctionEngine: engine,
  auctions,
}: Pick<Deps, "auctionEngine" | "auctions">) {
  const known = new Map<string, ChannelAuction>();
  const asked = new Map<string, Promise<ChannelAuction | undefined>>();

  async function find(channelId: string): Promise<ChannelAuction | undefined> {
    // A lookup changes nothing, so it is retried after one lost answer.
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

    /** Restores a channel's auction in Redis after that auction has just decided a bid. */
    async repair(channelId: string, auctionId: string): Promise<void> {
      await engine.showIn(channelId, auctionId);
      known.set(channelId, { auctionId, isLost: false });
    },
  };
}
