import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { createLobbies } from "../../../../functions/races/store/lobbies/lobbies.ts";
import { checkLedger } from "../../../../tools/ops/ledger/check.ts";
import { operator } from "../../../support/cli/ops.ts";
import { startPayouts } from "../../../support/races/payouts.ts";
import { sales } from "../../../support/races/sales.ts";

const DAY_MS = 24 * 3_600_000;
const HOLD_MS = 7 * DAY_MS;

let world: Awaited<ReturnType<typeof startPayouts>>;
let cloud: (typeof world)["cloud"];
let books: ReturnType<typeof sales>;
/** A race whose racers' pool is the whole of each sale, and its only racer. */
let lobby: string;
let racer: string;

beforeAll(async () => {
  world = await startPayouts();
  cloud = world.cloud;
  books = sales(cloud, world.people);
});
afterAll(() => cloud.stop());
beforeEach(async () => {
  cloud.faults.clear();
  racer = world.people.person();
  lobby = await world.books.race([racer]);
});
afterEach(async () => {
  await createLobbies(async () => cloud.firestore).finish(lobby);
  expect((await checkLedger(cloud.firestore)).flaws).toEqual([]);
});

/** Sells a shirt for $30.00, all of which is the racer's; returns its charge. */
async function sell(): Promise<string> {
  const session = cloud.stripe.sellMerch({ title: "A shirt", price: 3000, metadata: { lobby } });
  await cloud.settle();
  const charges = books.happened("charge.succeeded");
  const charge = charges.find((each) => each["payment_intent"] === session.payment_intent);
  return String(charge?.["id"]);
}

/** A sale whose share can already be paid out. */
async function sellLongAgo(): Promise<string> {
  const charge = await sell();
  await cloud.pass(HOLD_MS);
  return charge;
}

async function dispute(
  charge: string,
  options: Parameters<typeof cloud.stripe.openDispute>[1] = {},
) {
  const { id } = cloud.stripe.openDispute(charge, options);
  await cloud.settle();
  return id;
}

async function close(id: string, end: Parameters<typeof cloud.stripe.closeDispute>[1]) {
  cloud.stripe.closeDispute(id, end);
  await cloud.settle();
}

/** The content of the racer's wallet. */
async function has() {
  const [balance] = await world.books.balances(racer);
  const { available = 0, pending = 0, frozen = 0, lifetime = 0 } = balance ?? {};
  return { available, pending, frozen, lifetime };
}
const AVAILABLE = { available: 3000, pending: 0, frozen: 0, lifetime: 3000 };
const IN_DISPUTE = { available: 0, pending: 0, frozen: 3000, lifetime: 3000 };
const NOTHING = { available: 0, pending: 0, frozen: 0, lifetime: 0 };

const noticesOf = (id: string) => books.staffReads().filter((text) => text.includes(id));

