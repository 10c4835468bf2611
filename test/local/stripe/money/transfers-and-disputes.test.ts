import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type Stripe from "stripe";
import { type OpenStripe, openStripe, refusalOf, sessionOf } from "../support.ts";

let open: OpenStripe;
beforeEach(async () => {
  open = await openStripe();
});
afterEach(() => open.close());

describe("transfers", () => {
  test("several go out of one charge until it is used up", async () => {
    const [one, two] = [await open.onboardedAccount(), await open.onboardedAccount()];
    const { charge, paymentIntent } = await open.paid(10_000);
    const send = (destination: string, amount: number) =>
      open.stripe.transfers.create({
        amount,
        currency: "usd",
        destination,
        source_transaction: charge,
      });
    const first = await send(one, 6000);
    expect(first).toMatchObject({ transfer_group: `group_${paymentIntent}`, reversed: false });
    await send(two, 3999);
    expect((await refusalOf(send(two, 2))).statusCode).toBe(400);
    await send(two, 1);
    expect([open.held(one), open.held(two), open.platform()]).toEqual([6000, 4000, 0]);
    const { data } = await open.stripe.transfers.list({ destination: two });
    expect(data.map(({ amount }) => amount)).toEqual([1, 3999]);
    const group = { transfer_group: `group_${paymentIntent}` };
    expect((await open.stripe.transfers.list(group)).data).toHaveLength(3);
  });

  test("what is taken back of a transfer makes no room for another of its charge", async () => {
    const destination = await open.onboardedAccount();
    const { charge: source_transaction } = await open.paid(10_000);
    const given = { amount: 9000, currency: "usd", destination, source_transaction };
    const { id } = await open.stripe.transfers.create(given);
    await open.stripe.transfers.createReversal(id);
    const refused = await refusalOf(open.stripe.transfers.create({ ...given, amount: 1001 }));
    expect(refused.param).toBe("amount");
    await open.stripe.transfers.create({ ...given, amount: 1000 });
    expect([open.held(destination), open.platform()]).toEqual([1000, 9000]);
  });

  test("without a charge they go out of the platform's balance, as far as it goes", async () => {
    const destination = await open.onboardedAccount();
    await open.paid(10_000);
    const send = (amount: number) =>
      open.stripe.transfers.create({ amount, currency: "usd", destination, transfer_group: "g" });
    expect((await refusalOf(send(10_001))).code).toBe("balance_insufficient");
    expect(await send(10_000)).toMatchObject({ transfer_group: "g", source_transaction: null });
    expect(open.platform()).toBe(0);
  });

  test("they need a paid charge of their currency and an account that can take them", async () => {
    const destination = await open.onboardedAccount();
    const { charge: source_transaction } = await open.paid(10_000);
    const given = { amount: 100, currency: "usd", destination, source_transaction };
    const refused = async (change: Partial<Stripe.TransferCreateParams>) =>
      (await refusalOf(open.stripe.transfers.create({ ...given, ...change }))).param;
    expect(await refused({ currency: "eur" })).toBe("currency");
    expect(await refused({ source_transaction: "ch_none" })).toBe("source_transaction");
    expect(await refused({ destination: "acct_none" })).toBe("destination");
    open.simulator.restrict(destination);
    expect(await refused({})).toBe("destination");
  });

  test("nothing goes out of a charge in its currency where the platform does not settle in that", async () => {
    const destination = await open.onboardedAccount();
    const session = await open.stripe.checkout.sessions.create({
      ...sessionOf(1000),
      line_items: [
        {
          price_data: { currency: "gbp", unit_amount: 1000, product_data: { name: "Weight" } },
          quantity: 1,
        },
      ],
    });
    open.simulator.pay(session.id);
    const done = await open.stripe.checkout.sessions.retrieve(session.id);
    const intent = await open.stripe.paymentIntents.retrieve(String(done.payment_intent));
    const source_transaction = String(intent.latest_charge);
    const send = () =>
      open.stripe.transfers.create({
        amount: 100,
        currency: "gbp",
        destination,
        source_transaction,
      });
    expect((await refusalOf(send())).message).toContain("balance transaction (usd) must be");
    open.simulator.settleIn("gbp");
    expect(await send()).toMatchObject({ currency: "gbp" });
  });

  test("a transfer is taken back in parts, up to what was sent and what the account has", async () => {
    const destination = await open.onboardedAccount();
    const { charge: source_transaction } = await open.paid(10_000);
    const given = { amount: 8000, currency: "usd", destination, source_transaction };
    const { id } = await open.stripe.transfers.create(given);
    const reverse = (params: Stripe.TransferCreateReversalParams = {}) =>
      open.stripe.transfers.createReversal(id, params);

    const first = await reverse({ amount: 3000, metadata: { why: "refund" } });
    expect(first).toMatchObject({ amount: 3000, transfer: id, metadata: { why: "refund" } });
    expect((await refusalOf(reverse({ amount: 5001 }))).param).toBe("amount");
    open.simulator.payOut(destination);
    await open.simulator.whenIdle();
    expect(open.connect.types()).toEqual(["account.updated", "payout.created", "payout.paid"]);
    expect((await refusalOf(reverse())).code).toBe("balance_insufficient");
    await open.stripe.transfers.create({ ...given, amount: 2000 });
    const { charge: other } = await open.paid(3000);
    const second = { ...given, amount: 3000, source_transaction: other };
    await open.stripe.transfers.create(second);
    await reverse();
    expect((await refusalOf(reverse())).message).toMatch(/already fully reversed/);

    expect(await open.stripe.transfers.retrieve(id)).toMatchObject({
      amount_reversed: 8000,
      reversed: true,
      reversals: { total_count: 2 },
    });
    const { data } = await open.stripe.transfers.listReversals(id);
    expect(data.map(({ amount }) => amount)).toEqual([5000, 3000]);
    expect([open.held(destination), open.platform()]).toEqual([0, 8000]);
    expect((await open.ownTypes()).filter((type) => type.startsWith("transfer."))).toEqual([
      "transfer.created",
      "transfer.reversed",
      "transfer.created",
      "transfer.created",
      "transfer.reversed",
    ]);
  });

  test("a change of its metadata is reported as an update", async () => {
    const destination = await open.onboardedAccount();
    await open.paid(10_000);
    const given = { amount: 1000, currency: "usd", destination };
    const { id } = await open.stripe.transfers.create(given);
    await open.stripe.transfers.update(id, { metadata: { sale: "1" } });
    expect((await open.ownTypes()).at(-1)).toBe("transfer.updated");
  });
});

