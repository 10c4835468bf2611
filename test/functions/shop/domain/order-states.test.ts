import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  holdsUnpaidUnit,
  ImpossibleMoveError,
  isOpen,
  isOrderStatus,
  moved,
  OPEN_STATUSES,
  type OrderStatus,
  statusOfPaid,
} from "../../../../functions/shop/domain/order.ts";
import { orderOf, paymentOf } from "../../../support/shop/paid-order.ts";

/** Every move there is: what a buyer, a builder, a bank or the clock may do to an order. */
const ALLOWED: readonly (readonly [OrderStatus, OrderStatus])[] = [
  ["reserved", "processing"],
  ["reserved", "paid"],
  ["reserved", "expired"],
  ["reserved", "cancelled"],
  ["processing", "paid"],
  ["processing", "cancelled"],
  ["expired", "processing"],
  ["expired", "paid"],
  ["expired", "refunded"],
  ["expired", "charged_back"],
  ["cancelled", "processing"],
  ["cancelled", "paid"],
  ["cancelled", "refunded"],
  ["cancelled", "charged_back"],
  ["paid", "building"],
  ["paid", "shipped"],
  ["paid", "refunded"],
  ["paid", "charged_back"],
  ["building", "shipped"],
  ["building", "refunded"],
  ["building", "charged_back"],
  ["shipped", "delivered"],
  // It is sent again.
  ["shipped", "paid"],
  ["shipped", "building"],
  ["shipped", "refunded"],
  ["shipped", "charged_back"],
  ["delivered", "paid"],
  ["delivered", "building"],
  ["delivered", "refunded"],
  ["delivered", "charged_back"],
];
const STATES = [...new Set(ALLOWED.flat())];
const LAST: readonly OrderStatus[] = ["refunded", "charged_back"];
const isAllowed = (from: OrderStatus, to: OrderStatus) =>
  ALLOWED.some(([before, after]) => before === from && after === to);
const pairs = STATES.flatMap((from) => STATES.map((to) => [from, to] as const));

describe("where an order may go", () => {
  test.each(ALLOWED)("from %s to %s", (from, to) => {
    expect(moved({ id: "cs_1", fulfillmentStatus: from }, to)).toBe(to);
  });

  test("nowhere else: each other move throws, naming the order and both states", () => {
    const impossible = pairs.filter(([from, to]) => !isAllowed(from, to));
    expect(impossible).toHaveLength(STATES.length ** 2 - ALLOWED.length);
    for (const [from, to] of impossible) {
      const move = () => moved({ id: "cs_1", fulfillmentStatus: from }, to);
      expect(move).toThrow(ImpossibleMoveError);
      expect(move).toThrow(expect.objectContaining({ isTerminal: true }));
      expect(move).toThrow(`Order cs_1 cannot go from "${from}" to "${to}".`);
    }
  });

  test("no state leads to itself, so nothing happens twice", () => {
    for (const state of STATES) {
      expect(() => moved({ id: "1", fulfillmentStatus: state }, state)).toThrow(
        ImpossibleMoveError,
      );
    }
  });

  test("no state leads back from refunded or charged back", () => {
    for (const from of LAST) {
      for (const to of STATES) {
        expect(() => moved({ id: "1", fulfillmentStatus: from }, to)).toThrow(ImpossibleMoveError);
      }
    }
  });

  test("whatever is tried in whatever order, an order that is paid is never reserved again", () => {
    const beforePayment = new Set<string>(["reserved", "processing", "expired", "cancelled"]);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...STATES), { maxLength: 40 }), (tries) => {
        let state: OrderStatus = "reserved";
        for (const to of tries) {
          const wasPaid = !beforePayment.has(state);
          try {
            state = moved({ id: "1", fulfillmentStatus: state }, to);
          } catch {
            continue;
          }
          if (wasPaid) expect(beforePayment.has(state)).toBe(false);
        }
      }),
    );
  });

  test("older words in stored orders allow no move and are no state", () => {
    for (const word of ["on hold", "PAID", "", "constructor", "__proto__", "toString"]) {
      expect(isOrderStatus(word)).toBe(false);
      for (const to of STATES) {
        expect(() => moved({ id: "1", fulfillmentStatus: word }, to)).toThrow(
          `from "${word}" to "${to}"`,
        );
      }
    }
  });

  test("only orders that are paid for and not yet sent off are open for work", () => {
    const open = STATES.filter((state) =>
      isOpen({ fulfillmentStatus: state, payment: undefined, cancellation: undefined }),
    );
    expect(open).toEqual([...OPEN_STATUSES]);
  });

  test("an order of which everything is to be refunded is closed for work, and one cent less leaves it open", () => {
    const order = (refundRequested: number) =>
      orderOf(paymentOf({ amount: 10_000, refundRequested }));
    expect(isOpen(order(9999))).toBe(true);
    expect(isOpen(order(10_000))).toBe(false);
  });
});

const proof = { goLiveId: "1", streamId: "2", verifiedAtMs: 0 };
const parcelIn = (state: "open" | "sent" | "arrived") => ({ id: "1", state });

test.each([
  ["paid", "neither a proof nor a parcel", undefined, undefined],
  ["paid", "a parcel that is being packed, and no proof", undefined, parcelIn("open")],
  ["building", "a proof", proof, undefined],
  ["building", "a proof, and a parcel that is being packed", proof, parcelIn("open")],
  ["shipped", "a parcel that was sent, and no proof", undefined, parcelIn("sent")],
  ["shipped", "a proof, and a parcel that was sent", proof, parcelIn("sent")],
  ["delivered", "a parcel that has arrived, and no proof", undefined, parcelIn("arrived")],
  ["delivered", "a proof, and a parcel that has arrived", proof, parcelIn("arrived")],
] as const)("a paid order is %s with %s", (status, _with, ofWork, parcel) => {
  expect(statusOfPaid({ proof: ofWork, parcel })).toBe(status);
});

test("an order holds a unit that is not paid until its payment has come or it is over", () => {
  const holding = STATES.filter((fulfillmentStatus) => holdsUnpaidUnit({ fulfillmentStatus }));
  expect(holding).toEqual(["reserved", "processing"]);
});
