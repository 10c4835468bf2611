import { describe, expect, test } from "@jest/globals";
import { replayOrders } from "../../simulation/replay/orders.ts";
import { checkAge, checkNumber } from "../../simulation/scenarios/shipping/checks/number.ts";
import { altered, alteredFrom } from "../support/traces/altered-traces.ts";
import { entriesOf, PAID_ORDER } from "../support/traces/money-traces.ts";
import { packedOrder, TERMS } from "../support/traces/parcel-traces.ts";

/** The delivery of the trace's order, and the only way of it. */
const HOME = { id: "home", amount: 300, countries: ["US"] };
const delivered = (changes: object) => ({
  options: [HOME],
  joins: null,
  dispatch_days: 5,
  bundle_hours: 24,
  ...changes,
});

describe("the model of parcels", () => {
  test("accepts an order that is built, sent, reported and packed again", () => {
    const { known } = replayOrders(packedOrder());
    expect(known.orders.get("1")).toMatchObject({ status: "building", parcelId: "1-again-2" });
    expect(known.cases.get("1")).toMatchObject({ state: "settled", outcome: "replace" });
  });

  test.each([
    ["S1", "orders/1", { fulfillment_status: "shipped" }, 7],
    ["S2", "parcels/1", { lines: [{ order_id: "2", quantity: 1 }] }, 5],
    ["S2", "parcels/1", { lines: [{ order_id: "1", quantity: 2 }] }, 5],
    ["S3", "orders/1", { proof_go_live_id: null, fulfillment_status: "paid" }, 6],
    ["S10", "cases/1", { moved_by: "stranger" }, 10],
    ["S10", "cases/1", { version: 1 }, 10],
    ["S10", "cases/1", { outcome: null }, 10],
    ["S10", "cases/1", { outcome: "refund" }, 10],
    ["S11", "orders/1", { cancel_state: "accepted" }, 7],
    ["M2", "orders/1", { refund_requested_shipping: 1 }, 5],
    ["M6", "orders/1", { shipping_amount: 400 }, 5],
    ["M6", "orders/1", { more_units: [2] }, 5],
    ["M10", "orders/1", { fee: 51 }, 2],
    ["I8", "orders/1", { more_units: [2, 3] }, 2],
    ["S8", "orders/1", { tax: 5 }, 2],
    ["S8", "orders/1", { shipping_tax: 20 }, 5],
    ["S13", "inventory/4", { shipping: { ...TERMS, dispatch_days: 6 } }, 1],
    ["S13", "orders/1", { delivery: delivered({ dispatch_days: 6 }) }, 2],
    ["S13", "orders/1", { delivery: delivered({ options: [{ ...HOME, amount: 200 }] }) }, 2],
    ["S13", "orders/1", { delivery: delivered({ options: [{ ...HOME, countries: ["DE"] }] }) }, 2],
    ["S13", "orders/1", { delivery: delivered({ options: [] }) }, 2],
    ["S13", "orders/1", { delivery: delivered({ joins: "5" }) }, 5],
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
    { id: "10", toId: "10", tracking: "1Z 999", isCertain: true },
    { id: "20", toId: "20", tracking: "RR 123", isCertain: true },
  ];
  const maybe = { id: "30", toId: "40", tracking: "4711 00", isCertain: false };

  test.each(["RR123", "471100"])(
    "accepts %s, of the newest command that may have given one",
    (tracking) => {
      checkNumber({ id: "1", tracking }, [newest, maybe, old]);
    },
  );

  test.each(["1Z999", undefined])("refuses %s, which is not its", (tracking) => {
    const found = { id: "1", tracking };
    expect(() => checkNumber(found, [old, maybe, newest])).toThrow(
      "S9: the number of parcel 1 is ",
    );
  });

  test("refuses what sent an order again before it was packed again", () => {
    const parcel = { id: "1-again-2", changeId: "1500000000000000000" };
    checkAge({ ...parcel, openedAtMs: Date.UTC(2026, 4, 1) });
    const late = { ...parcel, openedAtMs: Date.UTC(2026, 9, 1) };
    expect(() => checkAge(late)).toThrow("S9: parcel 1-again-2 was sent by");
  });
});
