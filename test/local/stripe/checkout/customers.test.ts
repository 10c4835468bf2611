import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type Stripe from "stripe";
import { type OpenStripe, openStripe, refusalOf, sessionOf } from "../support.ts";
import { recipientOf, shippedSession } from "./shipped.ts";

type Parameters = Stripe.Checkout.SessionCreateParams;

let open: OpenStripe;
beforeEach(async () => {
  open = await openStripe();
});
afterEach(() => open.close());

const newCustomer = (given: Stripe.CustomerCreateParams = {}) =>
  open.stripe.customers.create({ metadata: { user_id: "1001" }, ...given });
const create = (changes: Partial<Parameters>) =>
  open.stripe.checkout.sessions.create(shippedSession(changes));
const retrieve = (id: string) => open.stripe.checkout.sessions.retrieve(id);
const recipient = recipientOf("FR");
const saveShipping = { customer_update: { shipping: "auto" as const } };

describe("a customer", () => {
  test("is created once per idempotency key", async () => {
    const options = { idempotencyKey: "customer:1001" };
    const [first, second] = [
      await open.stripe.customers.create({ metadata: { user_id: "1001" } }, options),
      await open.stripe.customers.create({ metadata: { user_id: "1001" } }, options),
    ];
    expect(second.id).toBe(first.id);
    expect(await open.ownTypes()).toEqual(["customer.created"]);
  });

  test("is changed part by part, and an empty text unsets a part", async () => {
    const { id } = await newCustomer({ email: "ada@example.com", name: "Ada" });
    await open.stripe.customers.update(id, { name: "", metadata: { tier: "gold" } });
    expect(await open.stripe.customers.retrieve(id)).toMatchObject({
      email: "ada@example.com",
      name: null,
      metadata: { user_id: "1001", tier: "gold" },
    });
    expect(await open.ownTypes()).toEqual(["customer.created", "customer.updated"]);
  });

  test("shows only that it was deleted once it is", async () => {
    const { id } = await newCustomer({ shipping: toParameters() });
    const deleted = { id, object: "customer", deleted: true };
    expect(await open.stripe.customers.del(id)).toMatchObject(deleted);
    expect(JSON.parse(JSON.stringify(await open.stripe.customers.retrieve(id)))).toEqual(deleted);
    expect((await open.stripe.customers.list()).data).toEqual([]);
  });

  test("cannot be changed or deleted once it is deleted", async () => {
    const { id } = await newCustomer();
    await open.stripe.customers.del(id);
    for (const call of [
      () => open.stripe.customers.del(id),
      () => open.stripe.customers.update(id, { name: "Ada" }),
    ]) {
      const refused = await refusalOf(call());
      expect(refused).toMatchObject({ code: "resource_missing", statusCode: 404 });
    }
  });

  test("cannot be searched for, because Stripe finds a new one only after a while", async () => {
    const query = "metadata['user_id']:'1001'";
    expect((await refusalOf(open.stripe.customers.search({ query }))).statusCode).toBe(400);
  });
});

