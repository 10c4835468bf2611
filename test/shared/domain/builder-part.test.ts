import { describe, expect, test } from "@jest/globals";
import {
  builderPart,
  givenTooMuch,
  isContested,
  openDisputes,
} from "../../../functions/shop/domain/builder-part.ts";
import type { BuilderTransfer, Dispute } from "../../../functions/shop/domain/order.ts";
import { disputeOf } from "../../support/shop/paid-order.ts";

const PAID = {
  amount: 10_000,
  fee: 500,
  refunded: 0,
  refundRequested: 0,
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
