import type { Deps } from "../deps.ts";

/** The number of auctions whose currencies an instance remembers. */
const MAX_REMEMBERED = 1000;
/** A bid does not wait longer than this for the record. */
const READ_DEADLINE_MS = 300;

export type Currencies = ReturnType<typeof createCurrencies>;

/**
 * The currencies of auctions, which keep theirs when the shop changes its own. Each is read once per instance; while
 * the record does not answer in time, the shop's currency is taken.
 */
export function createCurrencies({
  auctions,
  clock,
  config,
  log,
}: Pick<Deps, "auctions" | "clock" | "config" | "log">) {
  const known = new Map<string, string>();
  const asked = new Map<string, Promise<string>>();

  async function read(auctionId: string): Promise<string> {
    try {
      const auction = await auctions.get(auctionId);
      if (!auction) return config.SHOP_CURRENCY;
      if (known.size >= MAX_REMEMBERED) known.clear();
      known.set(auctionId, auction.currency);
      return auction.currency;
    } catch (error) {
      const why = String(error);
      log.warn("The currency of an auction could not be read", { auction: auctionId, why });
      return config.SHOP_CURRENCY;
    }
  }

  return {
    async of(auctionId: string): Promise<string> {
      const remembered = known.get(auctionId);
      if (remembered !== undefined) return remembered;
      const reading =
        asked.get(auctionId) ?? read(auctionId).finally(() => asked.delete(auctionId));
      asked.set(auctionId, reading);
      const late = clock.sleep(READ_DEADLINE_MS).then(() => config.SHOP_CURRENCY);
      return Promise.race([reading, late]);
    },
  };
}
