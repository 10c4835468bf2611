import { describe, expect, test } from "@jest/globals";
import {
  builderPart,
  givenTooMuch,
  isContested,
  openDisputes,
} from "../../../shared/domain/builder-part.ts";
import type { BuilderTransfer, Dispute } from "../../../shared/domain/order.ts";

const PAID = {
  ...{ amount: 10_000, fee: 500, refunded: 0, refundRequested: 0 },
  ...{ disputes: [] as readonly Dispute[], transfer: undefined as BuilderTransfer | undefined },
};
const dispute = (fields: Partial<Dispute> = {}): Dispute => ({
  ...{ id: "dp_1", amount: 4000, withdrawn: 4000, isInquiry: false, outcome: "open" },
  ...{ isBooked: false, ...fields },
});
const transfer = (gross: number, takenBack = 0): BuilderTransfer => ({
  ...{ ids: ["tr_1"], gross, netted: 0, takenBack, sending: undefined },
});

describe("the builder's part", () => {
  test("is the charge without the fee, in proportion to what is left of it", () => {
    expect(builderPart(PAID)).toBe(9500);
    expect(builderPart({ ...PAID, refunded: 5000, refundRequested: 5000 })).toBe(4750);
    expect(builderPart({ ...PAID, refunded: 10_000, refundRequested: 10_000 })).toBe(0);
  });

  test("is less by refunds that are decided and not made, each counted once", () => {
    expect(builderPart({ ...PAID, refundRequested: 2000 })).toBe(7600);
    expect(builderPart({ ...PAID, refunded: 1000, refundRequested: 3000 })).toBe(6650);
    expect(builderPart({ ...PAID, refunded: 3000, refundRequested: 1000 })).toBe(6650);
  });

  test("is less by what banks have taken and nobody has booked yet", () => {
    expect(builderPart({ ...PAID, disputes: [dispute()] })).toBe(5700);
    const booked = { ...PAID, refunded: 4000, refundRequested: 4000 };
    expect(builderPart({ ...booked, disputes: [dispute({ isBooked: true })] })).toBe(5700);
    const two = [dispute({ withdrawn: 1000 }), dispute({ id: "dp_2", withdrawn: 1000 })];
    expect(builderPart({ ...PAID, disputes: two })).toBe(7600);
  });

  test("is never less than nothing, whatever was taken", () => {
    expect(builderPart({ ...PAID, refundRequested: 9000, disputes: [dispute()] })).toBe(0);
  });
});

describe("what a builder was given", () => {
  test("beyond their part they owe, and what is too little they get", () => {
    expect(givenTooMuch({ ...PAID, transfer: transfer(9500) })).toBe(0);
    expect(givenTooMuch({ ...PAID, refundRequested: 5000, transfer: transfer(9500) })).toBe(4750);
    expect(givenTooMuch({ ...PAID, transfer: transfer(9500, 4750) })).toBe(-4750);
    expect(givenTooMuch(PAID)).toBe(-9500);
  });
});

describe("a charge is contested", () => {
  test("as long as one of its disputes is open that is no inquiry", () => {
    const lost = dispute({ id: "dp_2", outcome: "lost" });
    expect(isContested({ disputes: [lost, dispute()] })).toBe(true);
    expect(isContested({ disputes: [dispute({ isInquiry: true }), dispute()] })).toBe(true);
    expect(isContested({ disputes: [dispute({ isInquiry: true })] })).toBe(false);
    expect(isContested({ disputes: [lost, dispute({ outcome: "won" })] })).toBe(false);
    expect(openDisputes({ disputes: [lost, dispute()] })).toEqual([dispute()]);
  });
});
