import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { tombstoneDigests } from "../../../functions/members/privacy/tombstone-digest.ts";
import { checkLedger } from "../../../tools/ops/ledger/check.ts";
import { type Lives, startLives } from "../../support/going-live/lives.ts";
import { earnings } from "../../support/races/earnings.ts";

const DAY_MS = 24 * 3_600_000;
const QUARTER_MS = 15 * 60_000;
const LONG_MS = 180_000;
/** The current key, and the previous one. */
const KEYS = ["k".repeat(32), "b".repeat(32)];

let world: Lives;
let books: ReturnType<typeof earnings>;

beforeAll(async () => {
  world = await startLives({ FORGOTTEN_KEY: KEYS.join() });
  books = earnings(world.cloud);
}, LONG_MS);
beforeEach(() => world.cloud.faults.clear());
afterAll(() => world.cloud.stop());

const stored = async (collection: string) =>
  (await world.cloud.firestore.collection(collection).get()).docs.map((each) => ({
    id: each.id,
    ...each.data(),
  }));
const tombstoneOf = async (user: string) => {
  const [digest = ""] = tombstoneDigests(user, KEYS);
  return (await world.cloud.firestore.doc(`tombstones/${digest}`).get()).data();
};
const forget = async (user: string) => {
  expect((await world.confirm(user)).text).toContain("I've forgotten you");
  await world.lookOnceMore();
  expect(await world.traces(user)).toEqual([]);
};
const available = async (user: string) => (await books.balances(user))[0]?.available;
const flaws = async () => (await checkLedger(world.cloud.firestore)).flaws;

/** Someone who was paid $30.00 of a sale; returns the sale as well. */
async function paidOut() {
  const user = world.people.person();
  const saleId = await books.earner(user, 3000);
  const { text } = await world.people.command(world.staff, "payout", { user, amount: "30" });
  expect(text).toContain("Done");
  return { user, saleId };
}

describe("a debt of someone who is forgotten", () => {
  test("is stored under a digest with nothing else, and booked once when they return", async () => {
    const { user, saleId } = await paidOut();
    await books.refund(saleId, 3000);
    await forget(user);
    expect(await tombstoneOf(user)).toEqual({
      as_racer: { usd: 3000 },
      as_builder: {},
      found: null,
      schema_version: 1,
      chargeable_until: expect.anything(),
      expires_at: expect.anything(),
    });
    expect(JSON.stringify(await stored("tombstones"))).not.toMatch(/forgotten-|kofi|lobby/);
    expect(await flaws()).toEqual([]);

    world.cloud.faults.add({ target: "pubsub", fault: { kind: "duplicate", copies: 3 } });
    await world.people.command(user, "wallet", {});
    expect(await available(user)).toBe(-3000);
    const read = world.people
      .messagesTo(user)
      .filter((text) => text.includes("you still owe $30.00"));
    expect(read).toHaveLength(1);
    await world.people.command(user, "wallet", {});
    expect(await available(user)).toBe(-3000);
    expect(await flaws()).toEqual([]);
  });

  test("is found when they join a race, register or are paid", async () => {
    const ways: ((user: string) => Promise<unknown>)[] = [
      async (user) => world.races.join(await world.races.lobby(), user),
      (user) => world.people.command(user, "c500 register"),
      (user) => world.people.command(world.staff, "payout", { user, amount: "20" }),
    ];
    for (const comeBack of ways) {
      const { user, saleId } = await paidOut();
      await books.refund(saleId, 3000);
      await forget(user);
      await comeBack(user);
      expect(await available(user)).toBe(-3000);
    }
    expect(await flaws()).toEqual([]);
  });

  test("is found under the current key and under the previous one, each once", async () => {
    const { user, saleId } = await paidOut();
    await books.refund(saleId, 3000);
    await forget(user);
    const [today = "", before = ""] = tombstoneDigests(user, KEYS);
    const { firestore } = world.cloud;
    const kept = (await firestore.doc(`tombstones/${today}`).get()).data() ?? {};
    await firestore.doc(`tombstones/${before}`).set({
      ...kept,
      as_racer: {},
      as_builder: { usd: 700 },
    });
    await firestore.doc(`tombstones/${today}`).update({ as_builder: { usd: 500 } });
    world.cloud.faults.add({ target: "pubsub", fault: { kind: "duplicate", copies: 3 } });
    await world.people.command(user, "wallet", {});
    expect(await available(user)).toBe(-3000);
    const debts = await firestore.collection(`builders/${user}/debts`).get();
    expect(debts.docs.map((debt) => debt.get("amount")).sort()).toEqual([500, 700]);
  });

  test("is recorded again when they are forgotten a second time", async () => {
    const { user, saleId } = await paidOut();
    await books.refund(saleId, 3000);
    await forget(user);
    await world.people.command(user, "wallet", {});
    await forget(user);
    expect(await tombstoneOf(user)).toMatchObject({ as_racer: { usd: 3000 } });
    expect(await flaws()).toEqual([]);
    await world.people.command(user, "wallet", {});
    expect(await available(user)).toBe(-3000);
  });

  test("as a builder does not prevent forgetting, and is deducted from their next sales", async () => {
    const user = world.people.person();
    const debts = world.cloud.firestore.collection(`builders/${user}/debts`);
    const debt = {
      amount: 500,
      settled: 100,
      currency: "usd",
      is_open: true,
      reversals: 0,
      reversed: 0,
    };
    await debts.doc("order.refund").set({ ...debt, created_at: new Date(0) });
    await forget(user);
    expect(await tombstoneOf(user)).toMatchObject({ as_builder: { usd: 400 }, as_racer: {} });
    await world.people.command(user, "c500 register");
    const found = (await debts.get()).docs.map((each) => each.data());
    expect(found).toMatchObject([{ amount: 400, settled: 0, currency: "usd", is_open: true }]);
    expect(world.people.messagesTo(user).at(-1)).toContain("you still owe $4.00");
  });
});

