import type { AuctionEngine } from "../../shared/auction/engine.ts";

/** Channels whose auctions an instance remembers. */
const MAX_REMEMBERED = 1000;

/**
 * Which auction runs in a channel: remembered, so that a bid is one Redis command. Whoever finds the
 * auction over asks again with `forget`.
 */
export function createChannelAuctions(engine: Pick<AuctionEngine, "inChannel">) {
  const known = new Map<string, string>();
  return {
    async in(channelId: string): Promise<string | undefined> {
      const remembered = known.get(channelId);
      if (remembered !== undefined) return remembered;
      const found = await engine.inChannel(channelId);
      if (found === undefined) return undefined;
      if (known.size >= MAX_REMEMBERED) known.clear();
      known.set(channelId, found);
      return found;
    },
    forget(channelId: string): void {
      known.delete(channelId);
    },
  };
}
