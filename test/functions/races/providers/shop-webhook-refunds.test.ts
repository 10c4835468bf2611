import { describe, expect, test } from "@jest/globals";
import { useCloud } from "../../../support/cloud.ts";
import { webhooks } from "../../../support/races/webhooks.ts";

const OTHER_SECRET = "the one that comes next";

let refunds = 0;

const cloud = await useCloud({
  rateLimits: false,
  environment: {
    KOFI_VERIFICATION_TOKEN: `first-token, ${OTHER_SECRET}`,
    SHOPIFY_WEBHOOK_SECRET: `first-secret,${OTHER_SECRET}`,
    KOFI_SALE_TYPES: "Shop Order, Donation",
  },
});
const shop = webhooks(cloud);

/** A refund of $10.01 for items and $0.80 of tax. */
const refund = (orderId: unknown, changes: Record<string, unknown> = {}) => ({
  id: 9_000_000_000_000 + ++refunds,
  order_id: orderId,
  created_at: new Date(cloud.clock.nowMs()).toISOString(),
  note: "Robin was unhappy",
  order_adjustments: [],
  refund_line_items: [{ quantity: 1, subtotal: 10.01, total_tax: 0.8 }],
  transactions: [paid("10.81")],
  ...changes,
});
const paid = (amount: string, changes: object = {}) => ({
  kind: "refund",
  status: "success",
  amount,
  currency: "USD",
  test: false,
  ...changes,
});

function sendSigned(content: object, topic: string): Promise<number> {
  const body = JSON.stringify(content);
  const signature = shop.sign(body, OTHER_SECRET);
  return shop.sendShopify(body, { topic, headers: { "x-shopify-hmac-sha256": signature } });
}
const send = (content: object) => sendSigned(content, "refunds/create");

async function sell(changes: Record<string, unknown> = {}) {
  const order = shop.order(changes);
  expect(await sendSigned(order, "orders/paid")).toBe(200);
  const id = `shopify:${order["id"]}`;
  return { orderId: order["id"], refunded: async () => (await shop.sale(id))?.["refunded"] };
}

/** The amount that this refund takes back of an order. */
async function refundedBy(changes: Record<string, unknown>, order = {}) {
  const { orderId, refunded } = await sell(order);
  expect(await send(refund(orderId, changes))).toBe(200);
  return refunded();
}

describe("a tip on Ko-fi", () => {
  test("is a sale if the setting names it, and a commission is not if the setting does not", async () => {
    const verification_token = "first-token";
    const tip = shop.payment({ type: "Donation", shop_items: null, verification_token });
    const commission = shop.payment({ type: "Commission", verification_token });
    for (const each of [tip, commission]) expect(await shop.sendKofi(each)).toBe(200);
    const sale = (payment: typeof tip) => shop.sale(`kofi:${payment["kofi_transaction_id"]}`);
    expect(await sale(tip)).toMatchObject({ title: "A tip on Ko-fi", base: 1250 });
    expect(await sale(commission)).toBeUndefined();
  });
});

describe("a secret that is being rotated", () => {
  test.each(["first-secret", OTHER_SECRET])("of Shopify is accepted: %s", async (secret) => {
    const body = JSON.stringify(shop.order());
    const headers = { "x-shopify-hmac-sha256": shop.sign(body, secret) };
    expect(await shop.sendShopify(body, { headers })).toBe(200);
  });

  test.each(["first-token", OTHER_SECRET])("of Ko-fi is accepted: %s", async (token) => {
    expect(await shop.sendKofi(shop.payment({ verification_token: token }))).toBe(200);
  });

  test("is refused with the other one appended, or empty", async () => {
    const token = `first-token, ${OTHER_SECRET}`;
    expect(await shop.sendKofi(shop.payment({ verification_token: token }))).toBe(401);
    expect(await shop.sendKofi(shop.payment({ verification_token: "" }))).toBe(401);
  });
});

