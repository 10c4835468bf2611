import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type OpenStripe, openStripe } from "../support.ts";

let open: OpenStripe;
beforeEach(async () => {
  open = await openStripe();
});
afterEach(() => open.close());

/** A session as the SDK reads it, with what hangs on it. */
const read = (id: string) =>
  open.stripe.checkout.sessions.retrieve(id, {
    expand: ["line_items", "payment_intent.latest_charge"],
  });

describe("merch bought through a Payment Link", () => {
  test("is a paid session with the link's metadata and the address's reference", async () => {
    const { id } = open.simulator.sellMerch({
      title: "A shirt",
      price: 2500,
      quantity: 2,
      metadata: { lobby: "l1" },
      reference: "lobby_l1",
    });
    expect(await read(id)).toMatchObject({
      mode: "payment",
      status: "complete",
      payment_status: "paid",
      payment_link: expect.stringMatching(/^plink_/),
      metadata: { lobby: "l1" },
      client_reference_id: "lobby_l1",
      amount_subtotal: 5000,
      amount_total: 5000,
      currency: "usd",
      shipping_cost: null,
      line_items: { data: [{ description: "A shirt", quantity: 2 }] },
      payment_intent: { metadata: {}, latest_charge: { paid: true, amount: 5000 } },
    });
    expect((await open.ownTypes()).at(-1)).toBe("checkout.session.completed");
  });

  test.each([
    ["beside the prices", false, 5500],
    ["in the prices", true, 5100],
  ])("costs less its discount, and with shipping; tax %s", async (_where, isTaxIncluded, total) => {
    const { id } = open.simulator.sellMerch({
      title: "A shirt",
      price: 5000,
      discount: 500,
      shipping: 600,
      tax: 400,
      isTaxIncluded,
    });
    expect(await read(id)).toMatchObject({
      amount_subtotal: 5000,
      amount_total: total,
      total_details: { amount_discount: 500, amount_shipping: 600, amount_tax: 400 },
      shipping_cost: { amount_subtotal: 600, amount_tax: 0, amount_total: 600 },
      payment_intent: { latest_charge: { amount: total } },
    });
    expect(open.platform()).toBe(total);
  });

  test("is paid in the ways that orders are, and found by its payment", async () => {
    const session = open.simulator.sellMerch({ title: "A cap", price: 900, how: "bank-debit" });
    expect(session).toMatchObject({ status: "complete", payment_status: "unpaid" });
    open.simulator.settleBankDebit(session.id, "succeeded");
    const payment_intent = String(session.payment_intent);
    const { data } = await open.stripe.checkout.sessions.list({ payment_intent });
    expect(data).toMatchObject([{ id: session.id, payment_status: "paid" }]);
  });

  test("can be sold, and an appeal won, from outside", async () => {
    const post = async (path: string, body: object = {}) => {
      const headers = { "content-type": "application/json" };
      const text = JSON.stringify(body);
      const request = { method: "POST", headers, body: text };
      return fetch(`${open.simulator.url}/control${path}`, request);
    };
    const sold = await post("/merch", { title: "A cap", price: 900, tax: 90, reference: "r" });
    const session = (await sold.json()) as { amount_total: number; payment_intent: string };
    expect(session).toMatchObject({ amount_total: 990, client_reference_id: "r" });
    const { payment_intent } = session;
    const intent = await open.stripe.paymentIntents.retrieve(payment_intent);
    const { id } = open.simulator.openDispute(String(intent.latest_charge));
    expect((await post(`/disputes/${id}/overturn`)).status).toBe(400);
    open.simulator.closeDispute(id, "lost");
    expect(open.platform()).toBe(0);
    expect((await post(`/disputes/${id}/overturn`)).status).toBe(200);
    expect((await open.stripe.disputes.retrieve(id)).status).toBe("won");
    expect(open.platform()).toBe(990);
    expect((await open.ownTypes()).slice(-3)).toEqual([
      "charge.dispute.closed",
      "charge.dispute.closed",
      "charge.dispute.funds_reinstated",
    ]);
    expect((await post("/merch", { title: "A cap", price: 10 })).status).toBe(400);
  });
});