describe("disputes", () => {
  test("evidence has Stripe's fields alone, of a certain length, and files that exist", async () => {
    const { charge } = await open.paid(10_000);
    const { id } = open.simulator.openDispute(charge);
    const refuse = (evidence: Record<string, string>) =>
      refusalOf(open.stripe.disputes.update(id, { evidence, submit: false }));
    expect((await refuse({ invented: "It was." })).message).toContain("invented");
    expect((await refuse({ receipt: "file_1" })).code).toBe("resource_missing");
    expect((await refuse({ uncategorized_text: "x".repeat(20_001) })).statusCode).toBe(400);
    const evidence = { product_description: "A keyboard" };
    const draft = await open.stripe.disputes.update(id, { evidence, submit: false });
    expect(draft).toMatchObject({ status: "needs_response", evidence });
    expect(draft.evidence_details.submission_count).toBe(0);
  });

  test.each([
    ["won", 10_000, ["charge.dispute.closed", "charge.dispute.funds_reinstated"]],
    ["lost", 0, ["charge.dispute.closed"]],
  ] as const)("a dispute takes the money until it is %s", async (outcome, left, sent) => {
    const { charge } = await open.paid(10_000);
    const opened = open.simulator.openDispute(charge, { reason: "product_not_received" });
    const [dispute] = (await open.stripe.disputes.list({ charge })).data;
    expect(dispute).toMatchObject({ ...opened, status: "needs_response", amount: 10_000 });
    expect(open.platform()).toBe(0);
    const refused = await refusalOf(open.stripe.refunds.create({ charge }));
    expect(refused.code).toBe("charge_disputed");

    const id = dispute?.id ?? "";
    const evidence = { uncategorized_text: "It was built on a stream." };
    const answered = await open.stripe.disputes.update(id, { evidence, metadata: { order: "1" } });
    expect(answered).toMatchObject({
      status: "under_review",
      metadata: { order: "1" },
      evidence_details: { has_evidence: true, submission_count: 1 },
    });
    open.simulator.closeDispute(id, outcome);
    expect((await open.stripe.disputes.retrieve(id)).status).toBe(outcome);
    expect(open.platform()).toBe(left);
    expect((await refusalOf(open.stripe.disputes.update(id, { evidence }))).statusCode).toBe(400);
    expect(() => open.simulator.closeDispute(id, outcome)).toThrow(/closed/);
    const types = (await open.ownTypes()).filter((type) => type.startsWith("charge.dispute."));
    expect(types).toEqual([
      "charge.dispute.created",
      "charge.dispute.funds_withdrawn",
      "charge.dispute.updated",
      ...sent,
    ]);
  });

  test("a paid charge can have several disputes, up to its amount", async () => {
    const { charge } = await open.paid(10_000);
    open.simulator.openDispute(charge, { amount: 4000 });
    expect(open.platform()).toBe(6000);
    expect(() => open.simulator.openDispute(charge, { amount: 6001 })).toThrow(
      /cannot be disputed/,
    );
    expect(open.simulator.openDispute(charge).amount).toBe(6000);
    expect(() => open.simulator.openDispute(charge)).toThrow(/cannot be disputed/);
    expect(() => open.simulator.openDispute("ch_none")).toThrow(/no paid charge/);
  });

  test("an inquiry takes no money and can be refunded, until it escalates", async () => {
    const { charge } = await open.paid(10_000);
    const { id } = open.simulator.openDispute(charge, { isInquiry: true });
    expect(open.platform()).toBe(10_000);
    await open.stripe.refunds.create({ charge, amount: 1000 });
    expect(() => open.simulator.closeDispute(id, "lost")).toThrow(/cannot end as lost/);
    open.simulator.escalateDispute(id);
    expect(open.platform()).toBe(0 - 1000);
    const refused = await refusalOf(open.stripe.refunds.create({ charge, amount: 1000 }));
    expect(refused.code).toBe("charge_disputed");
    expect(() => open.simulator.escalateDispute(id)).toThrow(/not an inquiry/);
  });

  test("shows what it took of the balance and gave back, whatever its status", async () => {
    const { charge } = await open.paid(10_000);
    const { id } = open.simulator.openDispute(charge, { amount: 4000 });
    const moved = async () => {
      const { balance_transactions: entries } = await open.stripe.disputes.retrieve(id);
      return entries.map(({ amount }) => amount);
    };
    expect(await moved()).toEqual([-4000]);
    open.simulator.closeDispute(id, "lost");
    open.simulator.reinstateLostDispute(id);
    expect(await moved()).toEqual([-4000, 4000]);
    const prevented = open.simulator.openDispute(charge, { amount: 1000 });
    open.simulator.closeDispute(prevented.id, "prevented");
    expect((await open.ownTypes()).at(-1)).toBe("charge.dispute.updated");
  });
});
