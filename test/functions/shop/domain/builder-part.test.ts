import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  builderPart,
  givenTooMuch,
  isContested,
  openDisputes,
} from "../../../../functions/shop/domain/builder-part.ts";
import type { BuilderTransfer, Dispute } from "../../../../functions/shop/domain/order.ts";
import {
  refundable,
  shippingIn,
  splitLeft,
} from "../../../../functions/shop/domain/order-parts.ts";
import { feeOf } from "../../../../shared/money/money.ts";
import { disputeOf } from "../../../support/shop/paid-order.ts";

const PAID = {
  amount: 10_000,
  shipping: 0,
  shippingTax: 0,
  tax: 0,
  fee: 500,
  refunded: 0,
  refundRequested: 0,
  refundRequestedShipping: 0,
  disputes: [] as readonly Dispute[],
  transfer: undefined as BuilderTransfer | undefined,
};
const transfer = (gross: number, takenBack = 0): BuilderTransfer => ({
  ids: ["tr_1"],
  gross,
  netted: 0,
  takenBack,
  sending: undefined,
});

describe("the builder's part", () => {
  test("is the charge minus the fee, in proportion to what is left of it", () => {
    expect(builderPart(PAID)).toBe(9500);
    expect(builderPart({ ...PAID, refunded: 5000, refundRequested: 5000 })).toBe(4750);
    expect(builderPart({ ...PAID, refunded: 10_000, refundRequested: 10_000 })).toBe(0);
  });

  test("excludes decided refunds that were not made yet, each counted once", () => {
    expect(builderPart({ ...PAID, refundRequested: 2000 })).toBe(7600);
    expect(builderPart({ ...PAID, refunded: 1000, refundRequested: 3000 })).toBe(6650);
    expect(builderPart({ ...PAID, refunded: 3000, refundRequested: 1000 })).toBe(6650);
  });

  test("excludes what banks have taken and is not booked yet", () => {
    expect(builderPart({ ...PAID, disputes: [disputeOf()] })).toBe(5700);
    const booked = { ...PAID, refunded: 4000, refundRequested: 4000 };
    expect(builderPart({ ...booked, disputes: [disputeOf({ isBooked: true })] })).toBe(5700);
    const two = [disputeOf({ withdrawn: 1000 }), disputeOf({ id: "dp_2", withdrawn: 1000 })];
    expect(builderPart({ ...PAID, disputes: two })).toBe(7600);
  });

  test("is never negative, whatever was taken", () => {
    expect(builderPart({ ...PAID, refundRequested: 9000, disputes: [disputeOf()] })).toBe(0);
    expect(builderPart({ ...PAID, fee: 0, refunded: 9000, disputes: [disputeOf()] })).toBe(0);
  });

  test("without a fee is everything left of the charge, to the cent", () => {
    const booked = disputeOf({ isBooked: true });
    expect(builderPart({ ...PAID, fee: 0 })).toBe(10_000);
    expect(builderPart({ ...PAID, fee: 0, refunded: 4000, disputes: [booked] })).toBe(6000);
  });
});

describe("what a builder has received", () => {
  test("beyond their part is a debt, and what is missing is still paid", () => {
    expect(givenTooMuch({ ...PAID, transfer: transfer(9500) })).toBe(0);
    expect(givenTooMuch({ ...PAID, refundRequested: 5000, transfer: transfer(9500) })).toBe(4750);
    expect(givenTooMuch({ ...PAID, transfer: transfer(9500, 4750) })).toBe(-4750);
    expect(givenTooMuch(PAID)).toBe(-9500);
  });
});