describe("an open dispute of merch", () => {
  test("freezes an available share: it cannot be paid out, and the wallet says why", async () => {
    await dispute(await sellLongAgo());
    expect(await has()).toEqual(IN_DISPUTE);
    expect((await world.pay(racer, "20")).text).toContain("nothing available");
    const { embeds } = await world.people.command(racer, "wallet", {});
    expect(JSON.stringify(embeds)).toContain("$30.00 frozen");
    expect(JSON.stringify(embeds)).toContain("bank is disputing");
    expect(JSON.stringify(embeds)).toContain("Nothing is pending");
  });

  test("freezes a pending share beyond the end of its hold", async () => {
    const id = await dispute(await sell());
    expect(await has()).toEqual(IN_DISPUTE);
    await cloud.pass(HOLD_MS);
    expect(await has()).toEqual(IN_DISPUTE);
    await close(id, "won");
    expect(await has()).toEqual(AVAILABLE);
  });

  test("releases the share when it is won, but not before its hold is over", async () => {
    const id = await dispute(await sell());
    await close(id, "won");
    expect(await has()).toEqual({ ...NOTHING, pending: 3000, lifetime: 3000 });
    await cloud.pass(HOLD_MS);
    expect(await has()).toEqual(AVAILABLE);
  });

  test("that is won after the hold notifies the racer once that they can be paid", async () => {
    const payable = () =>
      world.people.messagesTo(racer).filter((text) => text.includes("you can be paid!"));
    const [id, other] = [await dispute(await sell()), await dispute(await sell())];
    await cloud.pass(HOLD_MS + DAY_MS);
    expect(payable()).toEqual([]);
    await close(id, "won");
    expect(payable()).toEqual([expect.stringContaining("$30.00 of your earnings is available")]);
    await books.repeat("charge.dispute.closed", id);
    await close(other, "won");
    await cloud.pass(DAY_MS);
    expect(payable()).toHaveLength(1);
  });

  test("takes the share back when it is lost, and never makes it payable in between", async () => {
    const id = await dispute(await sellLongAgo());
    const held = { kind: "delay", ms: 60_000 } as const;
    cloud.faults.add({ target: "pubsub", operation: /^deliver clawback/, fault: held });
    await close(id, "lost");
    expect(await has()).toEqual(IN_DISPUTE);
    await cloud.clock.advance(60_000);
    await cloud.settle();
    expect(await has()).toEqual(NOTHING);
  });

  test("does not affect an earlier payout; if lost, the racer owes the amount", async () => {
    const charge = await sellLongAgo();
    await world.pay(racer, "30");
    const id = await dispute(charge);
    expect(await has()).toEqual({ ...NOTHING, lifetime: 3000 });
    await close(id, "lost");
    expect(await has()).toEqual({ ...NOTHING, available: -3000 });
  });

  test("freezes what a payout has left of the share", async () => {
    const charge = await sellLongAgo();
    await world.pay(racer, "20");
    const id = await dispute(charge);
    expect(await has()).toEqual({ ...NOTHING, frozen: 1000, lifetime: 3000 });
    await close(id, "won");
    expect(await has()).toEqual({ ...NOTHING, available: 1000, lifetime: 3000 });
  });

  test("and a concurrent payout never spend the same money", async () => {
    const charge = await sellLongAgo();
    const { id } = cloud.stripe.openDispute(charge);
    const { text } = await world.pay(racer, "30");
    await cloud.settle();
    const { available, frozen } = await has();
    expect({ available, frozen }).toEqual({
      available: 0,
      frozen: text.includes("Done") ? 0 : 3000,
    });
    await close(id, "won");
  });

  test("that arrives before its sale freezes the shares when they are booked", async () => {
    const late = { kind: "delay", ms: 600_000 } as const;
    cloud.faults.add({ target: "stripe", operation: /^deliver checkout/, fault: late });
    const id = await dispute(await sell());
    expect(await has()).toEqual(NOTHING);
    await cloud.clock.advance(601_000);
    await cloud.settle();
    expect(await has()).toEqual(IN_DISPUTE);
    await close(id, "lost");
    expect(await has()).toEqual(NOTHING);
  });

  test("that was lost before its sale arrived leaves nothing frozen", async () => {
    const late = { kind: "delay", ms: 600_000 } as const;
    cloud.faults.add({ target: "stripe", operation: /^deliver checkout/, fault: late });
    await close(await dispute(await sell()), "lost");
    await cloud.clock.advance(601_000);
    await cloud.settle();
    expect(await has()).toEqual(NOTHING);
  });

  test("freezes once and ends once, however often and in whatever order Stripe's events arrive", async () => {
    const charge = await sellLongAgo();
    cloud.faults.add({
      target: "stripe",
      operation: /^deliver charge.dispute.created/,
      fault: { kind: "delay", ms: 30_000 },
    });
    cloud.faults.add({
      target: "stripe",
      operation: /^deliver charge.dispute/,
      fault: { kind: "duplicate", copies: 3 },
    });
    const id = await dispute(charge);
    await close(id, "won");
    await cloud.clock.advance(31_000);
    await cloud.settle();
    await books.repeat("charge.dispute.created", id);
    expect(await has()).toEqual(AVAILABLE);
    expect(noticesOf(id).filter((text) => text.includes("won"))).toHaveLength(1);
  });

  test("of several on one charge holds the shares until the last has ended", async () => {
    const charge = await sellLongAgo();
    const first = await dispute(charge, { amount: 1000 });
    const second = await dispute(charge, { amount: 2000 });
    await close(first, "won");
    expect(await has()).toEqual(IN_DISPUTE);
    await close(second, "lost");
    expect(await has()).toEqual({ ...NOTHING, available: 1000, lifetime: 1000 });
  });

  test("of a part of the charge releases the rest when it is lost", async () => {
    await close(await dispute(await sellLongAgo(), { amount: 1200 }), "lost");
    expect(await has()).toEqual({ ...NOTHING, available: 1800, lifetime: 1800 });
  });

  test("that is an inquiry freezes shares, takes nothing when it is closed, and allows refunds meanwhile", async () => {
    const charge = await sellLongAgo();
    const id = await dispute(charge, { isInquiry: true });
    expect(await has()).toEqual(IN_DISPUTE);
    cloud.stripe.refundInDashboard(charge, { amount: 1000 });
    await cloud.settle();
    expect(await has()).toEqual({ ...NOTHING, frozen: 2000, lifetime: 2000 });
    await close(id, "warning_closed");
    expect(await has()).toEqual({ ...NOTHING, available: 2000, lifetime: 2000 });
  });

  test("that was an inquiry and escalates can be lost like any other", async () => {
    const id = await dispute(await sellLongAgo(), { isInquiry: true });
    cloud.stripe.escalateDispute(id);
    await cloud.settle();
    expect(await has()).toEqual(IN_DISPUTE);
    await close(id, "lost");
    expect(await has()).toEqual(NOTHING);
  });

  test("that was prevented has taken the money, so it does not count as won", async () => {
    await close(await dispute(await sellLongAgo()), "prevented");
    expect(await has()).toEqual(NOTHING);
  });

  test("that stays lost but whose money is returned gives the shares back", async () => {
    const id = await dispute(await sellLongAgo());
    await close(id, "lost");
    cloud.stripe.reinstateLostDispute(id);
    await cloud.settle();
    expect(await has()).toEqual(AVAILABLE);
  });

  test("is reported to the operators when it opens and when it ends, once each", async () => {
    const id = await dispute(await sellLongAgo());
    await books.repeat("charge.dispute.created", id);
    expect(noticesOf(id)).toHaveLength(1);
    expect(noticesOf(id)[0]).toContain("Merch dispute open: $30.00");
    await close(id, "lost");
    await books.repeat("charge.dispute.closed", id);
    expect(noticesOf(id)).toHaveLength(2);
    expect(noticesOf(id)[1]).toContain("Merch dispute lost: $30.00");
  });

  test("whose events were lost is found by the sweeper, once for each turn", async () => {
    const charge = await sellLongAgo();
    cloud.faults.add({ target: "stripe", operation: /^deliver/, fault: { kind: "drop" } });
    const id = await dispute(charge);
    const timesFound = () =>
      cloud.logLines.filter((line) => line.includes(id) && line.includes("was not booked")).length;
    expect(await has()).toEqual(AVAILABLE);
    for (const _again of [1, 2]) await books.nextSweep();
    expect(await has()).toEqual(IN_DISPUTE);
    expect(noticesOf(id)).toHaveLength(1);
    expect(timesFound()).toBe(1);
    await close(id, "lost");
    for (const _again of [1, 2]) await books.nextSweep();
    expect(await has()).toEqual(NOTHING);
    expect(timesFound()).toBe(2);
  });

  test("prevents someone from being forgotten while it freezes their money", async () => {
    await dispute(await sellLongAgo());
    await createLobbies(async () => cloud.firestore).finish(lobby);
    const { text } = await world.people.command(racer, "c500 forget me", {});
    expect(text).toContain("wait until the bank decides");
  });
});

