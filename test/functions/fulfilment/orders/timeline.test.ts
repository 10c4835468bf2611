import { expect, test } from "@jest/globals";
import { type OrderMoment, timelineOf } from "../../../../functions/fulfilment/domain/timeline.ts";
import type { Case } from "../../../../functions/shipping/domain/case.ts";
import type { Order } from "../../../../functions/shop/domain/order.ts";
import { disputeOf, orderOf, paymentOf } from "../../../support/shop/paid-order.ts";

const day = (number: number) => new Date(Date.UTC(2026, 5, number));
const NOW = day(30);

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
  answerChangeId: undefined,
  answer: "That's the patina.",
  moves: [
    { state: "open", by: "buyer", at: day(5) },
    { state: "answered", by: "builder", at: day(6) },
    { state: "escalated", by: "buyer", at: day(7) },
    { state: "settled", by: "staff", at: day(9) },
  ],
  pictures: [],
  openedUnder: undefined,
  openedAt: day(5),
  answeredAt: day(6),
  updatedAt: day(9),
};

const refund = {
  kind: "refund",
  amount: 5,
  shipping: 0,
  state: "made",
  decidedAt: day(8),
} as const;

const parcel = {
  state: "arrived",
  sentAt: day(3),
  arrivedAt: day(4),
  arrivedBy: "buyer",
  dispatchBy: day(5),
  waitAskedAt: undefined,
  waitUntil: undefined,
  carrier: undefined,
  tracking: undefined,
  destination: "US",
} as const;

const NOTHING = {
  order: orderOf(undefined),
  reservedAt: undefined,
  parcel: undefined,
  earlierParcel: undefined,
  refunds: [],
  reported: undefined,
  moves: [],
};

const shortOf = (moments: readonly OrderMoment[]) =>
  moments.map(({ what, at }) => [what, at.getUTCDate()]);

test("a timeline has every move of what was reported, and the refund, in order of time", () => {
  const facts = { ...NOTHING, reservedAt: day(1), parcel, refunds: [refund], reported };
  expect(shortOf(timelineOf(facts, NOW))).toEqual([
    ["reserved", 1],
    ["sent", 3],
    ["arrived", 4],
    ["reported", 5],
    ["answered", 6],
    ["escalated", 7],
    ["refund", 8],
    ["settled", 9],
  ]);
});

test("a parcel that was sent again has both journeys, and is late from its own day on", () => {
  const again = { ...parcel, sentAt: day(14), arrivedAt: day(20), dispatchBy: day(12) };
  const earlierParcel = { ...parcel, state: "canceled", arrivedAt: undefined } as const;
  const moments = timelineOf({ ...NOTHING, parcel: again, earlierParcel }, NOW);
  expect(shortOf(moments)).toEqual([
    ["sent", 3],
    ["late", 12],
    ["sent", 14],
    ["arrived", 20],
  ]);
  const sent = moments.filter(({ what }) => what === "sent");
  expect(sent).toMatchObject([{ isAgain: false }, { isAgain: true }]);
});

test("an open parcel shows that its buyer asked to wait, and once its day is over that it is late", () => {
  const open = { ...parcel, state: "open", sentAt: undefined, arrivedAt: undefined } as const;
  const waiting = { ...open, waitAskedAt: day(2), waitUntil: day(10), dispatchBy: day(12) };
  const facts = { ...NOTHING, parcel: waiting };
  expect(shortOf(timelineOf(facts, day(11)))).toEqual([["waiting", 2]]);
  expect(shortOf(timelineOf(facts, day(13)))).toEqual([
    ["waiting", 2],
    ["late", 12],
  ]);
});

type Cancellation = NonNullable<Order["cancellation"]>;
test.each([
  ["asked", undefined, [["cancel-asked", 2]]],
  [
    "declined",
    day(3),
    [
      ["cancel-asked", 2],
      ["cancel-declined", 3],
    ],
  ],
  [
    "accepted",
    day(3),
    [
      ["cancel-asked", 2],
      ["canceled", 3],
    ],
  ],
  ["accepted", day(2), [["canceled", 2]]],
] satisfies [Cancellation["state"], Date | undefined, unknown[]][])(
  "a request to cancel that is %s shows each step once",
  (state, answeredAt, expected) => {
    const cancellation = { state, askedAt: day(2), answeredAt, version: 1 };
    const order = orderOf(undefined, { cancellation });
    expect(shortOf(timelineOf({ ...NOTHING, order }, NOW))).toEqual(expected);
  },
);

test("disputes show when they were opened and won; a lost one is the money that went", () => {
  const won = disputeOf({ outcome: "won", openedAt: day(10), decidedAt: day(20) });
  const lost = disputeOf({ id: "dp_2", outcome: "lost", openedAt: day(21), decidedAt: day(25) });
  const order = orderOf(paymentOf({ paidAt: day(1), disputes: [won, lost] }));
  const taken = { ...refund, kind: "dispute", decidedAt: day(25) } as const;
  expect(shortOf(timelineOf({ ...NOTHING, order, refunds: [taken] }, NOW))).toEqual([
    ["paid", 1],
    ["disputed", 10],
    ["dispute-won", 20],
    ["disputed", 21],
    ["refund", 25],
  ]);
});

test("what operators moved by hand is there at its time", () => {
  const move = { what: "arrived", reason: "Seen on its page.", author: "Ada", at: day(6) } as const;
  const moments = timelineOf({ ...NOTHING, reservedAt: day(1), moves: [move] }, NOW);
  expect(shortOf(moments)).toEqual([
    ["reserved", 1],
    ["moved", 6],
  ]);
});
