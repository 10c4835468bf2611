import type { Redis } from "@upstash/redis";
import { redisOf } from "../clients/redis.ts";
import type { TestCloud } from "../cloud.ts";
import { everyDocument } from "./documents.ts";

/** Firestore, and Redis if the settings name it. */
type Place = Pick<TestCloud, "firestore" | "fetch"> & {
  readonly settings: TestCloud["settings"] | undefined;
};

/** Everything stored: each document with its path, and each key of Redis, as text. */
export async function everything({ firestore, settings, fetch }: Place): Promise<string[]> {
  const documents = (await everyDocument(firestore)).map(
    (document) => `${document.ref.path} ${JSON.stringify(document.data())}`,
  );
  return [...documents, ...(settings ? await keysOf({ settings, fetch }) : [])];
}

async function keysOf(place: Pick<TestCloud, "settings" | "fetch">): Promise<string[]> {
  const redis = await redisOf(place)();
  const keys = await redis.keys("*");
  return Promise.all(keys.map(async (key) => `${key} ${await contentOf(redis, key)}`));
}

/** Where any of these words occurs. */
export async function tracesOf(words: readonly string[], place: Place): Promise<string[]> {
  return (await everything(place)).filter((text) => words.some((word) => text.includes(word)));
}

async function contentOf(redis: Redis, key: string): Promise<string> {
  const kind = await redis.type(key);
  const read: Readonly<Record<string, () => Promise<unknown>>> = {
    string: () => redis.get(key),
    hash: () => redis.hgetall(key),
    stream: () => redis.xrange(key, "-", "+"),
    zset: () => redis.zrange(key, 0, -1, { withScores: true }),
  };
  const value = read[kind];
  if (!value) throw new Error(`Nobody knows how to read ${kind} ${key}.`);
  return JSON.stringify(await value());
}
