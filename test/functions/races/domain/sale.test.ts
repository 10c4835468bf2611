import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  type BookedSale,
  commissionOf,
  refundTransaction,
  saleTransaction,
  withinBase,
} from "../../../../functions/races/domain/sale.ts";
import {
  freezeTransaction,
  frozenAfter,
  sharesToFreeze,
} from "../../../../functions/races/domain/share-freeze.ts";
import { assertBalanced, FROZEN } from "../../../../shared/money/ledger.ts";

const AT = new Date("2026-11-01T20:00:00Z");
const LATER = new Date("2026-11-08T20:00:00Z");

/** Of the base of $100 each of two racers gets $10. */
const sale = (fields: Partial<BookedSale> = {}): BookedSale => ({
  id: "stripe:1",
  provider: "stripe",
  base: 10_000,
  currency: "usd",
  soldAt: AT,
  lobbyId: "a",
  title: "A shirt",
  refunded: 0,
  availableAt: LATER,
  frozen: [],
  freezes: 0,
  windows: [{ lobbyId: "a", rateBps: 2000, racerIds: ["ann", "bob"] }],
  ...fields,
});
const amountsOf = ({ postings }: { postings: readonly { account: string; amount: number }[] }) =>
  Object.fromEntries(postings.map(({ account, amount }) => [account, amount]));

describe("what was taken back of a sale", () => {
  test("is what was taken back of its items, between zero and the whole sale", () => {
    const taken = (...amounts: number[]) =>
      withinBase(
        1000,
        amounts.map((amount, index) => ({ id: `${index}`, amount })),
      );
    expect(taken()).toBe(0);
    expect(taken(300, 200)).toBe(500);
    expect(taken(300, -100)).toBe(200);
    expect(taken(900, 200)).toBe(1000);
    expect(taken(-1)).toBe(0);
  });

  test("is the items' part of the amount taken back, rounded down once", () => {
    const ofPaid = (...amounts: number[]) =>
      withinBase(
        1000,
        amounts.map((amount, index) => ({ id: `${index}`, amount, paid: 1200 })),
      );
    expect(ofPaid(600)).toBe(500);
    expect(ofPaid(601)).toBe(500);
    expect(ofPaid(601, 601)).toBe(1000);
    expect(ofPaid(1199)).toBe(999);
    expect(ofPaid(1200)).toBe(1000);
    expect(ofPaid(1)).toBe(0);
    expect(ofPaid(1, 1)).toBe(1);
    expect(withinBase(0, [{ id: "free", amount: 0, paid: 0 }])).toBe(0);
  });

  test("is the sum of both if both were reported", () => {
    const taken = [
      { id: "1", amount: 100 },
      { id: "2", amount: 600, paid: 1200 },
    ];
    expect(withinBase(1000, taken)).toBe(600);
  });
});

