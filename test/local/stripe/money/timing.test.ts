import { afterEach, describe, expect, test } from "@jest/globals";
import type { StripeTiming } from "../../../../local/stripe/timing.ts";
import { type OpenStripe, openStripe, refusalOf } from "../support.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

let open: OpenStripe;
const withTiming = async (timing: StripeTiming) => {
  open = await openStripe({ timing });
};
afterEach(() => open.close());

describe("funds that are pending", () => {
  test("a transfer without its charge fails at once, one with it waits for its funds", async () => {
    await withTiming({ fundsMs: () => 2 * DAY_MS });
    const destination = await open.onboardedAccount();
    const { charge } = await open.paid(10_000);
    const terms = { amount: 4_000, currency: "usd", destination };
    const refused = await refusalOf(open.stripe.transfers.create(terms));
    expect(refused.code).toBe("balance_insufficient");

    await open.stripe.transfers.create({ ...terms, source_transaction: charge });
    const held = { stripeAccount: destination };
    const before = await open.stripe.balance.retrieve({}, held);
    expect([before.available[0]?.amount, before.pending[0]?.amount]).toEqual([0, 4_000]);

    await open.clock.advance(2 * DAY_MS);
    const after = await open.stripe.balance.retrieve({}, held);
    expect([after.available[0]?.amount, after.pending[0]?.amount]).toEqual([4_000, 0]);
    await open.simulator.whenIdle();
    expect(open.connect.types()).toContain("balance.available");
    await open.stripe.transfers.create({ ...terms, amount: 6_000 });
    expect(open.platform()).toBe(0);
  });

  test("a transfer is taken back and paid out only once its funds are available", async () => {
    await withTiming({ fundsMs: () => DAY_MS });
    const destination = await open.onboardedAccount();
    const { charge: source_transaction } = await open.paid(10_000);
    const terms = { amount: 4_000, currency: "usd", destination, source_transaction };
    const { id } = await open.stripe.transfers.create(terms);
    const refused = await refusalOf(open.stripe.transfers.createReversal(id));
    expect(refused.code).toBe("balance_insufficient");
    expect(open.simulator.payOut(destination)).toBe(0);
    await open.clock.advance(DAY_MS);
    await open.stripe.transfers.createReversal(id, { amount: 1_000 });
    expect(open.simulator.payOut(destination)).toBe(3_000);
  });
});

describe("charges that are booked later", () => {
  test("the balance transaction comes with charge.updated; no transfer is possible before", async () => {
    await withTiming({ bookedMs: () => 55 * MINUTE_MS });
    const destination = await open.onboardedAccount();
    const { charge } = await open.paid(10_000);
    const expanded = { expand: ["balance_transaction"] };
    const before = await open.stripe.charges.retrieve(charge, expanded);
    expect(before.balance_transaction).toBeNull();
    const given = { amount: 9500, currency: "usd", destination, source_transaction: charge };
    const refused = await refusalOf(open.stripe.transfers.create(given));
    expect(refused.param).toBe("source_transaction");
    await open.clock.advance(55 * MINUTE_MS);
    const booked = await open.stripe.charges.retrieve(charge, expanded);
    expect(booked.balance_transaction).toMatchObject({ amount: 10_000, status: "available" });
    await open.stripe.transfers.create(given);
    expect([open.held(destination), open.platform()]).toEqual([9_500, 500]);
    expect(await open.ownTypes()).toContain("charge.updated");
  });
});

describe("refunds that take time", () => {
  test("one that the platform can't cover is pending until it can", async () => {
    await withTiming({ fundsMs: () => DAY_MS, refundsNeedFunds: true });
    const { charge } = await open.paid(10_000);
    const refund = await open.stripe.refunds.create({ charge });
    expect(refund).toMatchObject({ status: "pending", pending_reason: "insufficient_funds" });
    expect(open.platform()).toBe(10_000);
    await open.clock.advance(DAY_MS);
    expect(await open.stripe.refunds.retrieve(refund.id)).toMatchObject({ status: "succeeded" });
    expect(open.platform()).toBe(0);
  });

  test("while it is pending staff can cancel it, and a chargeback ends it", async () => {
    await withTiming({ fundsMs: () => DAY_MS, refundsNeedFunds: true });
    const { charge } = await open.paid(10_000);
    const one = await open.stripe.refunds.create({ charge, amount: 1_000 });
    const other = await open.stripe.refunds.create({ charge, amount: 2_000 });
    expect(open.simulator.cancelRefundInDashboard(one.id).status).toBe("canceled");
    expect(open.simulator.openDispute(charge).amount).toBe(10_000);
    expect(await open.stripe.refunds.retrieve(other.id)).toMatchObject({
      status: "failed",
      failure_reason: "charge_for_pending_refund_disputed",
    });
  });

  test("one that has succeeded fails later, and its money is the platform's again", async () => {
    await withTiming({ refundOutcome: () => ({ kind: "fails", ms: DAY_MS }) });
    const { charge } = await open.paid(10_000);
    const { id, status } = await open.stripe.refunds.create({ charge });
    expect([status, open.platform()]).toEqual(["succeeded", 0]);
    await open.clock.advance(DAY_MS);
    const failed = await open.stripe.refunds.retrieve(id, {
      expand: ["failure_balance_transaction"],
    });
    expect(failed).toMatchObject({
      status: "failed",
      failure_balance_transaction: { amount: 10_000, type: "refund_failure" },
    });
    expect(open.platform()).toBe(10_000);
    expect(await open.ownTypes()).toContain("refund.failed");
  });

  test("one that is on its way arrives after a while", async () => {
    await withTiming({ refundOutcome: () => ({ kind: "waits", ms: DAY_MS }) });
    const { charge } = await open.paid(10_000);
    const { id, status } = await open.stripe.refunds.create({ charge });
    expect([status, open.platform()]).toEqual(["pending", 0]);
    await open.clock.advance(DAY_MS);
    expect((await open.stripe.refunds.retrieve(id)).status).toBe("succeeded");
  });
});

test("a chargeback costs a fee that a win does not bring back", async () => {
  await withTiming({ disputeFee: 1_500 });
  const { charge } = await open.paid(10_000);
  const { id } = open.simulator.openDispute(charge);
  expect(open.platform()).toBe(-1_500);
  const { balance_transactions: entries } = open.simulator.closeDispute(id, "won");
  expect(entries.map(({ fee, net }) => [fee, net])).toEqual([
    [1_500, -11_500],
    [0, 10_000],
  ]);
  expect(open.platform()).toBe(8_500);
});
