import { afterAll, beforeAll, beforeEach, expect } from "@jest/globals";
import { community, startTestCloud, type TestCloud } from "../../support/cloud.ts";
import { shoppers } from "../../support/shop/shop.ts";

const MANAGE_SERVER = String(1n << 5n);

/** What `useOutsideIds` gives a test file. */
export let cloud: TestCloud;
/** Someone who may use everything and is live: a refusal before the id is read would prove nothing. */
export let builder: { id: string; login: string };

/** Starts a cloud for a test file about ids that come from outside. */
export function useOutsideIds(): void {
  beforeAll(async () => {
    cloud = await startTestCloud();
    builder = await shoppers(cloud).builder({ isLive: true });
    const { id, login } = builder;
    cloud.discord.addUser({ id, username: login, permissions: MANAGE_SERVER });
  });
  afterAll(() => cloud.stop());
  beforeEach(async () => {
    // Discord limits posts to a channel per five seconds.
    await cloud.clock.advance(5000);
  });
}

/** Ids that Firestore reserves, or would read as another path. */
export const BAD_IDS = ["__x__", ".", "..", "a/b", " ", `${"x".repeat(2000)}`];

/** The lines of the log that report an error. */
export const trouble = () => cloud.logLines.filter((line) => line.includes('"severity":"ERROR"'));
/** What is stored for the operators. */
export const deadLetters = async () => {
  const { docs } = await cloud.firestore.collection("dead_letters").get();
  return docs.map((document) => document.data());
};

/** Sends an interaction and expects an explanation, no dead letter, and no redelivery. */
export async function expectWords(type: number, data: object) {
  const before = trouble().length;
  const use = { user: builder.id, channelId: community.generalChannelId, type, data };
  const seen = await cloud.discord.client.raw(cloud.url("discord-interactions"), use);
  await cloud.settle();
  expect(seen.failure).toBeUndefined();
  const now = JSON.stringify(seen.response);
  const later = cloud.discord.interaction(seen.id)?.original;
  expect(`${now}${later?.content ?? ""}${JSON.stringify(later?.embeds ?? [])}`).toMatch(/\w \w/);
  if (now.includes('"type":5')) expect(later?.content || later?.embeds.length).toBeTruthy();
  expect(await deadLetters()).toEqual([]);
  expect(trouble().slice(before)).toEqual([]);
}
