import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { community } from "../../support/cloud.ts";
import { type Lives, startLives } from "../../support/going-live/lives.ts";
import { earnings } from "../../support/races/earnings.ts";

/** Setting up sellers takes long on a slow machine. */
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

const now = () => new Date(Math.floor(world.cloud.clock.nowMs()));
const operatorsPosts = () => world.cloud.discord.messages(community.operatorsChannelId);
const unpaidWin = (user: string, { at = now(), isLifted = false } = {}) =>
  store().doc(`users/${user}/unpaid_wins/auction.0`).set({ at, is_lifted: isLifted });

/** A person with one open matter, and its text in the answer. */
const cases: readonly [string, RegExp, () => Promise<string>][] = [
  [
    "an unpaid order",
    /An order that isn't paid.*pay it, or give it back/,
    async () => {
      const user = world.people.person();
      await world.people.buyNow(user, await world.people.drop(seller.id));
      return user;
    },
  ],
  [
    "a paid order that has not arrived",
    /An order on its way.*wait until it arrives/,
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
    "a payment that is disputed",
    /A dispute at the bank.*wait until the bank decides/,
    async () => {
      const { buyer, orderId } = await world.people.purchase(await world.people.drop(seller.id));
      const chargeId = String((await world.people.order(orderId))["charge_id"]);
      world.cloud.stripe.openDispute(chargeId);
      await world.cloud.settle();
      return buyer;
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
    "a pending share",
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
    "a payout in progress",
    /A payout under way/,
    async () => {
      const user = world.people.person();
      const fields = { racer_id: user, staff_id: world.staff, state: "open", amount: 1 };
      await store().doc(`payouts/open-${user}`).set(fields);
      return user;
    },
  ],
  [
    "an auction they won and did not pay",
    /An auction you won and didn't pay: auction\.0\. Next: ask a builder to lift it.*look again/,
    async () => {
      const user = world.people.person();
      await unpaidWin(user);
      return user;
    },
  ],
  [
    "a bar from bidding",
    /You can't bid.*look again/,
    async () => {
      const user = world.people.person();
      await store().doc(`users/${user}`).set({ bidding_barred_at: now() });
      return user;
    },
  ],
];

describe("someone cannot be forgotten while they have", () => {
  test.each(cases)("%s: they and the operators learn what to do", async (_what, words, person) => {
    const user = await person();
    const answer = await world.ask(user);
    expect(answer.text).toMatch(words);
    expect(answer.buttons).toEqual([]);
    const operators = operatorsPosts().at(-1);
    expect(operators?.embeds[0]?.description).toContain(`<@${user}>`);
    expect((await world.forgedPress(user, user)).text).toMatch(words);
    expect(await world.underWay()).toBe(0);
  });
});

describe("the operators", () => {
  test("operators are notified about a person once a day, however often they ask; that record is erased too", async () => {
    const user = world.people.person();
    await unpaidWin(user);
    const before = operatorsPosts().length;
    for (let times = 0; times < 3; times += 1) await world.ask(user);
    expect(operatorsPosts()).toHaveLength(before + 1);
    await world.pass(24 * 3_600_000);
    await world.ask(user);
    expect(operatorsPosts()).toHaveLength(before + 2);

    await unpaidWin(user, { isLifted: true });
    expect((await world.confirm(user)).text).toContain("I've forgotten you");
    await world.lookOnceMore();
    expect(await world.traces(user)).toEqual([]);
  });
});

describe("an unpaid win", () => {
  test("does not prevent forgetting once it no longer counts", async () => {
    const user = world.people.person();
    await unpaidWin(user, { at: new Date(now().getTime() - 90 * 24 * 3_600_000) });
    expect((await world.ask(user)).embeds).toContain("Kept under a random name");
  });
});

describe("a wallet below zero", () => {
  test("does not prevent forgetting: the person learns that it is still owed, and the operators how much, but not by whom", async () => {
    const user = world.people.person();
    const sale = await books.earner(user, 3000);
    const payout = await world.people.command(world.staff, "payout", { user, amount: "30" });
    expect(payout.text).toContain("Done");
    await books.refund(sale, 3000);
    const question = await world.ask(user);
    expect(question.embeds).toContain("You owe $30.00");
    expect((await world.confirm(user)).text).toContain("I've forgotten you");
    const sent = operatorsPosts().filter(({ embeds }) =>
      embeds[0]?.description?.includes("$30.00"),
    );
    expect(sent).toHaveLength(1);
    expect(JSON.stringify(sent)).not.toContain(user);
  });
});

describe("less than the minimum payout", () => {
  test("is forfeited, and the question says so", async () => {
    const user = world.people.person();
    await books.earner(user, 1999);
    const question = await world.ask(user);
    expect(question.embeds).toContain("$19.99, which is below the minimum payout");
  });
});