describe("a session of a customer", () => {
  test("saves the delivery address for the next session, which is filled in with it", async () => {
    const { id: customer } = await newCustomer();
    const first = await create({ customer, ...saveShipping });
    open.simulator.pay(first.id, "card", { shipping: recipient });
    expect(await open.stripe.customers.retrieve(customer)).toMatchObject({
      shipping: recipient,
      address: null,
      name: null,
    });
    const second = await create({ customer, ...saveShipping });
    const page = await (await fetch(String(second.url))).text();
    expect(page).toContain(`value="${recipient.address.line1}"`);
    open.simulator.pay(second.id);
    const paid = await retrieve(second.id);
    expect(paid.collected_information?.shipping_details).toEqual(recipient);
    expect(paid.customer).toBe(customer);
  });

  test("saves nothing without customer_update", async () => {
    const { id: customer } = await newCustomer();
    const { id } = await create({ customer });
    open.simulator.pay(id, "card", { shipping: recipient });
    const after = await open.stripe.customers.retrieve(customer);
    expect(after).toMatchObject({ shipping: null, address: null, name: null });
  });

  test("ignores a saved address in a country that it does not ship to", async () => {
    const { id: customer } = await newCustomer({ shipping: toParameters("US") });
    const { id } = await create({ customer });
    open.simulator.pay(id);
    const country = (await retrieve(id)).collected_information?.shipping_details?.address.country;
    expect(["DE", "FR"]).toContain(country);
  });

  test("keeps the address after the customer is deleted, and can still be paid", async () => {
    const { id: customer } = await newCustomer();
    const [paid, later] = [await create({ customer }), await create({ customer })];
    open.simulator.pay(paid.id, "card", { shipping: recipient });
    open.simulator.deleteCustomerInDashboard(customer);
    const { collected_information: collected } = await retrieve(paid.id);
    expect(collected?.shipping_details).toEqual(recipient);
    open.simulator.pay(later.id);
    expect((await retrieve(later.id)).payment_status).toBe("paid");
  });

  test("is listed by its customer", async () => {
    const { id: customer } = await newCustomer();
    const { id } = await create({ customer });
    await create({});
    const { data } = await open.stripe.checkout.sessions.list({ customer });
    expect(data.map((session) => session.id)).toEqual([id]);
  });

  test("creates a customer when it is always to", async () => {
    const { id } = await create({ customer_creation: "always" });
    open.simulator.pay(id, "card", { shipping: recipient });
    const { customer } = await retrieve(id);
    expect(await open.stripe.customers.retrieve(String(customer))).toMatchObject({
      email: "buyer@example.com",
      name: recipient.name,
      shipping: recipient,
    });
    const { session } = await open.paid();
    expect(session.customer).toBeNull();
  });
});

describe("at creation Stripe refuses", () => {
  const refused = (changes: Partial<Parameters>) => refusalOf(create(changes));

  test("an unknown customer and a deleted one alike", async () => {
    const { id: customer } = await newCustomer();
    await open.stripe.customers.del(customer);
    for (const each of [customer, "cus_none"]) {
      expect(await refused({ customer: each })).toMatchObject({
        statusCode: 400,
        code: "resource_missing",
        param: "customer",
        message: `No such customer: '${each}'`,
      });
    }
  });

  test.each([
    ["an email", { customer_email: "ada@example.com" }],
    ["creating one", { customer_creation: "always" as const }],
  ])("a customer together with %s", async (_what, changes) => {
    const { id: customer } = await newCustomer();
    const { message } = await refused({ customer, ...changes });
    expect(message).toMatch(/only specify one of these parameters: customer, /);
  });

  test("customer_update without a customer", async () => {
    expect((await refused(saveShipping)).param).toBe("customer_update");
  });

  test("saving a delivery address that is not collected", async () => {
    const { id: customer } = await newCustomer();
    const call = open.stripe.checkout.sessions.create({
      ...sessionOf(),
      customer,
      ...saveShipping,
    });
    expect((await refusalOf(call)).param).toBe("customer_update[shipping]");
  });

  test("collecting tax ids from a customer without saving the name", async () => {
    const { id: customer } = await newCustomer();
    const { param } = await refused({ customer, tax_id_collection: { enabled: true } });
    expect(param).toBe("customer_update[name]");
  });

  test("collecting tax ids from a customer without saving the delivery address", async () => {
    const { id: customer } = await newCustomer();
    const { param } = await refused({
      customer,
      customer_update: { name: "auto", address: "auto" },
      tax_id_collection: { enabled: true },
    });
    expect(param).toBe("customer_update[shipping]");
  });

  test("collecting tax ids from a customer without a billing address", async () => {
    const { id: customer } = await newCustomer();
    const { param } = await refused({
      customer,
      customer_update: { name: "auto", shipping: "auto" },
      tax_id_collection: { enabled: true },
    });
    expect(param).toBe("customer_update[address]");
  });
});

/** A recipient as a call's parameters have it: without the parts that are missing. */
function toParameters(country = "FR"): Stripe.CustomerCreateParams.Shipping {
  const { address, name } = recipientOf(country);
  const { line1, city, postal_code } = address;
  return {
    name,
    address: {
      country,
      line1: line1 ?? "",
      city: city ?? "",
      postal_code: postal_code ?? "",
    },
  };
}
