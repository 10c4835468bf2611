import { beforeEach, describe, expect, test } from "@jest/globals";
import { createDisputes } from "../../../../functions/shop/store/disputes.ts";
import type { RefundRequest } from "../../../../functions/shop/store/refunds/begin-refund.ts";
import { createRefunds } from "../../../../functions/shop/store/refunds/refunds.ts";
import { useCloud } from "../../../support/cloud.ts";
import { type Sale, sales } from "../../../support/races/sales.ts";
import { shoppers } from "../../../support/shop/shop.ts";

let sale: Sale;

const cloud = await useCloud({ rateLimits: false });
const people = shoppers(cloud);
const refunds = createRefunds(async () => cloud.firestore);
const disputes = createDisputes(async () => cloud.firestore);
beforeEach(async () => {
  sale = await sales(cloud, people).sale("split");
});

const now = () => cloud.clock.now();
const decide = (id: string, fields: Partial<RefundRequest> = {}) =>
  refunds.begin({
    id,
    orderId: sale.orderId,
    amount: undefined,
    restock: false,
    isOwed: false,
    isLimited: false,
    now,
    ...fields,
  });
const made = (id: string, amount: number) =>
  refunds.made(sale.orderId, { id, kind: "refund", amount }, now());
const stored = async () => {
  const order = await people.order(sale.orderId);
  const { refund_requested: requested, refunded, open_refunds: open } = order;
  return { requested, refunded, open, hasOpen: order["has_open_refunds"] };
};
const takenBack = async () => {
  const { transfer } = await people.order(sale.orderId);
  return (transfer as { taken_back: number }).taken_back;
};
const owed = async () => {
  const { docs } = await cloud.firestore.collection(`builders/${sale.builder}/debts`).get();
  return docs.map((debt) => Number(debt.get("amount")) - Number(debt.get("settled")));
};

describe("of two decided refunds", () => {
  beforeEach(async () => {
    await decide("first", { amount: 1000 });
    await decide("second", { amount: 500, isOwed: true });
    expect(await stored()).toEqual({
      requested: 1500,
      refunded: 0,
      open: ["first", "second"],
      hasOpen: true,
    });
  });

  test("the one that is made is removed, and the other one stays open", async () => {
    await made("first", 1000);
    expect(await stored()).toEqual({
      requested: 1500,
      refunded: 1000,
      open: ["second"],
      hasOpen: true,
    });
    await made("second", 500);
    expect(await stored()).toEqual({ requested: 1500, refunded: 1500, open: [], hasOpen: false });
  });

  test("the one that Stripe refuses is removed, and the other one stays open", async () => {
    await refunds.refused(sale.orderId, "first", now());
    expect(await stored()).toEqual({
      requested: 500,
      refunded: 0,
      open: ["second"],
      hasOpen: true,
    });
    expect(await refunds.get(sale.orderId, "first")).toMatchObject({ state: "failed" });
    // A repeat changes nothing.
    expect(await refunds.refused(sale.orderId, "first", now())).toBe(false);
    expect(await stored()).toMatchObject({ requested: 500 });
  });

  test("the one with nothing left to refund is closed, and the other one stays open", async () => {
    const aimed = await refunds.aim(sale.orderId, "second", 0, now());
    expect(aimed).toMatchObject({ state: "closed", amount: 0, attempt: 2 });
    expect(await stored()).toEqual({
      requested: 1000,
      refunded: 0,
      open: ["first"],
      hasOpen: true,
    });
    expect(await refunds.aim(sale.orderId, "second", 300, now())).toEqual(aimed);
  });

  test("the one with less left to refund is retried for that amount, and stays open", async () => {
    expect(await refunds.aim(sale.orderId, "second", 1, now())).toMatchObject({
      state: "requested",
      amount: 1,
      attempt: 2,
    });
    expect(await stored()).toEqual({
      requested: 1001,
      refunded: 0,
      open: ["first", "second"],
      hasOpen: true,
    });
  });

  test("both are listed with the time of their decision, and so is their order", async () => {
    const known = await decide("first");
    if (known.outcome !== "refund") throw new Error(known.outcome);
    const open = await refunds.openOf(known.order);
    expect(open.map(({ id, since }) => [id, since])).toEqual([
      ["first", expect.any(Date)],
      ["second", expect.any(Date)],
    ]);
    expect(await refunds.unfinished(undefined, 1000)).toContain(sale.orderId);
    expect(await refunds.unfinished(sale.orderId, 1000)).not.toContain(sale.orderId);
  });

  test("one for which an earlier one leaves too little fails, and its money can be refunded again", async () => {
    await made("elsewhere", 3000);
    expect(await stored()).toEqual({
      requested: 3333,
      refunded: 3000,
      open: ["second"],
      hasOpen: true,
    });
    expect(await refunds.get(sale.orderId, "first")).toMatchObject({ state: "failed" });
    expect(await refunds.get(sale.orderId, "second")).toMatchObject({ amount: 333 });
  });
});

