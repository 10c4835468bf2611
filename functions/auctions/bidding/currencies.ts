import type { Deps } from "../deps.ts";

/** The number of auctions whose currencies an instance remembers. */
const MAX_REMEMBERED = 1000;

export type Currencies = ReturnType<typeof createCurrencies>;

/**
 * The currencies of auctions, which keep theirs when the shop changes its own. Each is remembered. It is read from
 * Redis, and from the record if Redis has lost it.
 */
export function createCurrencies({
  auctionEngine: engine,
  auctions,
  config,
}: Pick<Deps, "auctionEngine" | "auctions" | "config">) {
  const known = new Map<string, string>();

  return {
    /** Throws what the clients throw. */
    async of(auctionId: string): Promise<string> {
      const remembered = known.get(auctionId);
      if (remembered !== undefined) return remembered;
      // Reading changes nothing, so it is retried after one lost answer.
      const found = await engine.currency(auctionId).catch(() => engine.currency(auctionId));
      const read = found ?? (await auctions.get(auctionId))?.currency;
      // There is no such auction, which decides the bid.
      if (read === undefined) return config.SHOP_CURRENCY;
      if (known.size >= MAX_REMEMBERED) known.clear();
      known.set(auctionId, read);
      return read;
    },
  };
}
