import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type Stripe from "stripe";
import { type OpenStripe, openStripe, refusalOf, sessionOf } from "../support.ts";
import { rate, recipientOf, shippedSession } from "./shipped.ts";

type Parameters = Stripe.Checkout.SessionCreateParams;
type Behavior = "inclusive" | "exclusive";

let open: OpenStripe;
beforeEach(async () => {
  open = await openStripe();
});
afterEach(() => open.close());

/** $100.00 of goods and $5.00 of shipping, taxed where they are shipped to. */
const taxedSession = (behavior: Behavior | undefined, goodsCode?: string): Parameters => ({
  ...shippedSession(),
  automatic_tax: { enabled: true },
  line_items: [
    {
      price_data: {
        currency: "usd",
        unit_amount: 10_000,
        product_data: { name: "A keyboard", ...(goodsCode && { tax_code: goodsCode }) },
        ...(behavior && { tax_behavior: behavior }),
      },
      quantity: 1,
    },
  ],
  shipping_options: [
    rate("By post", 500, {
      tax_code: "txcd_92010001",
      ...(behavior && { tax_behavior: behavior }),
    }),
  ],
});

const create = (given: Parameters) => open.stripe.checkout.sessions.create(given);
const retrieve = (id: string, ...expand: string[]) =>
  open.stripe.checkout.sessions.retrieve(id, { expand });
const newCustomer = () => open.stripe.customers.create({ metadata: { user_id: "1001" } });
const german = { shipping: recipientOf("DE") };

describe("without a head office", () => {
  test("the tax settings are pending", async () => {
    expect(await open.stripe.tax.settings.retrieve()).toMatchObject({
      head_office: null,
      status: "pending",
      status_details: { pending: { missing_fields: ["head_office"] } },
    });
  });

  test("a session with automatic tax is refused, until there is one", async () => {
    const { message } = await refusalOf(create(taxedSession("exclusive")));
    expect(message).toMatch(/valid head office address/);
    const head_office = {
      address: { country: "US", line1: "1 Main Street", postal_code: "62701" },
    };
    const settings = await open.stripe.tax.settings.update({ head_office });
    expect(settings.status).toBe("active");
    await expect(create(taxedSession("exclusive"))).resolves.toBeDefined();
  });
});

