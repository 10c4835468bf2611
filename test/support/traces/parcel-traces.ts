import { entriesOf } from "./money-traces.ts";

const T_MS = Date.UTC(2026, 5, 1, 12);
/** How the drop of the order below ships. */
export const TERMS = {
  from: "US",
  zones: [{ kind: "home", countries: [], price: 300, further: 100 }],
  free_from: null,
  dispatch_days: 5,
  needs_phone: false,
  is_pickup: false,
  bundle_hours: 24,
};
const ORDER = {
  drop_id: "4",
  delivery: {
    options: [{ id: "home", amount: 300, countries: ["US"] }],
    joins: null,
    dispatch_days: 5,
    bundle_hours: 24,
  },
  buyer_id: "3",
  builder_id: "2",
  fulfillment_status: "reserved",
  plan: "held",
  amount: 1_300,
  shipping_amount: 300,
  fee: 50,
  currency: "usd",
  checkout_session_id: "cs_1",
  refund_requested: 0,
  refunded: 0,
};
const CHARGE = {
  id: "ch_1",
  payment_intent: "pi_1",
  amount: 1_300,
  currency: "usd",
  balance_transaction: "txn_1",
  metadata: { order_id: "1" },
};
const PAID = {
  fulfillment_status: "paid",
  hold: "held",
  held_until: T_MS + 15 * 24 * 3_600_000,
  paid_at: T_MS,
  payment_intent_id: "pi_1",
  charge_id: "ch_1",
  parcel_id: "1",
  parcel_state: "open",
};
const PARCEL = {
  buyer_id: "3",
  builder_id: "2",
  state: "open",
  lines: [{ order_id: "1", quantity: 1 }],
  dispatch_by: T_MS + 5 * 24 * 3_600_000,
};
const CASE = {
  parcel_id: "1",
  buyer_id: "3",
  builder_id: "2",
  state: "open",
  moved_by: "buyer",
  version: 1,
  updated_at: T_MS + 10_000,
};
const SESSION = {
  id: "cs_1",
  payment_status: "paid",
  amount_total: 1_300,
  shipping_cost: { amount_subtotal: 300, amount_tax: 0 },
};
const AGAIN = { parcel_id: "1-again-2", parcel_state: "open" };

/** An order of 10.00 and 3.00 for shipping: built, sent, arrived, reported as damaged and packed again. */
export function packedOrder() {
  return entriesOf([
    { store: { "shipping_terms/2": { shipping: TERMS } } },
    { store: { "inventory/4": { builder_id: "2", shipping: TERMS } } },
    { store: { "orders/1": ORDER } },
    { event: "charge.succeeded", object: CHARGE },
    { event: "checkout.session.completed", object: SESSION },
    { store: { "orders/1": PAID, "parcels/1": PARCEL } },
    { store: { "orders/1": { proof_go_live_id: "7", fulfillment_status: "building" } } },
    {
      store: {
        "orders/1": { fulfillment_status: "shipped", parcel_state: "sent" },
        "parcels/1": { state: "sent", sent_at: T_MS + 5_000 },
      },
    },
    {
      store: {
        "orders/1": { fulfillment_status: "delivered", parcel_state: "arrived" },
        "parcels/1": { state: "arrived", arrived_by: "buyer" },
      },
    },
    { store: { "cases/1": CASE } },
    {
      store: {
        "orders/1": { fulfillment_status: "building", ...AGAIN },
        "parcels/1-again-2": PARCEL,
        "cases/1": { state: "settled", outcome: "replace", moved_by: "builder", version: 2 },
      },
    },
  ]);
}
