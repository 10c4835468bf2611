import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type Stripe from "stripe";
import { type OpenStripe, openStripe, refusalOf } from "../support.ts";

let open: OpenStripe;
beforeEach(async () => {
  open = await openStripe();
});
afterEach(() => open.close());

describe("refunds", () => {
  test("a refund sends events of itself, of its charge, and of its reference when that is known", async () => {
    const { charge, paymentIntent } = await open.paid(10_000);
    const given = { charge, amount: 4000, reason: "duplicate" as const, metadata: { order: "1" } };
    const refund = await open.stripe.refunds.create(given);
    expect(await open.stripe.refunds.retrieve(refund.id)).toEqual(refund);
    expect(refund).toMatchObject({ payment_intent: paymentIntent, metadata: { order: "1" } });
    const types = await open.ownTypes();
    expect(types.filter((type) => type.includes("refund"))).toEqual([
      "refund.created",
      "charge.refunded",
      "refund.updated",
      "charge.refund.updated",
    ]);
    const refunded = open.own.ofType("charge.refunded")[0]?.event;
    expect(refunded?.data.object).toMatchObject({ amount_refunded: 4000, refunded: false });
    expect(refunded?.data.previous_attributes).toEqual({ amount_refunded: 0 });
  });

  test("a refund is the platform's alone to bear: what was transferred stays where it is", async () => {
    const destination = await open.onboardedAccount();
    const { charge } = await open.paid(10_000);
    const given = { amount: 9000, currency: "usd", destination, source_transaction: charge };
    await open.stripe.transfers.create(given);
    await open.stripe.refunds.create({ charge });
    expect([open.held(destination), open.platform()]).toEqual([9000, 1000 - 10_000]);
    expect((await open.stripe.transfers.list({ destination })).data[0]?.amount_reversed).toBe(0);
  });

  test("no more is refunded than was paid", async () => {
    const { charge } = await open.paid(10_000);
    await open.stripe.refunds.create({ charge, amount: 4000 });
    const tooMuch = await refusalOf(open.stripe.refunds.create({ charge, amount: 6001 }));
    expect(tooMuch.message).toBe(
      "Refund amount ($60.01) is greater than unrefunded amount on charge ($60.00)",
    );
    expect((await open.stripe.refunds.create({ charge })).amount).toBe(6000);
    const again = await refusalOf(open.stripe.refunds.create({ charge }));
    expect(again.code).toBe("charge_already_refunded");
    expect(open.platform()).toBe(0);
  });

  test("what was not paid, is not there, or asks a destination for money is refused", async () => {
    const create = (params: Stripe.RefundCreateParams) =>
      refusalOf(open.stripe.refunds.create(params));
    const { charge, paymentIntent: payment_intent } = await open.paid();
    expect((await create({})).code).toBe("parameter_missing");
    expect((await create({ charge, payment_intent })).statusCode).toBe(400);
    expect(await create({ charge: "ch_none" })).toMatchObject({ param: "charge", statusCode: 400 });
    expect((await create({ payment_intent: "pi_none" })).code).toBe("resource_missing");
    for (const param of ["reverse_transfer", "refund_application_fee"]) {
      expect((await create({ charge, [param]: true })).param).toBe(param);
    }
    expect((await refusalOf(open.stripe.refunds.retrieve("re_none"))).statusCode).toBe(404);
  });

  test("a failed refund gives the platform its money back and can be made again", async () => {
    const { charge } = await open.paid(10_000);
    const { id } = await open.stripe.refunds.create({ charge });
    open.simulator.failRefund(id);
    expect(await open.stripe.refunds.retrieve(id)).toMatchObject({
      status: "failed",
      failure_reason: "expired_or_canceled_card",
    });
    expect(open.platform()).toBe(10_000);
    expect((await open.ownTypes()).at(-1)).toBe("refund.failed");
    await open.stripe.refunds.create({ charge });
    expect(open.platform()).toBe(0);
  });

  test("refunds made in the dashboard are listed with the others, by charge and payment", async () => {
    const { charge, paymentIntent: payment_intent } = await open.paid(10_000);
    await open.paid(5000);
    const own = await open.stripe.refunds.create({ charge, amount: 100 });
    open.simulator.refundInDashboard(payment_intent, { amount: 200 });
    const byCharge = await open.stripe.refunds.list({ charge });
    expect(byCharge.data.map(({ amount }) => amount)).toEqual([200, 100]);
    expect((await open.stripe.refunds.list({ payment_intent })).data).toEqual(byCharge.data);
    expect(byCharge.data[1]?.id).toBe(own.id);
  });
});
