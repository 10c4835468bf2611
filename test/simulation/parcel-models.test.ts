import { describe, expect, test } from "@jest/globals";
import { replayOrders } from "../../simulation/replay/orders.ts";
import { checkNumber } from "../../simulation/shipping/rest-checks.ts";
import { altered, alteredFrom } from "../support/altered-traces.ts";
import { entriesOf, PAID_ORDER } from "../support/money-traces.ts";
import { packedOrder } from "../support/parcel-traces.ts";

describe("the model of parcels", () => {
  test("accepts an order that is built, sent, reported and packed again", () => {
    const { known } = replayOrders(packedOrder());
    expect(known.orders.get("1")).toMatchObject({ status: "building", parcelId: "1-again-2" });
    expect(known.cases.get("1")).toMatchObject({ state: "settled", outcome: "replace" });
  });

  test.each([
    ["S1", "orders/1", { fulfillment_status: "shipped" }, 4],
    ["S2", "parcels/1", { lines: [{ order_id: "2", quantity: 1 }] }, 2],
    ["S2", "parcels/1", { lines: [{ order_id: "1", quantity: 2 }] }, 2],
    ["S3", "orders/1", { proof_go_live_id: null, fulfillment_status: "paid" }, 3],
    ["S10", "cases/1", { moved_by: "stranger" }, 7],
    ["S10", "cases/1", { version: 1 }, 7],
    ["S10", "cases/1", { outcome: null }, 7],
    ["S10", "cases/1", { outcome: "refund" }, 7],
    ["S11", "orders/1", { cancel_state: "accepted" }, 4],
    ["M2", "orders/1", { refund_requested_shipping: 1 }, 2],
    ["M6", "orders/1", { shipping_amount: 400 }, 2],
    ["M6", "orders/1", { more_units: [2] }, 2],
    ["M10", "orders/1", { fee: 51 }, 0],
    ["I8", "orders/1", { more_units: [2, 3] }, 0],
  ])("notices a break of %s in %s: %j", (rule, path, fields, from) => {
    const trace = alteredFrom(packedOrder(), from, path, fields);
    expect(() => replayOrders(trace)).toThrow(`${rule}: `);
  });
});

test("the model of an order refuses refunds that exceed what was paid", () => {
  const trace = altered(entriesOf(PAID_ORDER), "orders/1/refunds/9", (refund) => ({
    ...refund,
    amount: 1_400,
  }));
  const asked = altered(trace, "orders/1", (order) =>
    order["refund_requested"] === 400 ? { ...order, refund_requested: 1_400 } : order,
  );
  expect(() => replayOrders(asked)).toThrow("M2: 1400 of order 1 is refunded, of 1000");
});

describe("the check of tracking numbers", () => {
  const [old, newest] = [
    { id: "10", parcelId: "1", tracking: "1Z 999" },
    { id: "20", parcelId: "1", tracking: "RR 123" },
  ];

  test("accepts the number of the newest command that gave one", () => {
    const silent = { id: "30", parcelId: "1", tracking: undefined };
    checkNumber({ id: "1", tracking: "RR123" }, [newest, old, silent]);
  });

  test.each(["1Z999", undefined])("refuses %s, which is not its", (tracking) => {
    const found = { id: "1", tracking };
    expect(() => checkNumber(found, [old, newest])).toThrow("S9: the number of parcel 1 is ");
  });
});
