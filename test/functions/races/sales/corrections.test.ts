import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { createLobbies } from "../../../../functions/races/store/lobbies/lobbies.ts";
import { checkLedger } from "../../../../tools/ops/ledger/check.ts";
import { exportLedger } from "../../../../tools/ops/ledger/export.ts";
import { operator } from "../../../support/cli/ops.ts";
import { startPayouts } from "../../../support/races/payouts.ts";
import { deleteAll } from "../../../support/stored/documents.ts";

let world: Awaited<ReturnType<typeof startPayouts>>;
let cloud: (typeof world)["cloud"];
let team: ReturnType<typeof operator>;
let number = 0;

beforeAll(async () => {
  world = await startPayouts();
  cloud = world.cloud;
});
afterAll(() => cloud.stop());
beforeEach(() => {
  team = operator(cloud);
  number += 1;
});

const WHY = ["--reason", "The packet was lost", "--by", "robin"];
const flaws = async () => (await checkLedger(cloud.firestore)).flaws;
const at = () => new Date(cloud.clock.nowMs()).toISOString();
const entry = async (id: string) => (await cloud.firestore.doc(`ledger/${id}`).get()).data();
const countOf = async () => (await cloud.firestore.collection("ledger").count().get()).data().count;

/** Runs it twice, as an operator does whose terminal crashed; both runs report it as booked. */
async function twice(...words: string[]) {
  const first = await team.ops("ledger", ...words, ...WHY, "--yes");
  await cloud.settle();
  const count = await countOf();
  const second = await team.ops("ledger", ...words, ...WHY, "--yes");
  await cloud.settle();
  expect(await countOf()).toBe(count);
  expect(second.out).toContain("Nothing was changed");
  expect([first.code, second.code]).toEqual([0, 0]);
  return first.out;
}

describe("./dev ops ledger adjust", () => {
  test("gives and takes once per id, and records who did it and why", async () => {
    const user = await world.racer(1000);
    const given = await twice("adjust", "give", user, "12.50", "usd", "--id", `gift-${number}`);
    expect(given).toMatch(/racer:\d+ +\+\$12\.50/);
    expect(given).toContain("They have $10.00 available now, and will have $22.50.");
    expect(await world.left(user)).toBe(2250);
    await twice("adjust", "take", user, "30", "USD", "--id", `fee-${number}`);
    expect(await world.left(user)).toBe(-750);
    expect(await entry(`adjustment.gift-${number}`)).toMatchObject({
      kind: "adjustment",
      reason: "The packet was lost",
      author: "robin",
    });
    expect(await flaws()).toEqual([]);
  });

  test("shows what it would book, and books nothing when it is not confirmed", async () => {
    const user = await world.racer(1000);
    team.answer = false;
    const words = ["ledger", "adjust", "give", user, "5", "usd", "--id", `no-${number}`, ...WHY];
    const { code, out } = await team.ops(...words);
    expect(code).toBe(1);
    expect(out).toMatch(/platform +-\$5\.00/);
    expect(out).toContain("Reason: The packet was lost (robin)");
    expect(out).toContain("Nothing was changed");
    expect(await world.left(user)).toBe(1000);
  });

  test("refuses a used id with other values", async () => {
    const user = await world.racer(1000);
    await twice("adjust", "give", user, "5", "usd", "--id", `same-${number}`);
    const words = ["adjust", "give", user, "6", "usd", "--id", `same-${number}`, ...WHY, "--yes"];
    const { code, err } = await team.ops("ledger", ...words);
    expect([code, err.includes("Choose another --id")]).toEqual([1, true]);
    expect(await world.left(user)).toBe(1500);
  });

  test.each([
    ["no reason", ["give", "7", "5", "usd", "--id", "x"], "Give a reason with --reason"],
    ["no id", ["give", "7", "5", "usd", ...WHY], "--id is a name that you choose"],
    ["no amount", ["give", "7", "lots", "usd", "--id", "x", ...WHY], "such as 12.50 usd"],
    ["nothing", ["give", "7", "0", "usd", "--id", "x", ...WHY], "such as 12.50 usd"],
    ["an unknown currency", ["give", "7", "5", "zzz", "--id", "x", ...WHY], "such as 12.50 usd"],
    ["no racer", ["give", "robin", "5", "usd", "--id", "x", ...WHY], "digits only"],
    ["neither way", ["7", "5", "usd", "--id", "x", ...WHY], "Type give or take"],
    [
      "someone's id in the reason",
      ["give", "7", "5", "usd", "--id", "x", "--reason", "for 300000000000000004"],
      "stored forever",
    ],
  ])("refuses %s", async (_what, words, why) => {
    const { code, err } = await team.ops("ledger", "adjust", ...words, "--yes");
    expect([code, err.includes(why)]).toEqual([2, true]);
  });
});

