import type { Deps } from "../deps.ts";

/** The number of auctions whose currencies an instance remembers. */
const MAX_REMEMBERED = 1000;

export type Currencies = ReturnType<typeof createCurrencies>;

/** The currencies of auctions, which keep theirs when the shop changes its own. Each is read from Redis once per instance. */
export function createCurrencies({
  auctionEngine: engine,
  config,
}: Pick<Deps, "auctionEngine" | "config">) {
  const known = new Map<string, string>();

  return {
    /** Throws what the Redis client throws. What Redis does not have is decided without a currency. */
    async of(auctionId: string): Promise<string> {
      const remembered = known.get(auctionId);
      if (remembered !== undefined) return remembered;
      // Reading changes nothing, so it is retried after one lost answer.
      const read = await engine.currency(auctionId).catch(() => engine.currency(auctionId));
      if (read === undefined) return config.SHOP_CURRENCY;
      if (known.size >= MAX_REMEMBERED) known.clear();
      known.set(auctionId, read);
      return read;
    },
  };
}
