import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { recipientIn } from "../../../local/stripe/objects/addresses.ts";
import type { NewCheckout } from "../../../shared/clients/stripe/checkout.ts";
import { connectStripe, type Stripe } from "../../../shared/clients/stripe/connect-stripe.ts";
import { StripeRefusedError } from "../../../shared/clients/stripe/errors.ts";
import { type OpenStripe, openStripe, SECRET_KEY } from "../../local/stripe/support.ts";

let open: OpenStripe;
let stripe: Stripe;
beforeEach(async () => {
  open = await openStripe();
  const config = { STRIPE_SECRET_KEY: SECRET_KEY, STRIPE_API_BASE_URL: open.simulator.url };
  stripe = connectStripe(config, { info: () => undefined }, fetch);
});
afterEach(() => open.close());

const recipient = recipientIn("DE", "a person");

/** An order of $100.00 that is shipped within Europe by post or by courier. */
const order = (changes: Partial<NewCheckout> = {}): NewCheckout => ({
  orderId: "order-1",
  title: "A keyboard",
  unitAmount: 10_000,
  quantity: 1,
  currency: "usd",
  expiresAt: new Date(open.clock.nowMs() + 60 * 60_000),
  successUrl: "https://c500.example/success",
  cancelUrl: "https://c500.example/cancel",
  shipping: {
    countries: ["DE", "FR"],
    options: [
      { id: "post", name: "By post", amount: 500, businessDays: { least: 3, most: 5 } },
      { id: "courier", name: "By courier", amount: 1500 },
    ],
    collectsPhone: true,
  },
  ...changes,
});

const german = { shipping: recipient, phone: "+12025550123" };

describe("a Checkout Session that ships", () => {
  test("costs the option that the buyer chose", async () => {
    const { id } = await stripe.createCheckout(order(), 1);
    open.simulator.pay(id, "card", { ...german, shippingOption: 1 });
    expect(await stripe.session(id)).toMatchObject({
      amount: 11_500,
      itemsAmount: 10_000,
      taxAmount: 0,
      shipping: { optionId: "courier", amount: 1500, taxAmount: 0, country: "DE" },
    });
  });

  test("contains no personal data besides the country", async () => {
    const { id } = await stripe.createCheckout(order(), 1);
    open.simulator.pay(id, "card", german);
    const read = JSON.stringify([
      await stripe.session(id),
      await stripe.sessionOfPayment((await stripe.session(id)).payment?.paymentIntentId ?? ""),
    ]);
    for (const part of [recipient.name, recipient.address.line1, "28195", german.phone, "@"]) {
      expect(read).not.toContain(part);
    }
  });

  test("shows what was collected only when asked for it", async () => {
    const { id } = await stripe.createCheckout(order(), 1);
    expect(await stripe.readCollected(id)).toEqual({});
    open.simulator.pay(id, "card", german);
    expect(await stripe.readCollected(id)).toEqual({
      name: recipient.name,
      address: {
        lines: [recipient.address.line1],
        city: "Bremen",
        postalCode: "28195",
        state: undefined,
        country: "DE",
      },
      phone: german.phone,
      email: "buyer@example.com",
    });
  });

  test.each([
    ["exclusive", 12_495, 10_000, 500],
    ["inclusive", 10_500, 8403, 420],
  ] as const)(
    "has %s tax: items, shipping and tax add up to the amount",
    async (behavior, amount, items, shipping) => {
      open.simulator.setUpTax();
      const tax = { behavior, goodsCode: "txcd_99999999", collectsTaxIds: true };
      const { id } = await stripe.createCheckout(order({ tax }), 1);
      open.simulator.pay(id, "card", german);
      const session = await stripe.session(id);
      expect(session).toMatchObject({ amount, itemsAmount: items, shipping: { amount: shipping } });
      const parts = session.itemsAmount + (session.shipping?.amount ?? 0) + session.taxAmount;
      expect(parts).toBe(amount);
    },
  );

  test("is refused with tax while the account has no head office", async () => {
    const tax = { behavior: "exclusive", collectsTaxIds: false } as const;
    await expect(stripe.createCheckout(order({ tax }), 1)).rejects.toThrow(StripeRefusedError);
  });

  test("is not created without a country, because then no address would be collected", async () => {
    const shipping = { countries: [], options: [], collectsPhone: false };
    await expect(stripe.createCheckout(order({ shipping }), 1)).rejects.toThrow(/no country/);
  });

  test("collects nothing where the order is not shipped", async () => {
    const { id } = await stripe.createCheckout(order({ shipping: undefined }), 1);
    open.simulator.pay(id);
    expect(await stripe.session(id)).toMatchObject({ shipping: undefined, taxAmount: 0 });
    expect(await stripe.readCollected(id)).toMatchObject({ address: undefined, phone: undefined });
  });
});

describe("a customer", () => {
  test.each([undefined, { behavior: "exclusive", collectsTaxIds: true } as const])(
    "is asked for the address once, with tax: %j",
    async (tax) => {
      open.simulator.setUpTax();
      const customerId = await stripe.createCustomer("1001");
      const first = await stripe.createCheckout(order({ customerId, tax }), 1);
      open.simulator.pay(first.id, "card", german);
      const second = await stripe.createCheckout(order({ customerId, tax }), 2);
      open.simulator.pay(second.id);
      const [before, after] = [
        await stripe.readCollected(first.id),
        await stripe.readCollected(second.id),
      ];
      expect(after).toEqual(before);
    },
  );

  test("is created once, also when the answer is lost", async () => {
    const operation = /POST \/v1\/customers/;
    open.faults.add({ target: "stripe", operation, times: 1, fault: { kind: "lose-answer" } });
    const first = await stripe.createCustomer("1001");
    expect(await stripe.createCustomer("1001")).toBe(first);
    expect((await open.stripe.customers.list()).data).toHaveLength(1);
    expect(await stripe.createCustomer("1002")).not.toBe(first);
  });

  test("can be deleted twice, is refused afterwards, and can be replaced", async () => {
    const customerId = await stripe.createCustomer("1001");
    await stripe.deleteCustomer(customerId);
    await expect(stripe.deleteCustomer(customerId)).resolves.toBeUndefined();
    const refused = stripe.createCheckout(order({ customerId }), 1);
    await expect(refused).rejects.toMatchObject({ isLostCustomer: true });
    const another = await stripe.createCustomer("1001", customerId);
    expect(another).not.toBe(customerId);
    await expect(stripe.createCheckout(order({ customerId: another }), 1)).resolves.toBeDefined();
  });
});
