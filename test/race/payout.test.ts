import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { checkLedger } from "../../tools/ops/ledger-check.ts";
import { bidders } from "../support/auctions.ts";
import { community, startTestCloud, type TestCloud } from "../support/cloud.ts";
import { earnings } from "../support/earnings.ts";
import { sales } from "../support/sales.ts";
import { shoppers } from "../support/shop.ts";

const MANAGE_SERVER = "32";
const MINUTE_MS = 60_000;

let cloud: TestCloud;
let people: ReturnType<typeof shoppers>;
let books: ReturnType<typeof earnings>;
let shop: ReturnType<typeof sales>;
let staff: string;

beforeAll(async () => {
  cloud = await startTestCloud({ rateLimits: false });
  people = shoppers(cloud);
  books = earnings(cloud);
  await bidders(cloud, people).registerCommands();
  shop = sales(cloud, people);
  await shop.sale("held", { price: "500" });
  staff = people.person({ permissions: MANAGE_SERVER });
});
beforeEach(() => cloud.faults.clear());
afterAll(() => cloud.stop());

/** What the channel was told about someone. */
const cashOuts = (user: string) =>
  cloud.discord
    .messages(community.generalChannelId)
    .filter(({ content }) => content.includes("💸") && content.includes(user));

const payouts = async (user: string) =>
  (await cloud.firestore.collection("payouts").where("racer_id", "==", user).get()).docs;

const pay = (user: string, amount: string, options: Record<string, string> = {}, by = staff) =>
  people.command(by, "payout", { user, amount, ...options });

const left = async (user: string, currency = "usd") =>
  (await books.balances(user)).find((balance) => balance.currency === currency)?.available;

/** Someone with money; by DM unless they take none. */
async function racer(amount: number, fields: { dmsClosed?: boolean } = {}, currency = "usd") {
  const user = people.person(fields);
  await books.earner(user, amount, currency);
  return user;
}

/** A racer whose connected account is ready. */
async function connectedRacer(amount: number) {
  const { id } = await people.builder();
  await books.earner(id, amount);
  return { user: id, account: await people.accountOf(id) };
}

