import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type Stripe from "stripe";
import { proportion } from "../../../local/stripe/actions/application-fees.ts";
import { type OpenStripe, openStripe, refusalOf } from "./support.ts";

let open: OpenStripe;
beforeEach(async () => {
  open = await openStripe();
});
afterEach(() => open.close());

const WITH_BOTH = { reverse_transfer: true, refund_application_fee: true };

/** A paid destination charge of $100 with a fee of $10. */
async function destinationCharge() {
  const destination = await open.onboardedAccount();
  const data = { application_fee_amount: 1000, transfer_data: { destination } };
  return { destination, ...(await open.paid(10_000, data)) };
}

describe("destination charges", () => {
  test("the account gets the amount less the fee, which the platform keeps", async () => {
    const { charge, destination } = await destinationCharge();
    expect(open.held(destination)).toBe(9000);
    expect(open.platform()).toBe(1000);
    const paid = await open.stripe.charges.retrieve(charge, { expand: ["transfer"] });
    expect(paid).toMatchObject({
      application_fee_amount: 1000,
      application_fee: expect.stringMatching(/^fee_/),
      transfer: { amount: 10_000, destination, source_transaction: charge },
    });
    const balance = await open.stripe.balance.retrieve({}, { stripeAccount: destination });
    expect(balance.available).toMatchObject([{ amount: 9000, currency: "usd" }]);
  });

  test("a transfer amount of its own leaves the rest with the platform", async () => {
    const destination = await open.onboardedAccount();
    await open.paid(10_000, { transfer_data: { destination, amount: 7500 } });
    expect([open.held(destination), open.platform()]).toEqual([7500, 2500]);
  });

  test("a partial refund takes transfer and fee back in proportion", async () => {
    const { paymentIntent: payment_intent, destination } = await destinationCharge();
    const given = { payment_intent, amount: 333, ...WITH_BOTH };
    const refund = await open.stripe.refunds.create(given);
    expect(refund).toMatchObject({ status: "succeeded", amount: 333 });
    expect([open.held(destination), open.platform()]).toEqual([9000 - 333 + 33, 1000 - 33]);
    const reversal = String(refund.transfer_reversal);
    const { data } = await open.stripe.transfers.list({ destination });
    expect(data[0]).toMatchObject({ amount_reversed: 333, reversed: false });
    expect(data[0]?.reversals.data).toMatchObject([{ id: reversal, source_refund: refund.id }]);
  });

  test("refunded to the end, whatever the parts, nothing is left anywhere", async () => {
    const { charge, destination } = await destinationCharge();
    for (const amount of [333, 333, 333, 9001]) {
      await open.stripe.refunds.create({ charge, amount, ...WITH_BOTH });
    }
    expect([open.held(destination), open.platform()]).toEqual([0, 0]);
    expect(await open.stripe.charges.retrieve(charge)).toMatchObject({ refunded: true });
  });

  test("parts that add up to the total add up to the whole", () => {
    const parts = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(parts, fc.double({ min: 0, max: 1, noNaN: true }), (amounts, fraction) => {
        const total = amounts.reduce((sum, amount) => sum + amount, 0);
        const whole = Math.floor(total * fraction);
        let before = 0;
        let sum = 0;
        for (const amount of amounts) {
          const part = proportion(whole, total, before, amount);
          expect(Math.abs(part - (whole * amount) / total)).toBeLessThan(1.000001);
          sum += part;
          before += amount;
        }
        expect(sum).toBe(whole);
      }),
    );
  });

  test("a refund without either is the platform's alone to bear", async () => {
    const { charge, destination } = await destinationCharge();
    await open.stripe.refunds.create({ charge });
    expect([open.held(destination), open.platform()]).toEqual([9000, 1000 - 10_000]);
  });

  test("nothing comes back from an account that has paid it out", async () => {
    const { charge, destination } = await destinationCharge();
    expect(open.standIn.payOut(destination)).toBe(9000);
    expect(open.held(destination)).toBe(0);
    const error = await refusalOf(open.stripe.refunds.create({ charge, ...WITH_BOTH }));
    expect(error).toMatchObject({ statusCode: 400, code: "balance_insufficient" });
    expect(open.platform()).toBe(1000);
    await open.standIn.whenIdle();
    expect(open.connect.types()).toEqual(["account.updated", "payout.created", "payout.paid"]);
  });
});

describe("refunds", () => {
  test("a refund tells of itself, of its charge, and of its reference when that is known", async () => {
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

  test("what was not paid, is not there, or has no transfer or fee is refused", async () => {
    const create = (params: Stripe.RefundCreateParams) =>
      refusalOf(open.stripe.refunds.create(params));
    const { charge, paymentIntent: payment_intent } = await open.paid();
    expect((await create({})).code).toBe("parameter_missing");
    expect((await create({ charge, payment_intent })).statusCode).toBe(400);
    expect(await create({ charge: "ch_none" })).toMatchObject({ param: "charge", statusCode: 400 });
    expect((await create({ payment_intent: "pi_none" })).code).toBe("resource_missing");
    expect((await create({ charge, reverse_transfer: true })).param).toBe("reverse_transfer");
    const withFee = { charge, refund_application_fee: true };
    expect((await create(withFee)).param).toBe("refund_application_fee");
    expect((await refusalOf(open.stripe.refunds.retrieve("re_none"))).statusCode).toBe(404);
  });

  test("a failed refund gives the platform its money back and can be made again", async () => {
    const { charge } = await open.paid(10_000);
    const { id } = await open.stripe.refunds.create({ charge });
    open.standIn.failRefund(id);
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
    open.standIn.refundInDashboard(payment_intent, { amount: 200 });
    const byCharge = await open.stripe.refunds.list({ charge });
    expect(byCharge.data.map(({ amount }) => amount)).toEqual([200, 100]);
    expect((await open.stripe.refunds.list({ payment_intent })).data).toEqual(byCharge.data);
    expect(byCharge.data[1]?.id).toBe(own.id);
  });
});