describe("a refund", () => {
  test("is decided once for its id, whatever is requested under it later", async () => {
    await decide("same", { amount: 1000, isLimited: true });
    expect(await decide("same", { amount: 2000 })).toMatchObject({
      outcome: "refund",
      refund: { amount: 1000, isLimited: true },
    });
    expect(await stored()).toMatchObject({ requested: 1000, open: ["same"] });
  });

  test("can take all that is left, and not a cent more", async () => {
    expect(await decide("more", { amount: 3334 })).toMatchObject({
      outcome: "too-much",
      left: 3333,
    });
    await decide("part", { amount: 3332 });
    expect(await decide("more", { amount: 2 })).toMatchObject({ outcome: "too-much", left: 1 });
    expect(await decide("rest")).toMatchObject({ outcome: "refund", refund: { amount: 1 } });
    expect(await decide("none")).toMatchObject({ outcome: "too-much", left: 0 });
    expect(await stored()).toMatchObject({ requested: 3333, open: ["part", "rest"] });
  });

  test("is booked once, and its share of the builder's part is owed once", async () => {
    await made("dashboard", 1111);
    const after = await made("dashboard", 1111);
    expect(after).toMatchObject({ refund: { amount: 1111, state: "made" } });
    expect(await stored()).toEqual({ requested: 1111, refunded: 1111, open: [], hasOpen: false });
    expect(await owed()).toEqual([1056]);
    expect(await takenBack()).toBe(1056);
  });

  test("that is refused returns to the builder what it took, so that they owe nothing", async () => {
    await decide("typed", { amount: 1111 });
    expect(await owed()).toEqual([1056]);
    expect(await refunds.refused(sale.orderId, "typed", now())).toBe(false);
    expect(await owed()).toEqual([0]);
    expect(await takenBack()).toBe(0);
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "released" });
  });
});

describe("a dispute", () => {
  const news = { id: "dp_books", amount: 3333, fee: 0, isInquiry: false };
  const open = { ...news, withdrawn: 3333, outcome: "open" } as const;
  const won = { ...news, withdrawn: 0, outcome: "won" } as const;

  test("that is won forgives what was not collected, and nothing has to be sent again", async () => {
    await disputes.record(sale.orderId, async () => open, now());
    expect(await owed()).toEqual([3167]);
    await disputes.record(sale.orderId, async () => won, now());
    expect(await owed()).toEqual([0]);
    expect(await takenBack()).toBe(0);
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "released" });
  });

  test("changes nothing when redelivered", async () => {
    const first = await disputes.record(sale.orderId, async () => open, now());
    expect(first).toMatchObject({ before: undefined, debtId: `${sale.orderId}.dp_books` });
    const again = await disputes.record(sale.orderId, async () => open, now());
    expect(again).toMatchObject({ before: { id: "dp_books" }, debtId: undefined });
    expect(await owed()).toEqual([3167]);
  });

  test("stays unchanged once it is booked, and others are stored beside it", async () => {
    await disputes.record(
      sale.orderId,
      async () => ({ ...open, withdrawn: 1000, amount: 1000 }),
      now(),
    );
    await disputes.record(
      sale.orderId,
      async () => ({ ...open, id: "dp_other", withdrawn: 500 }),
      now(),
    );
    await refunds.made(sale.orderId, { id: "dp_books", kind: "dispute", amount: 1000 }, now());
    await disputes.record(sale.orderId, async () => won, now());
    const { disputes: kept } = await people.order(sale.orderId);
    expect(kept).toMatchObject([
      { id: "dp_books", withdrawn: 1000, outcome: "open", is_booked: true },
      { id: "dp_other", withdrawn: 500, is_booked: false },
    ]);
  });
});