describe("the postings of a sale", () => {
  test("are its base, against platform and racers, available when the sale is", () => {
    const booked = saleTransaction(sale(), AT);
    expect(booked).toMatchObject({ id: "sale.stripe:1", kind: "sale", saleId: "stripe:1" });
    expect(amountsOf(booked)).toEqual({
      "sales:stripe": -10_000,
      platform: 8000,
      "racer:ann": 1000,
      "racer:bob": 1000,
    });
    expect(booked.postings.every(({ availableAt }) => availableAt === LATER)).toBe(true);
    expect(booked.postings.map(({ lobbyId }) => lobbyId)).toEqual([undefined, undefined, "a", "a"]);
  });

  test("are the same for one that was partly refunded before it was booked", () => {
    expect(saleTransaction(sale({ refunded: 5000 }), AT)).toEqual(saleTransaction(sale(), AT));
  });

  test("of a refund are what it takes from each account, and the opposite when it is reversed", () => {
    const refund = refundTransaction(sale(), 2500, "r1", AT);
    expect(refund).toMatchObject({ id: "refund.r1", kind: "refund", saleId: "stripe:1" });
    expect(amountsOf(refund)).toEqual({
      "clawbacks:stripe": 2500,
      platform: -2000,
      "racer:ann": -250,
      "racer:bob": -250,
    });
    expect(amountsOf(refundTransaction(sale({ refunded: 2500 }), 0, "r2", AT))).toEqual({
      "clawbacks:stripe": -2500,
      platform: 2000,
      "racer:ann": 250,
      "racer:bob": 250,
    });
  });

  test("include no zero amounts", () => {
    const alone = sale({ windows: [] });
    expect(amountsOf(saleTransaction(alone, AT))).toEqual({
      "sales:stripe": -10_000,
      platform: 10_000,
    });
    expect(refundTransaction(sale({ refunded: 2500 }), 2500, "r3", AT).postings).toEqual([]);
  });

  test("always sum to zero, and all refunds together take exactly what was given", () => {
    const id = fc.string({ minLength: 1, maxLength: 20 });
    const steps = fc.array(fc.nat(10_007), { maxLength: 5 });
    fc.assert(
      fc.property(id, steps, (name, refunds) => {
        const booked = sale({ id: `kofi:${name}`, base: 10_007 });
        const sums = new Map(Object.entries(amountsOf(saleTransaction(booked, AT))));
        let refunded = 0;
        for (const [index, next] of [...refunds, 10_007].entries()) {
          const made = refundTransaction({ ...booked, refunded }, next, `r${index}`, AT);
          assertBalanced(made);
          for (const [account, amount] of Object.entries(amountsOf(made))) {
            sums.set(account, (sums.get(account) ?? 0) + amount);
          }
          refunded = next;
        }
        const left = [...sums].filter(
          ([account]) => account === "platform" || account.startsWith("racer:"),
        );
        expect(left.map(([, amount]) => amount)).toEqual(left.map(() => 0));
      }),
    );
  });

  test("give the odd unit to one of the racers, depending on the sale's id", () => {
    const lucky = Array.from({ length: 40 }, (_, index) => {
      const { shares } = commissionOf(sale({ id: `stripe:${index}`, base: 10_005 }));
      return shares.findIndex(({ amount }) => amount === 1001);
    });
    expect(new Set(lucky)).toEqual(new Set([0, 1]));
    // A refund takes each unit from the racer who got it, so this must not change between versions.
    expect(lucky.slice(0, 10).join("")).toBe("0101010101");
  });
});

describe("while a sale is disputed", () => {
  test("each share that is not yet available is frozen", () => {
    expect(sharesToFreeze(sale(), undefined)).toEqual([1000, 1000]);
    expect(sharesToFreeze(sale({ frozen: [400, 1000] }), undefined)).toEqual([1000, 1000]);
  });

  test("of available shares only what is still in the wallet is frozen", () => {
    const wallets = new Map([["ann", 300]]);
    expect(sharesToFreeze(sale(), wallets)).toEqual([300, 0]);
    expect(sharesToFreeze(sale({ frozen: [800, 100] }), wallets)).toEqual([1000, 100]);
    expect(
      sharesToFreeze(
        sale(),
        new Map([
          ["ann", -5],
          ["bob", 5000],
        ]),
      ),
    ).toEqual([0, 1000]);
  });

  test("the same money is not frozen twice for two shares of one racer", () => {
    const windows = ["a", "b"].map((lobbyId) => ({ lobbyId, rateBps: 2000, racerIds: ["ann"] }));
    expect(sharesToFreeze(sale({ windows }), new Map([["ann", 1300]]))).toEqual([1000, 300]);
  });

  test("a refund is taken from frozen money first, and returned money is frozen again", () => {
    const frozen = sale({ frozen: [1000, 300] });
    expect(frozenAfter(frozen, 5000)).toEqual([500, 0]);
    expect(frozenAfter(frozen, 10_000)).toEqual([0, 0]);
    expect(frozenAfter(sale({ frozen: [500, 0], refunded: 5000 }), 0)).toEqual([1000, 500]);
    // Never more than the share.
    expect(frozenAfter(sale({ frozen: [1000, 1000] }), 0)).toEqual([1000, 1000]);
  });

  test("freezing moves money within an account, from when it is available to never", () => {
    const moved = freezeTransaction(sale({ frozen: [200, 0], freezes: 3 }), [1000, 0], AT);
    expect(moved).toMatchObject({ id: "freeze.stripe:1.3", kind: "freeze" });
    assertBalanced(moved);
    expect(moved.postings).toEqual([
      { account: "racer:ann", lobbyId: "a", amount: -800, availableAt: LATER },
      { account: "racer:ann", lobbyId: "a", amount: 800, availableAt: FROZEN },
    ]);
    const back = freezeTransaction(sale({ frozen: [1000, 500], freezes: 4 }), [1000], AT);
    expect(back.postings.map(({ account, amount }) => [account, amount])).toEqual([
      ["racer:bob", 500],
      ["racer:bob", -500],
    ]);
  });
});
