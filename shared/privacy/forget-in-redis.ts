import type { Redis } from "@upstash/redis";
import { auctionKeys, BARRED_KEY, noticeField } from "../auction/keys.ts";
import type { Deps } from "../runtime/deps.ts";

/** What autocomplete has offered someone, and the forms they sent. */
const CHOICES = ["order", "sold", "drop", "auction", "lobby"].map((name) => `${name}-choices`);
const DRAFTS = "drop-draft";
const AUCTION = "auction:";
/** Keys that Redis looks at for one answer. */
const SCANNED = 500;

/**
 * Deletes what Redis has of someone. Of auctions that are over nothing is needed there: their record is
 * in Firestore. Of one that runs only their wish to be told goes; nobody is forgotten who bids in one.
 */
export async function forgetInRedis(userId: string, { redis }: Pick<Deps, "redis">): Promise<void> {
  const client = await redis();
  await client.del(...CHOICES.map((name) => `${name}:${userId}`));
  await client.hdel(BARRED_KEY, userId);
  for await (const key of keysLike(client, `${DRAFTS}:${userId}:*`)) await client.del(key);
  for await (const key of keysLike(client, `${AUCTION}*`)) {
    await forgetInAuction(client, key.slice(AUCTION.length), userId);
  }
}

async function forgetInAuction(client: Redis, auctionId: string, userId: string): Promise<void> {
  const { auction, bids, bidders } = auctionKeys(auctionId);
  await client.hdel(auction, noticeField(userId));
  const status = await client.hget<string>(auction, "status");
  if (status === "live") return;
  const terms = await client.hget<string>(auction, "terms");
  const isSeller = terms?.split(" ")[0] === userId;
  const isBidder = (await client.zscore(bidders, userId)) !== null;
  if (isSeller || isBidder) await client.del(auction, bids, bidders);
}

async function* keysLike(client: Redis, match: string): AsyncGenerator<string> {
  let cursor = "0";
  do {
    const [next, keys] = await client.scan(cursor, { match, count: SCANNED });
    yield* keys;
    cursor = String(next);
  } while (cursor !== "0");
}
