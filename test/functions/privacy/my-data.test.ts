import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { limits } from "../../../shared/limits/limits.ts";
import { limitInWords } from "../../../shared/limits/texts.ts";
import { community } from "../../support/cloud.ts";
import { type Lives, startLives } from "../../support/going-live/lives.ts";

const LONG_MS = 180_000;
const MINUTE_MS = 60_000;
let world: Lives;
let life: Awaited<ReturnType<Lives["life"]>>;

beforeAll(async () => {
  world = await startLives();
  life = await world.life();
}, LONG_MS);
beforeEach(() => world.cloud.faults.clear());
afterAll(() => world.cloud.stop());

type Rows = readonly Record<string, unknown>[];
type File = Record<string, Rows> & { about: readonly string[] };

const ask = (user: string) => world.people.command(user, "c500 my-data");
const files = (user: string) =>
  world.cloud.discord.dms(user).flatMap(({ attachments }) => attachments);

/** The text of the newest file that someone received. */
async function newestFile(user: string): Promise<string> {
  const response = await world.cloud.fetch(files(user).at(-1)?.url ?? "");
  return response.text();
}

/** The section of a document in the file, by its collection. */
const SECTIONS: Readonly<Record<string, string>> = {
  users: "settings",
  builders: "builder_profile",
  orders: "orders_bought",
  parcels: "parcels_bought",
  auctions: "bids",
  lobbies: "races",
  sales: "wallet_postings",
  ledger: "wallet_postings",
  payouts: "payouts",
  wallets: "wallet",
};
/** Collections without a section: units, which others may buy later, and records that something was done. */
const NO_SECTION = new Set(["inventory", "processed"]);

describe("someone who has bought, bid, raced and been paid", () => {
  test("receives all of it as a file, with amounts and times, and nobody else's id or name", async () => {
    const { user, other, seller } = life;
    const traces = await world.traces(user);
    expect((await ask(user)).text).toContain("I've sent you a DM");
    const text = await newestFile(user);
    const file: File = JSON.parse(text);

    const collections = traces.map((trace) => trace.split("/")[0] ?? "");
    for (const collection of new Set(collections)) {
      if (collection.includes(":") || NO_SECTION.has(collection)) continue;
      expect(Object.keys(file)).toContain(SECTIONS[collection]);
    }
    expect(file["orders_bought"]).toHaveLength(2);
    expect(file["orders_bought"]).toContainEqual(
      expect.objectContaining({ id: life.orderId, amount: "12.50 USD", buyer_id: "you" }),
    );
    expect(file["bids"]?.map(({ amount }) => amount)).toEqual(["50.00 USD", "70.00 USD"]);
    expect(file["races"]?.[0]).toMatchObject({ is_host: false, raced: [{ racer_id: "you" }] });
    expect(file["wallet_postings"]?.map(({ amount }) => amount).sort()).toEqual([
      "-20.00 USD",
      "20.00 USD",
    ]);
    expect(file["payouts"]?.[0]).toMatchObject({
      amount: "20.00 USD",
      staff_id: expect.stringMatching(/^person \d$/),
    });
    expect(file["payouts"]?.[0]?.["created_at"]).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    for (const stranger of [other, seller.id, world.staff]) {
      expect(text).not.toContain(stranger);
      expect(text).not.toContain(`person_${stranger.slice(-5)}`);
    }
    expect(text).not.toContain("LIFE-1");
  });

  test("receives it a limited number of times, and learns when the next one is possible", async () => {
    const { other } = life;
    const { most, windowMs } = limits.myData;
    for (let time = 0; time < most; time += 1) {
      expect((await ask(other)).text).toContain("I've sent you a DM");
    }
    expect((await ask(other)).text).toContain(`each person has ${limitInWords("myData")}`);
    await world.pass(windowMs + MINUTE_MS);
    expect((await ask(other)).text).toContain("I've sent you a DM");
    expect(files(other)).toHaveLength(most + 1);
  });

  test("receives it while Redis is unavailable, without a dead letter", async () => {
    const { cloud, people } = world;
    const user = people.person();
    await people.purchase(life.dropId, user);
    cloud.faults.add({ target: "upstash", fault: { kind: "drop" } });
    const { text } = await ask(user);
    cloud.faults.clear();
    expect(text).toContain("I've sent you a DM");
    expect(files(user)).toHaveLength(1);
    expect((await cloud.firestore.collection("dead_letters").get()).size).toBe(0);
  });

  test("a redelivered request sends no second file", async () => {
    const { cloud, people } = world;
    const user = people.person();
    await people.purchase(life.dropId, user);
    const deliver = /^deliver shop/;
    const fault = { kind: "duplicate", copies: 3 } as const;
    cloud.faults.add({ target: "pubsub", operation: deliver, fault });
    const { text } = await ask(user);
    await world.pass(MINUTE_MS);
    expect(text).toContain("I've sent you a DM");
    expect(files(user)).toHaveLength(1);
  });
});

test("a gift code that was not sent yet is in no file", async () => {
  const { firestore } = world.cloud;
  const racer = world.people.person();
  const payout = { racer_id: racer, staff_id: world.staff, state: "open", code: "UNSENT-1" };
  const place = firestore.doc("payouts/unsent");
  await place.set({ ...payout, amount: 2000, currency: "usd" });
  expect((await ask(racer)).text).toContain("I've sent you a DM");
  const text = await newestFile(racer);
  expect(text).toContain('"payouts"');
  expect(text).not.toContain("UNSENT-1");
  await place.delete();
});

test("a builder's file contains what they sell and run, and no buyer's or bidder's id", async () => {
  const { seller, user, other } = life;
  await ask(seller.id);
  const text = await newestFile(seller.id);
  const file: File = JSON.parse(text);
  for (const section of ["builder_profile", "drops", "orders_sold", "auctions_run"]) {
    expect(file[section]?.length).toBeGreaterThan(0);
  }
  expect(file["orders_sold"]?.[0]?.["buyer_id"]).toMatch(/^person \d$/);
  expect(file["auctions_run"]?.[0]).toMatchObject({ price: "70.00 USD" });
  for (const stranger of [user, other]) expect(text).not.toContain(stranger);
});

test("someone about whom nothing is stored learns so, and receives no DM", async () => {
  const user = world.people.person();
  expect((await ask(user)).text).toBe("I store nothing about you.");
  expect(files(user)).toEqual([]);
});

test("someone with closed DMs learns how to open them, and receives the file afterwards", async () => {
  const { cloud, people } = world;
  const user = people.person({ dmsClosed: true });
  await people.purchase(life.dropId, user);
  expect((await ask(user)).text).toContain("allow **Direct Messages**");
  cloud.discord.addUser({ id: user, username: "opened" });
  expect((await ask(user)).text).toContain("I've sent you a DM");
  expect(files(user)).toHaveLength(1);
  const posts = cloud.discord.messages(community.generalChannelId);
  expect(posts.flatMap(({ attachments }) => attachments)).toEqual([]);
});