describe("a charge is disputed", () => {
  test("as long as one of its disputes is open and not an inquiry", () => {
    const lost = disputeOf({ id: "dp_2", outcome: "lost" });
    expect(isContested({ disputes: [lost, disputeOf()] })).toBe(true);
    expect(isContested({ disputes: [disputeOf({ isInquiry: true }), disputeOf()] })).toBe(true);
    expect(isContested({ disputes: [disputeOf({ isInquiry: true })] })).toBe(false);
    expect(isContested({ disputes: [lost, disputeOf({ outcome: "won" })] })).toBe(false);
    expect(openDisputes({ disputes: [lost, disputeOf()] })).toEqual([disputeOf()]);
  });
});

describe("an order with shipping and tax", () => {
  const parts = fc.record({
    items: fc.integer({ min: 1, max: 1_000_000 }),
    itemsTax: fc.integer({ min: 0, max: 200_000 }),
    shipping: fc.integer({ min: 0, max: 50_000 }),
    shippingTax: fc.integer({ min: 0, max: 10_000 }),
    feeBps: fc.integer({ min: 0, max: 10_000 }),
    refunds: fc.array(
      fc.record({
        part: fc.constantFrom("order" as const, "items" as const, "shipping" as const),
        permille: fc.integer({ min: 1, max: 1000 }),
      }),
      { maxLength: 6 },
    ),
  });

  test("pays the builder the shipping in full, and takes the fee of the items alone", () => {
    const payment = { ...PAID, amount: 13_100, shipping: 2000, shippingTax: 160, tax: 1100 };
    // 10,000 for the items with a fee of 500, 2,000 for shipping; 1,100 of tax stay.
    expect(builderPart({ ...payment, shippingTax: 160 })).toBe(9500 + 2000);
  });

  test("a refund of the shipping leaves the builder's part of the items alone", () => {
    const payment = { ...PAID, amount: 12_000, shipping: 2000 };
    const refunded = { refundRequested: 2000, refundRequestedShipping: 2000 };
    expect(builderPart({ ...payment, ...refunded })).toBe(9500);
  });

  test("a refund without a name takes from the items first, then from the shipping", () => {
    const payment = { ...PAID, amount: 12_000, shipping: 2000 };
    expect(shippingIn(payment, 12_000, { amount: 10_000, part: "order" })).toBe(0);
    expect(shippingIn(payment, 12_000, { amount: 11_000, part: "order" })).toBe(1000);
    expect(shippingIn(payment, 12_000, { amount: 12_000, part: "order" })).toBe(2000);
  });

  test("after any series of refunds the parts add up, and the whole refund leaves nothing", () => {
    fc.assert(
      fc.property(parts, ({ items, itemsTax, shipping, shippingTax, feeBps, refunds }) => {
        const amount = items + itemsTax + shipping + shippingTax;
        const fee = feeOf(items, { rateBps: feeBps, minimum: 0 });
        const charge = { ...PAID, amount, shipping, shippingTax, tax: itemsTax + shippingTax, fee };
        let payment = charge;
        let before = builderPart(payment);
        expect(before).toBe(items - fee + shipping);
        for (const { part, permille } of [...refunds, { part: "order" as const, permille: 1000 }]) {
          const left = payment.amount - payment.refundRequested;
          const most = refundable(payment, left, part);
          const refund = { part, amount: Math.floor((most * permille) / 1000) };
          const ofShipping = shippingIn(payment, left, refund);
          payment = {
            ...payment,
            refundRequested: payment.refundRequested + refund.amount,
            refundRequestedShipping: payment.refundRequestedShipping + ofShipping,
          };
          const after = builderPart(payment);
          expect(after).toBeLessThanOrEqual(before);
          expect(before - after).toBeLessThanOrEqual(refund.amount);
          const { items: itemsLeft, shipping: shippingLeft } = splitLeft(
            payment,
            left - refund.amount,
          );
          expect(itemsLeft + shippingLeft).toBe(left - refund.amount);
          expect(Math.min(itemsLeft, shippingLeft)).toBeGreaterThanOrEqual(0);
          before = after;
        }
        expect(before).toBe(0);
      }),
    );
  });
});