describe("./dev ops ledger sale", () => {
  test("shares a missed sale among those who raced at its time, as its webhook would have done", async () => {
    const [early, late] = [world.people.person(), world.people.person()];
    const lobby = await world.books.race([early]);
    const soldAt = at();
    await cloud.clock.advance(1000);
    const lobbies = createLobbies(async () => cloud.firestore);
    await lobbies.finish(lobby);
    await world.books.race([late]);
    const sale = ["sale", `kofi:missed-${number}`, "25.00", "usd", "--at", soldAt];
    const said = await twice(...sale, "--lobby", lobby, "--title", "A shirt");
    expect(said).toContain(`Shared by ${lobby}`);
    expect(said).toMatch(new RegExp(`racer:${early} +\\+\\$25\\.00`));
    expect((await world.books.balances(early))[0]?.pending).toBe(2500);
    expect(await world.books.balances(late)).toEqual([]);
    expect(await entry(`sale.kofi:missed-${number}`)).toMatchObject({ author: "robin" });
    cloud.shops.kofi.sell({ amount: 1, lobby });
    expect(await flaws()).toEqual([]);
  });

  test("books the same sale as its webhook, if that arrives later", async () => {
    const user = world.people.person();
    const lobby = await world.books.race([user]);
    const order = { items: [{ title: "A cap", price: 700 }], lobby };
    const { orderId } = cloud.shops.shopify.order(order);
    await cloud.settle();
    const words = ["sale", `shopify:${orderId}`, "7", "usd", "--at", at(), ...WHY, "--yes"];
    const { out } = await team.ops("ledger", ...words);
    expect(out).toContain("was already booked, as $7.00. Nothing was changed.");
    const other = await team.ops(
      "ledger",
      "sale",
      `shopify:${orderId}`,
      "8",
      "usd",
      ...words.slice(4),
    );
    expect([other.code, other.err.includes("already booked, as $7.00")]).toEqual([1, true]);
  });

  test("booked by hand before its webhook arrives is the same sale, even if the webhook's time differs by seconds", async () => {
    const booked = async (typed: string) => {
      const lobby = await world.books.race([world.people.person()]);
      const operation = /^deliver (commission|sales)/;
      const fault = { kind: "delay", ms: 60_000 } as const;
      cloud.faults.add({ target: "pubsub", operation, fault, times: 1 });
      const items = [{ title: "A cap", price: 700 }];
      const { orderId } = cloud.shops.shopify.order({ items, lobby });
      await cloud.clock.advance(1500);
      const words = ["sale", `shopify:${orderId}`, typed, "usd", "--at", at(), ...WHY, "--yes"];
      expect((await team.ops("ledger", ...words)).out).toContain("Booked.");
      await cloud.clock.advance(120_000);
      await cloud.settle();
      const deadLetters = (await cloud.firestore.collection("dead_letters").get()).docs;
      const reasons = deadLetters.map((deadLetter) => String(deadLetter.get("reason")));
      return reasons.filter((reason) => reason.includes(`shopify:${orderId}`));
    };
    expect(await booked("7")).toEqual([]);
    expect(await booked("8")).toEqual([
      expect.stringContaining("an operator had booked it as 800 usd"),
    ]);
    expect(await flaws()).toEqual([]);
  });

  test.each([
    ["an unknown shop", ["etsy:1", "7", "usd", "--at", "2026-11-21T18:00:00Z"], "SALE is"],
    ["a time without its zone", ["kofi:1", "7", "usd", "--at", "2026-11-21 18:00"], "its zone"],
    [
      "a future time",
      ["kofi:1", "7", "usd", "--at", "2999-01-01T00:00:00Z"],
      "--at takes the time",
    ],
  ])("refuses %s", async (_what, words, why) => {
    const { code, err } = await team.ops("ledger", "sale", ...words, ...WHY, "--yes");
    expect([code, err.includes(why)]).toEqual([2, true]);
  });
});

