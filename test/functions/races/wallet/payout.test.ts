import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { checkLedger } from "../../../../tools/ops/ledger/check.ts";
import { startPayouts } from "../../../support/races/payouts.ts";

const MINUTE_MS = 60_000;
let world: Awaited<ReturnType<typeof startPayouts>>;
let cloud: (typeof world)["cloud"];

beforeAll(async () => {
  world = await startPayouts();
  cloud = world.cloud;
});
beforeEach(() => cloud.faults.clear());
afterAll(() => cloud.stop());

describe("/payout", () => {
  test("gives store credit with a code by DM, and announces it with a ping for the racer only", async () => {
    const user = await world.racer(6000);
    const answer = await world.pay(user, "$50.00", { code: "GMK-*12_34*" });
    expect(answer.text).toContain("They have the code by DM");
    expect(await world.left(user)).toBe(1000);
    expect(cloud.discord.dms(user).at(-1)?.content).toContain("```\nGMK-*12_34*\n```");
    const [post, ...others] = world.cashOuts(user);
    expect(others).toEqual([]);
    expect(post?.content).toBe(`💸 <@${user}> just cashed out $50.00!`);
    expect(post?.pinged).toMatchObject({ users: [user], roles: [] });
  });

  test("sends no DM for store credit without a code", async () => {
    const user = await world.racer(6000);
    const answer = await world.pay(user, "$50.00");
    expect(answer.text).toContain("Done");
    expect(world.people.messagesTo(user).join()).not.toContain("Your code");
  });

  test("deletes the code as soon as it is sent, and never logs it", async () => {
    const user = await world.racer(3000);
    await world.pay(user, "30", { code: "SECRET-42" });
    const [payout] = await world.payouts(user);
    expect(payout?.data()).toMatchObject({ code: null, code_delivery: "dm", state: "done" });
    expect(cloud.logLines.join()).not.toContain("SECRET-42");
  });

  test("asks the staff member to hand over the code if the racer accepts no DMs", async () => {
    const user = await world.racer(3000, { dmsClosed: true });
    const { text } = await world.pay(user, "30", { method: "gift-card", code: "CARD-7" });
    expect(text).toContain("give it to them yourself");
    const [payout] = await world.payouts(user);
    expect(payout?.data()).toMatchObject({ code: null, code_delivery: "by-hand", state: "done" });
    expect(world.cashOuts(user)).toHaveLength(1);
  });

  test("is refused to people who do not manage the server, whatever the amount and the recipient", async () => {
    const user = await world.racer(5000);
    const { text } = await world.pay(user, "50", {}, user);
    expect(text).toContain("That's for the team");
    expect(await world.left(user)).toBe(5000);
  });

  test.each([
    ["less than the threshold", "19.99", /start at \$20\.00/],
    ["a cent more than is available", "50.01", /has \$50\.00 available/],
    ["something that is not an amount", "a lot", /can't read that amount/],
    ["nothing", "0", /can't read that amount/],
    ["a fraction of a cent", "20.001", /can't read that amount/],
  ])("refuses %s", async (_what, amount, words) => {
    const user = await world.racer(5000);
    expect((await world.pay(user, amount)).text).toMatch(words);
    expect(await world.left(user)).toBe(5000);
    expect(await world.payouts(user)).toEqual([]);
  });

  test("can pay exactly everything available, and exactly the threshold", async () => {
    const user = await world.racer(4567);
    expect((await world.pay(user, "20.00")).text).toContain("Done");
    expect((await world.pay(user, "25.67")).text).toContain("Done");
    expect(await world.left(user)).toBe(0);
    expect((await world.pay(user, "20")).text).not.toContain("Done");
  });

  test("never pays what is still pending", async () => {
    const user = world.people.person();
    await world.books.sell(await world.books.race([user]), 10_000, { heldMinutes: 10 });
    expect((await world.pay(user, "50")).text).toContain("nothing available");
    await cloud.clock.advance(10 * MINUTE_MS);
    expect((await world.pay(user, "50")).text).toContain("Done");
  });

  test("pays a currency only from the balance in that currency", async () => {
    const user = await world.racer(5000, {}, "eur");
    expect((await world.pay(user, "30")).text).toContain("nothing available in USD");
    expect((await world.pay(user, "€30", { currency: "eur" })).text).toContain("€30.00");
    expect((await world.pay(user, "$20", { currency: "eur" })).text).toContain("can't read");
    expect(await world.left(user, "eur")).toBe(2000);
    const inYen = await world.pay(user, "$20.00", { currency: "jpy" });
    expect(inYen.text).toContain("Write it in JPY, such as 5000,");
  });

  test("deducts what was taken back after a payout before paying again", async () => {
    const user = world.people.person();
    const saleId = await world.books.earner(user, 5000);
    await world.pay(user, "50");
    await world.books.refund(saleId, 5000);
    expect(await world.left(user)).toBe(-5000);
    await world.books.earner(user, 6000);
    expect((await world.pay(user, "20")).text).toContain("has $10.00 available");
    await world.books.earner(user, 1000);
    expect((await world.pay(user, "20")).text).toContain("Done");
    expect(await world.left(user)).toBe(0);
  });

  test("lets only one of two concurrent payouts spend the same money", async () => {
    const user = await world.racer(5000);
    const amounts = ["30", "31", "32", "33"];
    const answers = await Promise.all(amounts.map((amount) => world.pay(user, amount)));
    expect(answers.filter(({ text }) => text.includes("Done"))).toHaveLength(1);
    expect(await world.payouts(user)).toHaveLength(1);
    expect(world.cashOuts(user)).toHaveLength(1);
    expect(await world.left(user)).toBeGreaterThanOrEqual(0);
  });

  test("treats a command typed twice as one, and as two after two minutes", async () => {
    const user = await world.racer(9000);
    const answers = await Promise.all([world.pay(user, "30"), world.pay(user, "30")]);
    const refused = answers.filter(({ text }) => /just now, by a command|typed again/.test(text));
    expect(refused).toHaveLength(1);
    expect(await world.left(user)).toBe(6000);
    await cloud.clock.advance(2 * MINUTE_MS + 1);
    expect((await world.pay(user, "30")).text).toContain("Done");
  });

  test("notifies the staff member if the payout cannot be announced in its channel", async () => {
    const user = await world.racer(5000);
    cloud.faults.add({
      target: "discord",
      operation: /^POST \/channels/,
      fault: { kind: "fail", code: 403 },
    });
    expect((await world.pay(user, "50")).text).toContain("couldn't post in that channel");
    expect(await world.left(user)).toBe(0);
  });

  test("pays once however often its command is delivered", async () => {
    const user = await world.racer(9000);
    cloud.faults.add({ target: "pubsub", fault: { kind: "duplicate", copies: 4 } });
    expect((await world.pay(user, "30", { code: "ONCE" })).text).toContain("Done");
    expect(await world.left(user)).toBe(6000);
    expect(world.cashOuts(user)).toHaveLength(1);
    expect(world.people.messagesTo(user).filter((text) => text.includes("ONCE"))).toHaveLength(1);
  });

  test.each(["`", "GMK`7", "```"])(
    "refuses a code with %s, which would not arrive as typed",
    async (code) => {
      const user = await world.racer(3000);
      expect((await world.pay(user, "30", { code })).text).toContain(
        "can't send a code that contains a backtick",
      );
      expect(await world.left(user)).toBe(3000);
    },
  );

  test("stays refused when its message is redelivered, even if it could now be carried out", async () => {
    const user = await world.racer(5000);
    const early = await world.pay(user, "60");
    await world.books.earner(user, 5000);
    const again = await world.repeat(early, user, "60");
    expect(again.text).toBe(early.text);
    expect(again.text).toContain("has $50.00 available");
    await world.pay(user, "30");
    const double = await world.pay(user, "30");
    await cloud.clock.advance(MINUTE_MS / 2);
    expect((await world.repeat(double, user, "30")).text).toContain("just now, by a command");
    expect(await world.left(user)).toBe(7000);
  });

  test("counts as a duplicate by the time it was typed, not by the time it arrives", async () => {
    const user = await world.racer(9000);
    const first = await world.pay(user, "30");
    await cloud.clock.advance(2 * MINUTE_MS);
    await world.typedAfter(first, 2 * MINUTE_MS - 1, user, "30");
    expect(await world.left(user)).toBe(6000);
    await world.typedAfter(first, 2 * MINUTE_MS, user, "30");
    expect(await world.left(user)).toBe(3000);
  });
});

describe("a payout whose command named no channel", () => {
  test("is made once, and the staff member reads that nobody announced it", async () => {
    const user = await world.racer(5000);
    await world.payWithoutChannel(user, "50", { code: "NO-CHANNEL" });
    expect(await world.left(user)).toBe(0);
    expect(world.cashOuts(user)).toEqual([]);
    expect(world.shop.timesNotified(user, "NO-CHANNEL")).toBe(1);
    const answers = world.people.messagesTo(world.staff).filter((text) => text.includes(user));
    expect(answers).toEqual([expect.stringContaining("please announce it yourself")]);
    await world.shop.nextSweep();
    expect((await world.payouts(user)).map((payout) => payout.data())).toMatchObject([
      { state: "done", is_notified: false },
    ]);
    expect(world.people.messagesTo(world.staff).filter((text) => text.includes(user))).toEqual(
      answers,
    );
  });
});

describe("the books after all of this", () => {
  test("add up", async () => {
    const { flaws } = await checkLedger(cloud.firestore);
    expect(flaws).toEqual([]);
  });
});