describe("a refund on Shopify", () => {
  const dollars = (amount: string) => ({ amount, currency_code: "USD" });
  const euros = (amount: string) => ({ amount, currency_code: "EUR" });
  const inBoth = (amount: string, theirs: string) => ({
    shop_money: dollars(amount),
    presentment_money: euros(theirs),
  });
  const item = { subtotal: "10.01", total_tax: "0.80" };
  const sent = { kind: "shipping_refund", amount: "-5.00", tax_amount: "-0.40" };
  /** Five dollars of shipping, whose tax is reported only with the order's line. */
  const shipped = (changes: object = {}) => ({
    subtotal_amount_set: inBoth("5.00", "4.70"),
    shipping_line: { price_set: inBoth("5.00", "4.70"), tax_lines: [{ price: "0.40" }] },
    ...changes,
  });
  const deadLettersOf = async (orderId: unknown) =>
    (await shop.deadLetters()).filter((deadLetter) =>
      deadLetter.includes(`shopify:${orderId} AMOUNT`),
    );
  const foreign = { subtotal: "10.02", subtotal_set: inBoth("10.02", "9.50") };

  test.each([
    ["its numbers are read exactly as written", {}, 1001],
    [
      "shipping beside its items takes nothing",
      { transactions: [paid("16.21")], order_adjustments: [sent] },
      1001,
    ],
    [
      "shipping alone takes nothing",
      { refund_line_items: [], transactions: [paid("5.40")], order_adjustments: [sent] },
      0,
    ],
    [
      "shipping and its tax, as reported since 2024, take back nothing beside items",
      { transactions: [paid("16.21")], refund_shipping_lines: [shipped()] },
      1001,
    ],
    [
      "shipping takes back nothing beside partly refunded items",
      { transactions: [paid("10.80")], refund_shipping_lines: [shipped()] },
      500,
    ],
    [
      "shipping alone that is reported in both ways takes back nothing",
      {
        refund_line_items: [],
        transactions: [paid("5.40")],
        refund_shipping_lines: [shipped()],
        order_adjustments: [sent],
      },
      0,
    ],
    [
      "a part of shipping takes nothing with its part of the tax",
      {
        transactions: [paid("13.51")],
        refund_shipping_lines: [shipped({ subtotal_amount_set: inBoth("2.50", "2.35") })],
      },
      1001,
    ],
    [
      "duties take nothing",
      { transactions: [paid("12.81")], total_duties_set: inBoth("2.00", "1.88") },
      1001,
    ],
    ["a cent that was rounded takes nothing", { transactions: [paid("10.82")] }, 1001],
    ["a test takes nothing", { transactions: [paid("10.81", { test: true })] }, 0],
    ["goods returned without a refund take back nothing", { transactions: [] }, 0],
    [
      "a failed transaction takes back nothing",
      { transactions: [paid("10.81", { status: "failure" })] },
      0,
    ],
    ["a refund of a tenth takes back a tenth", { transactions: [paid("1.09")] }, 100],
    [
      "refunds of several payments count together",
      { transactions: [paid("5.40"), paid("5.41")] },
      1001,
    ],
    [
      "no more than everything is taken back",
      { refund_line_items: [{ subtotal: "999.00" }], transactions: [paid("999.00")] },
      2499,
    ],
    [
      "the shop's currency counts if the buyer paid in another",
      { refund_line_items: [foreign], transactions: [paid("9.50", { currency: "EUR" })] },
      1002,
    ],
    [
      "half of it counts if half was refunded",
      { refund_line_items: [foreign], transactions: [paid("4.75", { currency: "EUR" })] },
      501,
    ],
  ])("%s, and nothing is reported to the operators", async (_what, changes, refunded) => {
    const deadLetters = await shop.countOf("dead_letters");
    expect(await refundedBy(changes)).toBe(refunded);
    expect(await shop.countOf("dead_letters")).toBe(deadLetters);
  });

  test.each([
    ["more than the items", { transactions: [paid("18.81")] }, 1001, "$8.00"],
    [
      "more than items, shipping and duties",
      {
        transactions: [paid("26.21")],
        refund_shipping_lines: [shipped()],
        total_duties_set: inBoth("2.00", "1.88"),
      },
      1001,
      "$8.00",
    ],
    [
      "more than the items in the buyer's currency",
      { refund_line_items: [foreign], transactions: [paid("12.00", { currency: "EUR" })] },
      1002,
      "€2.50",
    ],
    [
      "money for goods that cost nothing",
      { refund_line_items: [{ subtotal: "0.00" }], transactions: [paid("10.00")] },
      0,
      "$10.00",
    ],
    ["money for no items", { refund_line_items: [], transactions: [paid("24.99")] }, 0, "$24.99"],
    [
      "more money than shipping, for no items",
      { refund_line_items: [], transactions: [paid("9.00")], order_adjustments: [sent] },
      0,
      "$3.60",
    ],
  ])(
    "of %s takes back the items, and the operators are notified once of the rest and what to do",
    async (_what, changes, taken, rest) => {
      const { orderId, refunded } = await sell();
      const content = refund(orderId, changes);
      for (let times = 0; times < 2; times += 1) expect(await send(content)).toBe(200);
      expect(await refunded()).toBe(taken);
      const deadLetters = await deadLettersOf(orderId);
      expect(deadLetters).toHaveLength(1);
      expect(deadLetters[0]).toContain(`paid back ${rest} beyond its items`);
      const command = `./dev ops ledger refund shopify:${orderId} AMOUNT --id refund-${content.id}-rest`;
      expect(deadLetters[0]).toContain(command);
      expect(deadLetters[0]).not.toContain("Robin");
    },
  );

  test.each([
    ["alone", { transactions: [paid("10.01")] }, 921],
    [
      "with shipping",
      {
        transactions: [paid("15.01")],
        order_adjustments: [{ ...sent, amount: "-5.00", tax_amount: "0.00" }],
      },
      921,
    ],
    ["in part", { transactions: [paid("5.00")] }, 460],
  ])(
    "takes back the price without tax if prices include it: %s",
    async (_what, changes, refunded) => {
      const taxes = [{ title: "A cap", tax_lines: [{ price: "2.00" }] }];
      const order = { taxes_included: true, line_items: taxes };
      expect(await refundedBy({ refund_line_items: [item], ...changes }, order)).toBe(refunded);
    },
  );

  test.each([
    ["no order", { order_id: null }],
    ["no id", { id: null }],
    ["no items", { refund_line_items: null }],
    ["pending money", { transactions: [paid("10.81", { status: "pending" })] }],
    ["an invalid amount", { refund_line_items: [{ subtotal: "-1.00" }] }],
    ["no currency", { transactions: [paid("10.81", { currency: null })] }],
    ["two currencies", { transactions: [paid("5.40"), paid("5.41", { currency: "EUR" })] }],
    [
      "a currency that its items are not in",
      {
        refund_line_items: [{ subtotal: "1.00", subtotal_set: { shop_money: dollars("1.00") } }],
        transactions: [paid("1.00", { currency: "EUR" })],
      },
    ],
  ])("of %s is stored for the operators, without its note", async (_what, changes) => {
    const deadLetters = await shop.countOf("dead_letters");
    expect(await refundedBy(changes)).toBe(0);
    expect(await shop.countOf("dead_letters")).toBe(deadLetters + 1);
    expect((await shop.deadLetters()).join()).not.toContain("Robin");
  });

  test("that is redelivered takes back nothing more", async () => {
    const { orderId, refunded } = await sell();
    const first = refund(orderId);
    for (const content of [first, first, refund(orderId), first]) await send(content);
    expect(await refunded()).toBe(2002);
  });

  test("in another currency than its sale is reported to the operators once, and the sale is booked", async () => {
    const order = shop.order();
    const deadLetters = await shop.countOf("dead_letters");
    await send(refund(order["id"], { transactions: [paid("10.81", { currency: "EUR" })] }));
    for (let times = 0; times < 2; times += 1) await sendSigned(order, "orders/paid");
    expect(await shop.sale(`shopify:${order["id"]}`)).toMatchObject({ base: 2499, refunded: 0 });
    expect(await shop.countOf("dead_letters")).toBe(deadLetters + 1);
    expect((await shop.deadLetters()).join()).toContain(`Refunds of shopify:${order["id"]}`);
  });

  test("in another currency after its sale is reported once, however often it is delivered, and takes back nothing", async () => {
    const { orderId, refunded } = await sell();
    const deadLetters = await shop.countOf("dead_letters");
    const foreign = refund(orderId, { transactions: [paid("10.81", { currency: "EUR" })] });
    for (let times = 0; times < 3; times += 1) await send(foreign);
    expect(await refunded()).toBe(0);
    expect(await shop.countOf("dead_letters")).toBe(deadLetters + 1);
  });
});