describe("./dev ops ledger reverse", () => {
  test("reverses an adjustment, and cannot be reversed itself", async () => {
    const user = await world.racer(1000);
    await twice("adjust", "give", user, "5", "usd", "--id", `wrong-${number}`);
    await twice("reverse", `adjustment.wrong-${number}`);
    expect(await world.left(user)).toBe(1000);
    const reversal = `reversal.adjustment.wrong-${number}`;
    expect(await entry(reversal)).toMatchObject({ reverses: `adjustment.wrong-${number}` });
    const { code, err } = await team.ops("ledger", "reverse", reversal, ...WHY, "--yes");
    expect([code, err.includes("Book that one again")]).toEqual([1, true]);
    expect(await flaws()).toEqual([]);
  });

  test("reverses a wrong `ledger refund`, and leaves what the shop refunds", async () => {
    const user = world.people.person();
    const saleId = await world.books.earner(user, 5000);
    await world.books.refund(saleId, 1000);
    await team.ops("ledger", "refund", saleId, "30", "--id", "typo-1.5", "--yes");
    await cloud.settle();
    expect(await world.left(user)).toBe(1000);
    await twice("reverse", `refund.${saleId}.by-hand-typo-1.5.3000`);
    expect(await world.left(user)).toBe(4000);
    await world.books.refund(saleId, 500);
    expect(await world.left(user)).toBe(3500);
    const again = ["refund", saleId, "3", "--id", "typo-1.5", "--yes"];
    expect((await team.ops("ledger", ...again)).err).toContain("was reversed");
    await team.ops("ledger", "refund", saleId, "3", "--id", "right", "--yes");
    await cloud.settle();
    expect(await world.left(user)).toBe(3200);
    expect(await flaws()).toEqual([]);
  });

  test("refunds a whole sale, so that its shop's refund takes back nothing more, and the sale can be booked again", async () => {
    const user = world.people.person();
    const saleId = await world.books.earner(user, 5000);
    await world.books.refund(saleId, 1000);
    const said = await twice("reverse", `sale.${saleId}`);
    expect(said).toMatch(new RegExp(`racer:${user} +-\\$40\\.00`));
    expect(await world.left(user)).toBe(0);
    await world.books.refund(saleId, 4000);
    expect(await world.left(user)).toBe(0);
    await twice("reverse", `refund.${saleId}.by-hand-reversal.5000`);
    expect(await world.left(user)).toBe(0);
    const other = await world.books.earner(user, 700);
    await twice("reverse", `sale.${other}`);
    await twice("reverse", `refund.${other}.by-hand-reversal.700`);
    expect(await world.left(user)).toBe(700);
    expect(await flaws()).toEqual([]);
  });

  test("returns a payout that was made to the wrong person, once", async () => {
    const user = await world.racer(5000);
    await world.pay(user, "20");
    const [payout] = await world.payouts(user);
    await twice("reverse", `payout.${payout?.id}`);
    expect(await world.left(user)).toBe(5000);
    expect((await world.pay(user, "50")).text).toContain("Done");
    expect(await flaws()).toEqual([]);
  });

  test("takes effect once when two operators run it at the same time, and the second learns so", async () => {
    const user = await world.racer(1000);
    await twice("adjust", "give", user, "5", "usd", "--id", `both-${number}`);
    const words = ["ledger", "reverse", `adjustment.both-${number}`, ...WHY];
    team.answer = async () => {
      expect((await operator(cloud).ops(...words, "--yes")).code).toBe(0);
      return true;
    };
    const { code, out } = await team.ops(...words);
    expect([code, out.includes("It was already reversed")]).toEqual([0, true]);
    expect(await world.left(user)).toBe(1000);
    expect(await flaws()).toEqual([]);
  });

  test("names Stripe's transfer, which it cannot take back", async () => {
    const { user } = await world.connectedRacer(5000);
    await world.pay(user, "20", { method: "stripe" });
    const [payout] = await world.payouts(user);
    const said = await twice("reverse", `payout.${payout?.id}`);
    expect(said).toContain(`Stripe's transfer ${payout?.get("transfer_id")} stays as it is`);
  });

  test("refuses a payout that Stripe has not answered yet, and one that was returned", async () => {
    const { user } = await world.connectedRacer(5000);
    const onTransfers = { target: "stripe", operation: /^POST \/v1\/transfers/ } as const;
    const reverse = async () => {
      const [payout] = await world.payouts(user);
      return team.ops("ledger", "reverse", `payout.${payout?.id}`, ...WHY, "--yes");
    };
    cloud.faults.add({ ...onTransfers, fault: { kind: "fail", code: 500 } });
    await world.pay(user, "20", { method: "stripe" });
    const early = await reverse();
    expect([early.code, early.err.includes("still in progress")]).toEqual([1, true]);
    expect(await world.left(user)).toBe(3000);
    cloud.faults.clear();
    cloud.faults.add({ ...onTransfers, times: 1, fault: { kind: "fail", code: 400 } });
    await cloud.pass(60 * 60_000);
    const late = await reverse();
    expect([late.code, late.err.includes("already returned")]).toEqual([1, true]);
    expect(await world.left(user)).toBe(5000);
    expect(await flaws()).toEqual([]);
  });

  test("refuses a shop's own refunds and unknown transactions", async () => {
    const user = world.people.person();
    const saleId = await world.books.earner(user, 5000);
    await world.books.refund(saleId, 1000);
    const refunds = await cloud.firestore.collection("ledger").where("sale_id", "==", saleId).get();
    const refund = refunds.docs.find((each) => each.get("kind") === "refund")?.id ?? "";
    for (const [id, why] of [
      [refund, "ledger adjust"],
      ["sale.kofi:nothing", "There is no transaction"],
      [saleId, "Their ids begin with"],
      ["a/b", "There is no transaction"],
    ] as const) {
      const { code, err } = await team.ops("ledger", "reverse", id, ...WHY, "--yes");
      expect([id, code, err.includes(why)]).toEqual([id, 1, true]);
    }
    expect(await world.left(user)).toBe(4000);
  });
});

