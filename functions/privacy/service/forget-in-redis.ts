import type { Redis } from "@upstash/redis";
import { choiceKeysOf } from "../../../shared/autocomplete/suggestions.ts";
import { draftKeysOf } from "../../../shared/discord/draft-key.ts";
import { limitKeysOf } from "../../../shared/limits/limiter.ts";
import { auctionKeys, barKey, commitmentField, noticeField } from "../../auctions/engine/keys.ts";
import type { Deps } from "../deps.ts";

const AUCTION = "auction:";
/** Keys that Redis looks at for one answer. */
const SCANNED = 500;

/** What forgetting in Redis needs. */
export type ForgetInRedisDeps = Pick<Deps, "redis" | "auctions" | "auctionEngine">;

/**
 * Deletes a user's data from Redis. An auction is deleted with everybody's bids, so it is deleted only once
 * Firestore has its end and its last bid; until then only the user's request for a notice is deleted. Idempotency:
 * a repeat deletes what is left.
 */
export async function forgetInRedis(userId: string, deps: ForgetInRedisDeps): Promise<void> {
  const client = await deps.redis();
  await client.del(barKey(userId), ...limitKeysOf(userId));
  for (const pattern of [choiceKeysOf(userId), draftKeysOf(userId)]) {
    for await (const key of keysLike(client, pattern)) await client.del(key);
  }
  for await (const auctionId of auctionIds(client)) {
    const { auction, bids } = auctionKeys(auctionId);
    await client.hdel(auction, noticeField(userId));
    if (!(await hasPart(client, auctionId, userId))) continue;
    if (await isRecorded(auctionId, deps)) await client.del(auction, bids);
  }
}

/** Whether an auction in Redis still names someone, as its builder or by a bid. */
export async function isInRedis(userId: string, { redis }: Pick<Deps, "redis">): Promise<boolean> {
  const client = await redis();
  for await (const auctionId of auctionIds(client)) {
    if (await hasPart(client, auctionId, userId)) return true;
  }
  return false;
}

async function hasPart(client: Redis, auctionId: string, userId: string): Promise<boolean> {
  const { auction } = auctionKeys(auctionId);
  const terms = await client.hget<string>(auction, "terms");
  if (terms?.split(" ")[0] === userId) return true;
  return (await client.hexists(auction, commitmentField(userId))) === 1;
}

/** Redis first: once it takes no more bids, what Firestore has afterwards can only be more. */
async function isRecorded(
  auctionId: string,
  { auctions, auctionEngine }: ForgetInRedisDeps,
): Promise<boolean> {
  const inRedis = await auctionEngine.snapshot(auctionId);
  if (!inRedis || inRedis.status === "live") return false;
  const known = await auctions.get(auctionId);
  if (!known || known.state === "planned" || known.state === "live") return false;
  return (known.recorded?.sequence ?? 0) >= inRedis.sequence;
}

async function* auctionIds(client: Redis): AsyncGenerator<string> {
  for await (const key of keysLike(client, `${AUCTION}*`)) yield key.slice(AUCTION.length);
}

async function* keysLike(client: Redis, match: string): AsyncGenerator<string> {
  let cursor = "0";
  do {
    const [next, keys] = await client.scan(cursor, { match, count: SCANNED });
    yield* keys;
    cursor = String(next);
  } while (cursor !== "0");
}