describe("a chargeback after someone was forgotten", () => {
  test("is found when they return, and they receive what an appeal returns", async () => {
    const { user, saleId } = await paidOut();
    await forget(user);
    expect(await tombstoneOf(user)).toMatchObject({ as_racer: {} });
    await books.refund(saleId, 3000);
    await world.pass(QUARTER_MS);
    expect(await tombstoneOf(user)).toMatchObject({ as_racer: { usd: 3000 } });
    expect(await flaws()).toEqual([]);
    await world.people.command(user, "wallet", {});
    expect(await available(user)).toBe(-3000);
    await world.pass(QUARTER_MS);
    expect(await available(user)).toBe(-3000);
  });

  test("leaves no tombstone once nothing can be charged back and nothing is owed", async () => {
    const { user } = await paidOut();
    await forget(user);
    const accounts = await stored("forgotten_accounts");
    expect(await tombstoneOf(user)).toBeDefined();
    await world.pass(209 * DAY_MS);
    await world.pass(QUARTER_MS);
    expect(await tombstoneOf(user)).toBeDefined();
    await world.pass(2 * DAY_MS);
    await world.pass(QUARTER_MS);
    expect(await tombstoneOf(user)).toBeUndefined();
    expect((await stored("forgotten_accounts")).length).toBeLessThan(accounts.length);
  });
});

test("a debt is stored as soon as the person is forgotten, before any sweep", async () => {
  const { user, saleId } = await paidOut();
  await books.refund(saleId, 3000);
  expect((await world.confirm(user)).text).toContain("I've forgotten you");
  expect(await tombstoneOf(user)).toMatchObject({ as_racer: { usd: 3000 } });
  await world.people.command(user, "wallet", {});
  expect(await available(user)).toBe(-3000);
});

test("someone who sold nothing and owes nothing leaves no tombstone", async () => {
  const user = world.people.person();
  await world.people.command(user, "wallet", {});
  await forget(user);
  expect(await tombstoneOf(user)).toBeUndefined();
});

test("without the key a tombstone does not identify its person", () => {
  const [one] = tombstoneDigests("300000000000000001", ["a key of thirty-two characters!!"]);
  const [other] = tombstoneDigests("300000000000000001", ["a key of thirty-two characters??"]);
  expect(one).toMatch(/^[0-9a-f]{64}$/);
  expect(one).not.toBe(other);
});