describe("the ledger with corrections", () => {
  test("shows them in a wallet's lifetime earnings and in the year's export", async () => {
    const user = await world.racer(1000);
    await twice("adjust", "give", user, "2.50", "usd", "--id", `shown-${number}`);
    expect((await world.books.balances(user))[0]).toMatchObject({ lifetime: 1250 });
    const lines: string[] = [];
    const year = new Date(cloud.clock.nowMs()).getUTCFullYear();
    for await (const line of exportLedger(year, cloud.firestore)) lines.push(line.trim());
    const own = lines.filter((line) => line.startsWith(`${user},`));
    expect(own.join("\n")).toContain(`adjustment,2.50,adjustment.shown-${number},,`);
    expect(own).toContain(`${user},usd,total,${year},earned,12.50,,,`);
  });

  test.each([
    ["a reversal of something else", { reverses: "adjustment.else" }, "Its id is not that of"],
    ["an adjustment without a reason", { reason: null }, "has no reason"],
  ])("fails its check with %s", async (_what, fields, why) => {
    const user = await world.racer(1000);
    await twice("adjust", "give", user, "2.50", "usd", "--id", `planted-${number}`);
    const place = cloud.firestore.doc(`ledger/adjustment.planted-${number}`);
    await place.update(fields);
    const found = (await flaws()).filter(({ id }) => id === place.id);
    expect(found.map(({ what }) => what).join()).toContain(why);
    await deleteAll(cloud.firestore, place.path);
  });

  test("stays consistent after the person is forgotten", async () => {
    const user = await world.racer(1000);
    await twice("adjust", "give", user, "2.50", "usd", "--id", `gone-${number}`);
    await twice("reverse", `adjustment.gone-${number}`);
    await world.pay(user, "", { leaver: true });
    const { createPersonRaces } = await import(
      "../../../../functions/privacy/store/person-races.ts"
    );
    const races = createPersonRaces(async () => cloud.firestore);
    await races.rename(user, "forgotten-1", new Date(cloud.clock.nowMs() + 8 * 3_600_000));
    expect(await races.hasPostings(user)).toBe(false);
    expect(await flaws()).toEqual([]);
  });
});
