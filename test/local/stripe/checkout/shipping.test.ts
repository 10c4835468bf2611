import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type Stripe from "stripe";
import { ADDRESS_MARKER, PHONE_MARKER } from "../../../../local/stripe/objects/addresses.ts";
import { type OpenStripe, openStripe, refusalOf } from "../support.ts";
import { rate, recipientOf, shippedSession } from "./shipped.ts";

type Parameters = Stripe.Checkout.SessionCreateParams;

let open: OpenStripe;
beforeEach(async () => {
  open = await openStripe();
});
afterEach(() => open.close());

const create = (changes: Partial<Parameters> = {}) =>
  open.stripe.checkout.sessions.create(shippedSession(changes));
const retrieve = (id: string, ...expand: string[]) =>
  open.stripe.checkout.sessions.retrieve(id, { expand });
const recipient = recipientOf("DE");
const phone = `${PHONE_MARKER}0123`;

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

  test("another option after a declined card changes the amount of the same payment", async () => {
    const { id } = await create();
    open.simulator.pay(id, "declined");
    const { payment_intent: intent } = await retrieve(id);
    open.simulator.pay(id, "card", { shippingOption: 1 });
    expect(await retrieve(id, "payment_intent")).toMatchObject({
      amount_total: 11_500,
      payment_intent: { id: intent, amount: 11_500, amount_received: 11_500 },
    });
  });

  test("shows which option was chosen by the metadata of its rate", async () => {
    const { id } = await create();
    open.simulator.pay(id);
    const { shipping_cost: cost } = await retrieve(id, "shipping_cost.shipping_rate");
    expect(cost?.shipping_rate).toMatchObject({
      object: "shipping_rate",
      display_name: "By post",
      fixed_amount: { amount: 500, currency: "usd" },
      delivery_estimate: { minimum: null, maximum: { unit: "business_day", value: 5 } },
      metadata: { option: "post" },
    });
    const rateId = String((await retrieve(id)).shipping_cost?.shipping_rate);
    expect((await open.stripe.shippingRates.retrieve(rateId)).id).toBe(rateId);
  });

  test("can be free to ship", async () => {
    const { id } = await create({ shipping_options: [rate("Free", 0)] });
    open.simulator.pay(id);
    expect(await retrieve(id)).toMatchObject({ amount_total: 10_000 });
  });

  test("still shows the address months later, on the session, the payment and the charge", async () => {
    const { id } = await create({ phone_number_collection: { enabled: true } });
    open.simulator.pay(id, "card", { shipping: recipient, phone });
    await open.clock.advance(90 * 24 * 60 * 60_000);
    const session = await retrieve(id, "payment_intent.latest_charge");
    expect(session.collected_information?.shipping_details).toEqual(recipient);
    const { name } = recipient;
    expect(session.customer_details).toMatchObject({ email: "buyer@example.com", name, phone });
    const parcel = { ...recipient, phone, carrier: null, tracking_number: null };
    expect(session.payment_intent).toMatchObject({
      shipping: parcel,
      latest_charge: { shipping: parcel, billing_details: { name, phone }, receipt_email: null },
    });
  });

  test("reports all of it with checkout.session.completed", async () => {
    const { id } = await create({ phone_number_collection: { enabled: true } });
    open.simulator.pay(id, "card", { shipping: recipient, phone });
    const event = open.simulator.events().find(({ type }) => type.endsWith("session.completed"));
    expect(event?.data.object).toEqual(JSON.parse(JSON.stringify(await retrieve(id))));
  });

  test("has a receipt, which shows refunds", async () => {
    const { id } = await create();
    open.simulator.pay(id);
    const session = await retrieve(id, "payment_intent.latest_charge");
    const intent = session.payment_intent as Stripe.PaymentIntent;
    const { receipt_url: url } = intent.latest_charge as Stripe.Charge;
    await open.stripe.refunds.create({ payment_intent: intent.id, amount: 500 });
    const page = await (await fetch(String(url))).text();
    expect(page).toContain("You paid $105.00.");
    expect(page).toContain("Refunded: $5.00.");
  });
});

describe("simulated buyers", () => {
  test("live in one of the countries, at an address with the marker", async () => {
    const { id } = await create({ phone_number_collection: { enabled: true } });
    open.simulator.pay(id);
    const { collected_information: collected, customer_details: details } = await retrieve(id);
    const shipping = collected?.shipping_details;
    expect(["DE", "FR"]).toContain(shipping?.address.country);
    expect(shipping?.name).toContain(ADDRESS_MARKER);
    expect(shipping?.address.line1).toContain(ADDRESS_MARKER);
    expect(details?.phone).toMatch(new RegExp(`^\\${PHONE_MARKER}\\d{4}$`));
  });

  test("enter no address and no phone number where none is collected", async () => {
    const { session } = await open.paid();
    expect(session.collected_information).toBeNull();
    expect(session.customer_details).toMatchObject({ phone: null, address: { line1: null } });
    expect(JSON.stringify(open.simulator.events())).not.toContain(ADDRESS_MARKER);
  });

  test("are refused where the session does not ship to", async () => {
    const { id } = await create();
    const buyer = { shipping: recipientOf("US") };
    expect(() => open.simulator.pay(id, "card", buyer)).toThrow(/does not ship to US/);
    expect((await retrieve(id)).status).toBe("open");
  });

  test("are refused with an incomplete address", async () => {
    const { id } = await create();
    const nowhere = { ...recipient, address: { ...recipient.address, line1: null } };
    expect(() => open.simulator.pay(id, "card", { shipping: nowhere })).toThrow(/incomplete/);
  });

  test("are refused with an option that is not offered", async () => {
    const { id } = await create();
    expect(() => open.simulator.pay(id, "card", { shippingOption: 2 })).toThrow(/no shipping/);
  });
});

describe("at creation Stripe refuses", () => {
  const refused = (changes: Partial<Parameters>) => refusalOf(create(changes));

  test("more than five shipping options", async () => {
    const six = Array.from({ length: 6 }, (_, index) => rate(`Option ${index}`, index));
    expect((await refused({ shipping_options: six })).param).toBe("shipping_options");
  });

  test("a shipping option in another currency than the items", async () => {
    const { param, message } = await refused({
      shipping_options: [rate("By post", 500, { fixed_amount: { amount: 500, currency: "eur" } })],
    });
    expect(param).toBe("shipping_options[0][shipping_rate_data][fixed_amount][currency]");
    expect(message).toMatch(/currency/);
  });

  test("a negative shipping amount", async () => {
    const { param } = await refused({ shipping_options: [rate("By post", -1)] });
    expect(param).toBe("shipping_options[0][shipping_rate_data][fixed_amount][amount]");
  });

  test("a delivery estimate of no time", async () => {
    const estimate = { maximum: { unit: "day" as const, value: 0 } };
    const { param } = await refused({
      shipping_options: [rate("By post", 500, { delivery_estimate: estimate })],
    });
    expect(param).toContain("[delivery_estimate][maximum][value]");
  });

  test.each(["UK", "CU", "SY", "de"])("the country %s", async (country) => {
    const { param } = await refused({
      shipping_address_collection: { allowed_countries: ["DE", country] },
    });
    expect(param).toBe("shipping_address_collection[allowed_countries][1]");
  });

  test("an invoice, which the simulator does not have", async () => {
    const { code, param } = await refused({ invoice_creation: { enabled: true } });
    expect({ code, param }).toEqual({ code: "parameter_unknown", param: "invoice_creation" });
  });
});