describe("/payout", () => {
  test("gives store credit with a code by DM, and tells everyone with a ping for the racer alone", async () => {
    const user = await racer(6000);
    const answer = await pay(user, "$50.00", { code: "GMK-`1234`" });
    expect(answer.text).toContain("They have the code by DM");
    expect(await left(user)).toBe(1000);
    expect(people.told(user).join()).toContain("GMK-");
    const [post, ...others] = cashOuts(user);
    expect(others).toEqual([]);
    expect(post?.content).toBe(`💸 <@${user}> just cashed out $50.00!`);
    expect(post?.pinged).toMatchObject({ users: [user], roles: [] });
  });

  test("forgets the code as soon as it is sent, and never logs it", async () => {
    const user = await racer(3000);
    await pay(user, "30", { code: "SECRET-42" });
    const [payout] = await payouts(user);
    expect(payout?.data()).toMatchObject({ code: null, code_delivery: "dm", state: "done" });
    expect(cloud.logLines.join()).not.toContain("SECRET-42");
  });

  test("has the staff member hand the code over when the racer takes no DMs", async () => {
    const user = await racer(3000, { dmsClosed: true });
    const { text } = await pay(user, "30", { method: "gift-card", code: "CARD-7" });
    expect(text).toContain("hand them the code yourself");
    const [payout] = await payouts(user);
    expect(payout?.data()).toMatchObject({ code: null, code_delivery: "by-hand", state: "done" });
    expect(cashOuts(user)).toHaveLength(1);
  });

  test("is refused to people who do not manage the server, whatever they pay whom", async () => {
    const user = await racer(5000);
    const { text } = await pay(user, "50", {}, user);
    expect(text).toContain("made by the team");
    expect(await left(user)).toBe(5000);
  });

  test.each([
    ["less than the threshold", "19.99", /start at \$20\.00/],
    ["a cent more than is available", "50.01", /has \$50\.00 available/],
    ["what is no amount", "a lot", /can't read that amount/],
    ["nothing", "0", /can't read that amount/],
    ["a part of a cent", "20.001", /can't read that amount/],
  ])("refuses %s", async (_what, amount, words) => {
    const user = await racer(5000);
    expect((await pay(user, amount)).text).toMatch(words);
    expect(await left(user)).toBe(5000);
    expect(await payouts(user)).toEqual([]);
  });

  test("pays exactly all that is available, and exactly the threshold", async () => {
    const user = await racer(4567);
    expect((await pay(user, "20.00")).text).toContain("Done");
    expect((await pay(user, "25.67")).text).toContain("Done");
    expect(await left(user)).toBe(0);
    expect((await pay(user, "20")).text).not.toContain("Done");
  });

  test("never pays what is still pending", async () => {
    const user = people.person();
    await books.sell(await books.race([user]), 10_000, { heldMinutes: 10 });
    expect((await pay(user, "50")).text).toContain("nothing available");
    await cloud.clock.advance(10 * MINUTE_MS);
    expect((await pay(user, "50")).text).toContain("Done");
  });

  test("pays one currency out of that currency alone", async () => {
    const user = await racer(5000, {}, "eur");
    expect((await pay(user, "30")).text).toContain("nothing available in USD");
    expect((await pay(user, "€30", { currency: "eur" })).text).toContain("€30.00");
    expect((await pay(user, "$20", { currency: "eur" })).text).toContain("can't read");
    expect(await left(user, "eur")).toBe(2000);
  });

  test("nets what was taken back after a payout before anything is paid again", async () => {
    const user = people.person();
    const saleId = await books.earner(user, 5000);
    await pay(user, "50");
    await books.refund(saleId, 5000);
    expect(await left(user)).toBe(-5000);
    await books.earner(user, 6000);
    expect((await pay(user, "20")).text).toContain("has $10.00 available");
    await books.earner(user, 1000);
    expect((await pay(user, "20")).text).toContain("Done");
    expect(await left(user)).toBe(0);
  });

  test("lets two payouts at the same moment spend the same money once", async () => {
    const user = await racer(5000);
    const amounts = ["30", "31", "32", "33"];
    const answers = await Promise.all(amounts.map((amount) => pay(user, amount)));
    expect(answers.filter(({ text }) => text.includes("Done"))).toHaveLength(1);
    expect(await payouts(user)).toHaveLength(1);
    expect(cashOuts(user)).toHaveLength(1);
    expect(await left(user)).toBeGreaterThanOrEqual(0);
  });

  test("takes a command that was sent twice for one, and a minute later for two", async () => {
    const user = await racer(9000);
    const answers = await Promise.all([pay(user, "30"), pay(user, "30")]);
    expect(answers.filter(({ text }) => text.includes("less than a minute ago"))).toHaveLength(1);
    expect(await left(user)).toBe(6000);
    await cloud.clock.advance(MINUTE_MS + 1);
    expect((await pay(user, "30")).text).toContain("Done");
  });

  test("tells the staff member when it can not be told in its channel", async () => {
    const user = await racer(5000);
    cloud.faults.add({
      ...{ target: "discord", operation: /^POST \/channels/ },
      fault: { kind: "fail", code: 403 },
    });
    expect((await pay(user, "50")).text).toContain("couldn't write in that channel");
    expect(await left(user)).toBe(0);
  });

  test("pays once however often its command is delivered", async () => {
    const user = await racer(9000);
    cloud.faults.add({ target: "pubsub", fault: { kind: "duplicate", copies: 4 } });
    expect((await pay(user, "30", { code: "ONCE" })).text).toContain("Done");
    expect(await left(user)).toBe(6000);
    expect(cashOuts(user)).toHaveLength(1);
    expect(people.told(user).filter((text) => text.includes("ONCE"))).toHaveLength(1);
  });
});

describe("/payout to a Stripe account", () => {
  test("transfers it, with the payout's id at Stripe", async () => {
    const { user, account } = await connectedRacer(5000);
    expect((await pay(user, "50", { method: "stripe" })).text).toContain("on the way");
    expect(shop.has({ account })).toBe(5000);
    const [payout] = await payouts(user);
    const [made] = shop.happened("transfer.created").slice(-1);
    expect(made).toMatchObject({
      ...{ id: payout?.get("transfer_id"), amount: 5000, currency: "usd" },
      metadata: { payout_id: payout?.id, racer_id: user },
    });
  });

  test("is refused without an account that takes money, and with a code", async () => {
    const user = await racer(5000);
    const { text } = await pay(user, "50", { method: "stripe" });
    expect(text).toContain("no Stripe account");
    const coded = await pay(user, "50", { method: "stripe", code: "X" });
    expect(coded.text).toContain("A code goes with");
    expect(await left(user)).toBe(5000);
  });

  test("that Stripe refuses goes back into the wallet, untold, and can be paid otherwise at once", async () => {
    const { user, account } = await connectedRacer(5000);
    cloud.faults.add({
      ...{ target: "stripe", operation: /^POST \/v1\/transfers/ },
      fault: { kind: "fail", code: 400 },
    });
    expect((await pay(user, "50", { method: "stripe" })).text).toContain("went back");
    expect(await left(user)).toBe(5000);
    expect(cashOuts(user)).toEqual([]);
    cloud.faults.clear();
    expect((await pay(user, "50")).text).toContain("Done");
    expect(await left(user)).toBe(0);
    expect(shop.has({ account })).toBe(0);
  });

  test("says so when C500 has too little at Stripe", async () => {
    const { user } = await connectedRacer(500_000_00);
    const { text } = await pay(user, "500,000", { method: "stripe" });
    expect(text).toContain("too little at Stripe");
    expect(await left(user)).toBe(500_000_00);
  });

  test("is made once though Stripe's answer was lost", async () => {
    const { user, account } = await connectedRacer(5000);
    cloud.faults.add({
      ...{ target: "stripe", operation: /^POST \/v1\/transfers/, times: 3 },
      fault: { kind: "lose-answer" },
    });
    await pay(user, "50", { method: "stripe" });
    await cloud.eventually(() => cashOuts(user).length > 0);
    expect(shop.has({ account })).toBe(5000);
    expect(await left(user)).toBe(0);
  });
});

describe("a payout that dies half way", () => {
  const store = (operation: RegExp) => ({
    ...{ target: "firestore" as const, operation },
    fault: { kind: "fail" as const, code: 14 },
  });
  const chat = (operation: RegExp) => ({
    ...{ target: "discord" as const, operation },
    fault: { kind: "fail" as const, code: 401 },
  });

  test.each([
    ["as its money leaves the wallet", store(/^Commit/)],
    ["as its code is sent", chat(/^POST \/users\/@me\/channels/)],
    ["as everyone is told", chat(/^POST \/channels/)],
    ["as the staff member is answered", chat(/^PATCH \/webhooks/)],
  ])("%s is finished once, to the same end", async (_when, trouble) => {
    const user = await racer(5000);
    cloud.faults.add({ ...trouble, times: 3 });
    await pay(user, "50", { code: "HALF-WAY" });
    await cloud.eventually(() => cashOuts(user).length > 0);
    await cloud.clock.advance(5 * MINUTE_MS);
    await cloud.settle();
    expect(await left(user)).toBe(0);
    expect(cashOuts(user)).toHaveLength(1);
    expect(people.told(user).filter((text) => text.includes("HALF-WAY"))).toHaveLength(1);
    expect((await payouts(user)).map((payout) => payout.get("state"))).toEqual(["done"]);
  });

  test.each([
    ["fail", { kind: "fail", code: 14 }],
    ["are made and not answered", { kind: "lose-answer" }],
  ] as const)("while half of all writes %s is finished once", async (_what, fault) => {
    const { user, account } = await connectedRacer(10_000);
    cloud.faults.add({
      ...{ target: "firestore", operation: /^Commit/, probability: 0.5, times: 10 },
      fault,
    });
    await pay(user, "50", { method: "stripe" });
    await pay(user, "40", { code: "STORM" });
    await cloud.eventually(() => cashOuts(user).length >= 2);
    cloud.faults.clear();
    await shop.nextSweep();
    expect(await left(user)).toBe(1000);
    expect(shop.has({ account })).toBe(5000);
    expect(cashOuts(user)).toHaveLength(2);
    expect(shop.timesTold(user, "STORM")).toBe(1);
    const states = (await payouts(user)).map((payout) => payout.get("state"));
    expect(states).toEqual(["done", "done"]);
  });

  test("as it is transferred is transferred once", async () => {
    const { user, account } = await connectedRacer(5000);
    cloud.faults.add({
      ...{ target: "stripe", operation: /^POST \/v1\/transfers/, times: 3 },
      fault: { kind: "drop" },
    });
    await pay(user, "50", { method: "stripe" });
    await cloud.eventually(() => cashOuts(user).length > 0);
    expect(shop.has({ account })).toBe(5000);
    expect(await left(user)).toBe(0);
  });

  test("and is given up by Pub/Sub is finished by the sweeper, which tells the staff member", async () => {
    const user = await racer(5000);
    const asker = people.person({ permissions: MANAGE_SERVER });
    cloud.faults.add(chat(new RegExp(`^POST /channels/${community.generalChannelId}/`)));
    await pay(user, "50", { code: "SWEPT" }, asker);
    await cloud.eventually(async () => (await shop.letters()).length > 0);
    const letters = await cloud.firestore.collection("dead_letters").get();
    expect(JSON.stringify(letters.docs.map((letter) => letter.data()))).not.toContain("SWEPT");
    cloud.faults.clear();
    await shop.nextSweep();
    expect(cashOuts(user)).toHaveLength(1);
    expect(shop.timesTold(user, "SWEPT")).toBe(1);
    expect(shop.timesTold(asker, "Done: $50.00")).toBe(1);
    expect(await left(user)).toBe(0);
  });
});

describe("the books after all of this", () => {
  test("add up", async () => {
    const { flaws } = await checkLedger(cloud.firestore);
    expect(flaws).toEqual([]);
  });
});
