import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { community } from "../support/cloud.ts";
import { earnings } from "../support/earnings.ts";
import { type Lives, startLives } from "../support/lives.ts";

/** Sellers and the rest take their time on a slow machine. */
const LONG_MS = 120_000;
let world: Lives;
let books: ReturnType<typeof earnings>;
let seller: { id: string };

beforeAll(async () => {
  world = await startLives();
  books = earnings(world.cloud);
  seller = await world.people.builder();
}, LONG_MS);
afterAll(() => world.cloud.stop());

const store = () => world.cloud.firestore;

/** Someone who has one thing open, and how it reads. */
const cases: readonly [string, RegExp, () => Promise<string>][] = [
  [
    "an order that is not paid",
    /An order that isn't paid.*pay it, or give it back/,
    async () => {
      const user = world.people.person();
      await world.people.buyNow(user, await world.people.drop(seller.id));
      return user;
    },
  ],
  [
    "an order that was paid lately",
    /An order on its way.*look again/,
    async () => (await world.people.purchase(await world.people.drop(seller.id))).buyer,
  ],
  [
    "held money",
    /Held money.*look again/,
    async () => {
      const drop = await world.people.drop(seller.id, { payment: "held" });
      return (await world.people.purchase(drop)).buyer;
    },
  ],
  [
    "an auction they lead",
    /An auction you bid in: Brass C500.*look again/,
    async () => {
      const user = world.people.person();
      const channelId = world.auctions.channel(community.guildId);
      await world.auctions.start(seller.id, channelId, { duration: "2h" });
      await world.auctions.bid(user, channelId, "50");
      await world.auctions.pass(3);
      return user;
    },
  ],
  ["an auction they run", /Your auction: Brass C500/, async () => seller.id],
  [
    "a race they are in",
    /A race you're in, or host: Night race/,
    async () => {
      const user = world.people.person();
      await world.races.join(await world.races.lobby(), user);
      return user;
    },
  ],
  [
    "a share that is pending",
    /Race money that's still pending: \$25\.00.*look again/,
    async () => {
      const user = world.people.person();
      await books.sell(await books.race([user]), 2500, { heldMinutes: 10 });
      return user;
    },
  ],
  [
    "money that can be paid out",
    /Money in your wallet: \$20\.00.*ask the team to pay you out/,
    async () => {
      const user = world.people.person();
      await books.earner(user, 2000);
      return user;
    },
  ],
  [
    "a payout under way",
    /A payout under way/,
    async () => {
      const user = world.people.person();
      const fields = { racer_id: user, staff_id: world.staff, state: "open", amount: 1 };
      await store().doc(`payouts/open-${user}`).set(fields);
      return user;
    },
  ],
  [
    "a debt for refunds",
    /What you owe for refunds: \$5\.00/,
    async () => {
      const user = world.people.person();
      const debt = { amount: 500, settled: 0, currency: "usd", is_open: true };
      await store().doc(`builders/${user}/debts/a.refund`).set(debt);
      return user;
    },
  ],
  [
    "a bar from bidding",
    /You can't bid.*look again/,
    async () => {
      const user = world.people.person();
      const barredAt = new Date(Math.floor(world.cloud.clock.nowMs()));
      await store().doc(`users/${user}`).set({ bidding_barred_at: barredAt });
      return user;
    },
  ],
];

describe("nobody is forgotten who has", () => {
  test.each(cases)(
    "%s: they and the operators are told what to do",
    async (_what, words, person) => {
      const user = await person();
      const answer = await world.ask(user);
      expect(answer.text).toMatch(words);
      expect(answer.buttons).toEqual([]);
      const operators = world.cloud.discord.messages(community.operatorsChannelId).at(-1);
      expect(operators?.embeds[0]?.description).toContain(`<@${user}>`);
      expect((await world.forgedPress(user, user)).text).toMatch(words);
      expect(await world.underWay()).toBe(0);
    },
  );
});

describe("less than is ever paid out", () => {
  test("is given up, in so many words", async () => {
    const user = world.people.person();
    await books.earner(user, 1999);
    const question = await world.ask(user);
    expect(question.embeds).toContain("$19.99, which is too little to be paid out");
  });
});