describe("with a head office", () => {
  beforeEach(() => open.simulator.setUpTax());

  test("tax is added to exclusive prices, of goods and of shipping", async () => {
    const session = await create(taxedSession("exclusive"));
    expect(session).toMatchObject({
      amount_total: 10_500,
      automatic_tax: { enabled: true, status: "requires_location_inputs" },
    });
    open.simulator.pay(session.id, "card", german);
    expect(await retrieve(session.id, "line_items", "payment_intent")).toMatchObject({
      amount_subtotal: 10_000,
      amount_total: 12_495,
      automatic_tax: { status: "complete" },
      shipping_cost: { amount_subtotal: 500, amount_tax: 95, amount_total: 595 },
      total_details: { amount_shipping: 500, amount_tax: 1995 },
      line_items: { data: [{ amount_subtotal: 10_000, amount_tax: 1900, amount_total: 11_900 }] },
      payment_intent: { amount: 12_495 },
    });
  });

  test("tax is part of inclusive prices, which stay as they are", async () => {
    const { id } = await create(taxedSession("inclusive"));
    open.simulator.pay(id, "card", german);
    expect(await retrieve(id)).toMatchObject({
      amount_total: 10_500,
      shipping_cost: { amount_subtotal: 500, amount_tax: 80, amount_total: 500 },
      total_details: { amount_shipping: 500, amount_tax: 1677 },
    });
  });

  test("no tax is collected on nontaxable goods", async () => {
    const { id } = await create(taxedSession("exclusive", "txcd_00000000"));
    open.simulator.pay(id, "card", german);
    expect(await retrieve(id)).toMatchObject({ total_details: { amount_tax: 95 } });
  });

  test("no tax is collected where the platform is not registered", async () => {
    const given = taxedSession("exclusive");
    const { id } = await create({
      ...given,
      shipping_address_collection: { allowed_countries: ["BR"] },
    });
    open.simulator.pay(id);
    const session = await retrieve(id);
    expect(session).toMatchObject({ amount_total: 10_500, automatic_tax: { status: "complete" } });
  });

  test("the default behavior holds for prices that do not say theirs", async () => {
    const { param } = await refusalOf(create(taxedSession(undefined)));
    expect(param).toBe("line_items[0][price_data][tax_behavior]");
    open.simulator.setUpTax("inclusive");
    const { id } = await create(taxedSession(undefined));
    open.simulator.pay(id, "card", german);
    expect((await retrieve(id)).amount_total).toBe(10_500);
  });

  test("an address that does not locate the buyer cannot be paid with", async () => {
    const given = taxedSession("exclusive");
    const { id } = await create({
      ...given,
      shipping_address_collection: { allowed_countries: ["US"] },
    });
    const { name, address } = recipientOf("US");
    const vague = { shipping: { name, address: { ...address, postal_code: null } } };
    expect(() => open.simulator.pay(id, "card", vague)).toThrow(/requires_location_inputs/);
    open.simulator.pay(id);
    expect((await retrieve(id)).automatic_tax.status).toBe("complete");
  });

  test("nothing can be paid while tax calculation fails", async () => {
    const { id } = await create(taxedSession("exclusive"));
    open.simulator.failTaxes(true);
    expect(() => open.simulator.pay(id)).toThrow(/failed/);
    expect((await retrieve(id)).automatic_tax.status).toBe("failed");
    open.simulator.failTaxes(false);
    open.simulator.pay(id);
    expect((await retrieve(id)).payment_status).toBe("paid");
  });

  test("refunds and disputes are of the charge, tax included", async () => {
    const { id } = await create(taxedSession("exclusive"));
    open.simulator.pay(id, "card", german);
    const { payment_intent } = await retrieve(id);
    const refund = await open.stripe.refunds.create({ payment_intent: String(payment_intent) });
    expect(refund.amount).toBe(12_495);
    const other = await create(taxedSession("exclusive"));
    open.simulator.pay(other.id, "card", german);
    const paid = await retrieve(other.id, "payment_intent");
    const { latest_charge: charge } = paid.payment_intent as Stripe.PaymentIntent;
    expect(open.simulator.openDispute(String(charge)).amount).toBe(12_495);
  });

  test("a tax id is collected with the buyer's details", async () => {
    const { id } = await create({
      ...taxedSession("exclusive"),
      tax_id_collection: { enabled: true },
    });
    const taxId = { type: "eu_vat", value: "DE123456789" };
    open.simulator.pay(id, "card", { ...german, taxId });
    expect((await retrieve(id)).customer_details?.tax_ids).toEqual([taxId]);
  });

  test("an unknown tax code is refused", async () => {
    const refused = await refusalOf(create(taxedSession("exclusive", "books")));
    expect(refused).toMatchObject({
      code: "resource_missing",
      param: "line_items[0][price_data][product_data][tax_code]",
    });
  });

  test("a customer without an address is refused unless the entered one is saved", async () => {
    const { id: customer } = await newCustomer();
    const { line_items } = taxedSession("exclusive");
    const given = {
      ...sessionOf(),
      line_items: line_items ?? [],
      automatic_tax: { enabled: true },
    };
    const refused = await refusalOf(create({ ...given, customer }));
    expect(refused.code).toBe("customer_tax_location_invalid");
    await expect(
      create({ ...given, customer, customer_update: { address: "auto" } }),
    ).resolves.toBeDefined();
  });

  test("a customer's delivery address has to be saved where one is collected", async () => {
    const { id: customer } = await newCustomer();
    const given = { ...taxedSession("exclusive"), customer };
    const update = { customer_update: { address: "auto" as const } };
    expect((await refusalOf(create({ ...given, ...update }))).param).toBe(
      "customer_update[shipping]",
    );
  });

  test("a customer with an address is taxed before the page is opened", async () => {
    const { id: customer } = await newCustomer();
    const given = {
      ...taxedSession("exclusive"),
      customer,
      customer_update: { shipping: "auto" as const },
    };
    const first = await create(given);
    open.simulator.pay(first.id, "card", german);
    expect(await create(given)).toMatchObject({
      amount_total: 12_495,
      automatic_tax: { status: "complete" },
    });
  });
});
