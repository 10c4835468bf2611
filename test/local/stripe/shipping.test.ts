import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type Stripe from "stripe";
import { ADDRESS_MARKER, PHONE_MARKER } from "../../../local/stripe/addresses.ts";
import { type OpenStripe, openStripe, refusalOf, sessionOf } from "./support.ts";

type Parameters = Stripe.Checkout.SessionCreateParams;
type RateData = Stripe.Checkout.SessionCreateParams.ShippingOption.ShippingRateData;

let open: OpenStripe;
beforeEach(async () => {
  open = await openStripe();
});
afterEach(() => open.close());

const rate = (name: string, amount: number, data: Partial<RateData> = {}) => ({
  shipping_rate_data: {
    type: "fixed_amount" as const,
    display_name: name,
    fixed_amount: { amount, currency: "usd" },
    ...data,
  },
});

/** A session for one keyboard of $100.00 that is shipped within Europe. */
const shipped = (changes: Partial<Parameters> = {}): Parameters => ({
  ...sessionOf(10_000),
  shipping_address_collection: { allowed_countries: ["DE", "FR"] },
  shipping_options: [
    rate("By post", 500, { metadata: { option: "post" } }),
    rate("By courier", 1500),
  ],
  ...changes,
});

const create = (changes: Partial<Parameters> = {}) =>
  open.stripe.checkout.sessions.create(shipped(changes));
const retrieve = (id: string) => open.stripe.checkout.sessions.retrieve(id);

const address = {
  line1: `7 ${ADDRESS_MARKER} Street`,
  line2: null,
  city: "Bremen",
  postal_code: "28195",
  state: null,
  country: "DE",
};
const recipient = { name: `Ada ${ADDRESS_MARKER}`, address };

describe("a session that is shipped", () => {
  test("costs the preselected option until the buyer has chosen another", async () => {
    const session = await create();
    expect(session).toMatchObject({
      amount_subtotal: 10_000,
      amount_total: 10_500,
      shipping_cost: { amount_subtotal: 500, amount_tax: 0, amount_total: 500 },
      total_details: { amount_discount: 0, amount_shipping: 500, amount_tax: 0 },
      collected_information: null,
    });
    open.simulator.pay(session.id, "card", { shippingOption: 1 });
    const paid = await retrieve(session.id);
    expect(paid).toMatchObject({ amount_total: 11_500, shipping_cost: { amount_total: 1500 } });
    expect(open.platform()).toBe(11_500);
  });

  test("says by the rate's metadata which option was chosen", async () => {
    const { id } = await create();
    open.simulator.pay(id);
    const expand = ["shipping_cost.shipping_rate"];
    const { shipping_cost: cost } = await open.stripe.checkout.sessions.retrieve(id, { expand });
    expect(cost?.shipping_rate).toMatchObject({
      object: "shipping_rate",
      display_name: "By post",
      fixed_amount: { amount: 500, currency: "usd" },
      metadata: { option: "post" },
    });
  });

  test("shows the address ever after, on the session, the payment and the charge", async () => {
    const { id } = await create({ phone_number_collection: { enabled: true } });
    open.simulator.pay(id, "card", { shipping: recipient, phone: `${PHONE_MARKER}0123` });
    const session = await open.stripe.checkout.sessions.retrieve(id, {
      expand: ["payment_intent.latest_charge"],
    });
    expect(session.collected_information?.shipping_details).toEqual(recipient);
    expect(session.customer_details).toMatchObject({
      email: "buyer@example.com",
      name: recipient.name,
      phone: `${PHONE_MARKER}0123`,
    });
    const parcel = { ...recipient, carrier: null, tracking_number: null };
    expect(session.payment_intent).toMatchObject({
      shipping: parcel,
      latest_charge: {
        shipping: parcel,
        billing_details: { name: recipient.name, phone: `${PHONE_MARKER}0123` },
      },
    });
  });
});

describe("refused at creation", () => {
  const refused = async (changes: Partial<Parameters>) => refusalOf(create(changes));

  test("a sixth shipping option", async () => {
    const six = Array.from({ length: 6 }, (_, index) => rate(`Option ${index}`, index));
    expect((await refused({ shipping_options: six })).param).toBe("shipping_options");
  });
});
