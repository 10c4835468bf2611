import { describe, expect, test } from "@jest/globals";
import { monthNumbers, readMonth } from "../../../../functions/fulfilment/domain/month-numbers.ts";
import type { Payment } from "../../../../functions/shop/domain/order.ts";

const now = new Date("2026-11-23T12:00:00Z");
const paid = (fields: Partial<Payment>): { payment: Payment } => ({
  payment: {
    amount: 10_000,
    shipping: 0,
    shippingTax: 0,
    tax: 0,
    fee: 500,
    currency: "usd",
    plan: "split",
    checkout: { attempt: 1, expiresAt: now, sessionId: undefined, url: undefined },
    paymentIntentId: undefined,
    chargeId: undefined,
    heldUntil: undefined,
    hold: undefined,
    transfer: undefined,
    paidAt: now,
    releaseAttempt: 1,
    refundRequested: 0,
    refundRequestedShipping: 0,
    refunded: 0,
    isOwedBack: undefined,
    openRefunds: [],
    disputes: [],
    ...fields,
  },
});
const transfer = (gross: number, takenBack = 0) => ({
  ids: ["tr_1"],
  gross,
  netted: 0,
  nettedDebts: [],
  takenBack,
  sending: undefined,
});

describe("a month's numbers", () => {
  test("add up items, shipping, tax, fees, refunds and payments to the builder", () => {
    const orders = [
      // $100 and $8 shipping; $10 and $0.80 tax on them.
      paid({
        amount: 11_880,
        shipping: 800,
        shippingTax: 80,
        tax: 1080,
        transfer: transfer(10_300),
      }),
      paid({ refunded: 4000, refundRequested: 4000, transfer: transfer(9500, 3800) }),
      paid({ plan: "held", hold: "held" }),
    ];
    expect(monthNumbers(orders)).toEqual([
      {
        currency: "usd",
        orders: 3,
        sales: 30_000,
        shipping: 800,
        tax: 1080,
        fees: 1500,
        refunded: 4000,
        paidOut: 10_300 + 5700,
      },
    ]);
  });

  test("keep currencies apart, and leave out what was never paid", () => {
    const orders = [paid({ currency: "eur" }), paid({}), paid({ paidAt: undefined })];
    expect(monthNumbers(orders).map(({ currency, sales }) => [currency, sales])).toEqual([
      ["eur", 10_000],
      ["usd", 10_000],
    ]);
  });
});

test.each([
  ["2025-12", "2025-12-01", "2026-01-01"],
  [null, "2026-11-01", "2026-12-01"],
  ["2026-13", "2026-11-01", "2026-12-01"],
  ["' or 1", "2026-11-01", "2026-12-01"],
])("the month %j is from %s until %s", (typed, from, until) => {
  expect(readMonth(typed, now)).toEqual({ from: new Date(from), until: new Date(until) });
});
