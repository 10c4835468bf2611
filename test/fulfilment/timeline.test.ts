import { expect, test } from "@jest/globals";
import { timelineOf } from "../../functions/fulfilment/domain/timeline.ts";
import type { Case } from "../../functions/shipping/domain/case.ts";
import { orderOf } from "../support/shop/paid-order.ts";

const day = (number: number) => new Date(Date.UTC(2026, 5, number));

const reported: Case = {
  id: "1",
  buyerId: "2",
  builderId: "3",
  parcelId: "1",
  kind: "damaged",
  state: "settled",
  outcome: "refund",
  movedBy: "staff",
  version: 4,
  text: "A corner is torn.",
  answer: "That's the patina.",
  openedAt: day(5),
  answeredAt: day(6),
  updatedAt: day(8),
};

const refund = {
  kind: "refund",
  amount: 5,
  shipping: 0,
  state: "made",
  decidedAt: day(7),
} as const;

test("a timeline has what was reported, answered, refunded and settled, in order of time", () => {
  const moments = timelineOf({
    order: orderOf(undefined),
    reservedAt: day(1),
    parcel: { sentAt: day(3), arrivedAt: day(4) },
    refunds: [refund],
    reported,
  });
  expect(moments.map(({ what, at }) => [what, at.getUTCDate()])).toEqual([
    ["reserved", 1],
    ["sent", 3],
    ["arrived", 4],
    ["reported", 5],
    ["answered", 6],
    ["refund", 7],
    ["settled", 8],
  ]);
});

test.each([
  ["open", ["reported", "answered"]],
  ["answered", ["reported", "answered"]],
  ["escalated", ["reported", "answered", "escalated"]],
  ["withdrawn", ["reported", "answered", "withdrawn"]],
] as const)("a case that is %s shows %j", (state, expected) => {
  const moments = timelineOf({
    order: orderOf(undefined),
    reservedAt: undefined,
    parcel: undefined,
    refunds: [],
    reported: { ...reported, state },
  });
  expect(moments.map(({ what }) => what)).toEqual(expected);
});