describe("a dispute on Shopify, which no webhook reports", () => {
  /** Sells a cap for $30.00 on Shopify; returns the sale, whose share can be paid out. */
  async function sellOnShopify() {
    const items = [{ title: "A cap", price: 3000 }];
    const { orderId } = cloud.shops.shopify.order({ items, lobby, shipping: 500 });
    await cloud.settle();
    await cloud.pass(HOLD_MS);
    return { orderId, saleId: `shopify:${orderId}` };
  }

  /** An operator books the dispute of the whole amount; returns the command that reverses it. */
  async function book(saleId: string): Promise<string[]> {
    const words = ["ledger", "refund", saleId, "35.00", "--id", "dispute-1", "--yes"];
    const { code, out } = await operator(cloud).ops(...words);
    await cloud.settle();
    expect(code).toBe(0);
    const [, command = ""] = /\.\/dev ops (ledger reverse \S+)/.exec(out) ?? [];
    return [...command.split(" "), "--reason", "The dispute was won", "--by", "robin", "--yes"];
  }

  test("and that an operator books cannot be paid out, and if it is lost stays booked", async () => {
    const { saleId } = await sellOnShopify();
    expect(await has()).toEqual(AVAILABLE);
    for (let times = 0; times < 2; times += 1) await book(saleId);
    expect(await has()).toEqual(NOTHING);
    expect((await world.pay(racer, "20")).text).toContain("nothing available");
  });

  test("and that is won: the command that `ledger refund` printed gives the shares back, once", async () => {
    const { saleId } = await sellOnShopify();
    const giveBack = await book(saleId);
    for (let times = 0; times < 2; times += 1) {
      expect(await operator(cloud).ops(...giveBack)).toMatchObject({ code: 0 });
      await cloud.settle();
      expect(await has()).toEqual(AVAILABLE);
    }
    expect((await world.pay(racer, "30")).text).toContain("Done");
  });

  test("and that ends with a refund there: only the refund counts after the reversal", async () => {
    const { orderId, saleId } = await sellOnShopify();
    const giveBack = await book(saleId);
    cloud.shops.shopify.refund(orderId);
    await cloud.settle();
    expect(await has()).toEqual(NOTHING);
    await operator(cloud).ops(...giveBack);
    await cloud.settle();
    expect(await has()).toEqual(NOTHING);
  });

  test("and whose share was already paid out: the racer owes it", async () => {
    const { saleId } = await sellOnShopify();
    await world.pay(racer, "30");
    await book(saleId);
    expect(await has()).toEqual({ ...NOTHING, available: -3000 });
  });
});
