import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Fault } from "../../../../local/kit/faults.ts";
import type { StripeEvent } from "../../../../local/stripe/index.ts";
import { CONNECT_SECRET, type OpenStripe, OWN_SECRET, openStripe, sessionOf } from "../support.ts";

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

let open: OpenStripe;
beforeEach(async () => {
  open = await openStripe();
});
afterEach(() => open.close());

async function expireOne(): Promise<string> {
  const { id } = await open.stripe.checkout.sessions.create(sessionOf());
  await open.stripe.checkout.sessions.expire(id);
  await open.simulator.whenIdle();
  return id;
}

const verify = ({ rawBody, headers }: OpenStripe["own"]["received"][number], secret: string) => {
  const signature = String(headers["stripe-signature"]);
  const nowMs = open.clock.nowMs();
  const { webhooks } = open.stripe;
  return webhooks.constructEvent(rawBody, signature, secret, undefined, undefined, nowMs);
};

/** Moves the clock on from one try to the next, for a little more than Stripe tries. */
async function letRetriesPass(): Promise<void> {
  const endMs = open.clock.nowMs() + 4 * DAY_MS;
  for (let due = open.clock.nextDueMs(); due && due < endMs; due = open.clock.nextDueMs()) {
    await open.clock.advance(due - open.clock.nowMs());
    await open.simulator.whenIdle();
  }
}

describe("webhooks", () => {
  test("the SDK accepts their signatures, with each endpoint's own secret", async () => {
    const account = await open.onboardedAccount();
    const session = await expireOne();
    const [own] = open.own.received;
    const [connect] = open.connect.received;
    if (!own || !connect) throw new Error("Both endpoints received it.");
    expect(verify(own, OWN_SECRET)).toMatchObject({
      object: "event",
      type: "checkout.session.expired",
      api_version: "2026-10-28.endive",
      livemode: false,
      pending_webhooks: 1,
      data: { object: { id: session, status: "expired" } },
    });
    expect(verify(connect, CONNECT_SECRET)).toMatchObject({ type: "account.updated", account });
    expect(() => verify(own, CONNECT_SECRET)).toThrow(/signature/);
  });

  test("the platform's events go to its own endpoints, accounts' to connect endpoints", async () => {
    await open.onboardedAccount();
    await expireOne();
    expect(open.own.types()).toEqual(["checkout.session.expired"]);
    expect(open.connect.types()).toEqual(["account.updated"]);
  });

  test("an event shows its object as it was then", async () => {
    const { charge } = await open.paid(10_000);
    await open.stripe.refunds.create({ charge });
    await open.simulator.whenIdle();
    const asItWas = { id: charge, amount_refunded: 0 };
    const isSuccess = ({ type }: StripeEvent) => type === "charge.succeeded";
    expect(open.own.ofType("charge.succeeded")[0]?.event.data.object).toMatchObject(asItWas);
    expect(open.simulator.events().find(isSuccess)?.data.object).toMatchObject(asItWas);
  });

  test("what is not taken comes again for three days, less and less often, signed anew", async () => {
    open.own.status = 500;
    await expireOne();
    await letRetriesPass();
    const { received } = open.own;
    expect(new Set(received.map(({ event }) => event.id)).size).toBe(1);
    const atSeconds = received.map(({ headers }) =>
      Number(/^t=(\d+),/.exec(String(headers["stripe-signature"]))?.[1]),
    );
    const gaps = atSeconds.slice(1).map((at, index) => at - (atSeconds[index] ?? 0));
    expect(gaps.length).toBeGreaterThan(8);
    for (const [index, gap] of gaps.entries()) {
      expect(gap).toBeGreaterThanOrEqual((gaps[index - 1] ?? 0) - 1);
    }
    const lasted = ((atSeconds.at(-1) ?? 0) - (atSeconds[0] ?? 0)) * 1000;
    expect(lasted).toBeGreaterThan(2 * DAY_MS);
    expect(lasted).toBeLessThanOrEqual(3 * DAY_MS);
  });

  test.each([200, 204])("%i takes an event, and it comes no more", async (status) => {
    open.own.status = status;
    await expireOne();
    await letRetriesPass();
    expect(open.own.received).toHaveLength(1);
    const { data } = await open.stripe.events.list();
    expect(data[0]).toMatchObject({ pending_webhooks: 0 });
  });

  test("a redirect takes nothing", async () => {
    open.own.status = 302;
    await expireOne();
    open.own.status = 200;
    await letRetriesPass();
    expect(open.own.received).toHaveLength(2);
  });

  test("an event can be delivered again, and comes as it was", async () => {
    await expireOne();
    const [event] = open.simulator.events();
    expect(await open.simulator.repeat(event?.id ?? "")).toEqual({ status: 200 });
    const [first, second] = open.own.received;
    expect(second?.event).toMatchObject({ id: first?.event.id, data: first?.event.data });
    await expect(open.simulator.repeat("evt_none")).rejects.toThrow(/no event/);
  });

  test("a handmade event is signed as it is sent", async () => {
    const event = { id: "evt_forged", object: "event", type: "refund.created" };
    const sent = await open.simulator.send(open.own.url, event, { secret: "whsec_wrong" });
    expect(sent).toEqual({ status: 200, body: "taken" });
    const [forged] = open.own.received;
    if (!forged) throw new Error("It was delivered.");
    expect(() => verify(forged, OWN_SECRET)).toThrow(/signature/);
    expect(verify(forged, "whsec_wrong")).toMatchObject(event);

    const timestampMs = open.clock.nowMs() - 302_000;
    await open.simulator.send(open.own.url, event, { secret: OWN_SECRET, timestampMs });
    const [, old] = open.own.received;
    if (!old) throw new Error("It was delivered.");
    expect(() => verify(old, OWN_SECRET)).toThrow(/tolerance/);
  });
});

describe("the events that are kept", () => {
  test("are listed by type and time, each account's under its own name", async () => {
    const stripeAccount = await open.onboardedAccount();
    await open.paid(10_000);
    await open.simulator.whenIdle();
    const { events } = open.stripe;
    const completed = await events.list({ type: "checkout.session.completed" });
    const [event] = completed.data;
    expect(completed.data).toHaveLength(1);
    expect(await events.retrieve(event?.id ?? "")).toEqual(event);
    const types = ["charge.succeeded", "payment_intent.succeeded"];
    const two = await events.list({ types });
    expect(two.data.map(({ type }) => type)).toEqual([...types].reverse());
    expect((await events.list({ type: "payment_intent.*" })).data).toHaveLength(2);
    const later = { created: { gt: event?.created ?? 0 } };
    expect((await events.list(later)).data).toEqual([]);
    const theirs = await events.list({}, { stripeAccount });
    expect(theirs.data.map(({ type }) => type)).toEqual(["account.updated"]);
  });

  test("are forgotten after thirty days", async () => {
    await open.paid(10_000);
    await open.clock.advance(31 * DAY_MS);
    expect((await open.stripe.events.list()).data).toEqual([]);
  });
});

describe("planned faults of webhooks", () => {
  const plan = (fault: Fault, operation = /^deliver checkout\.session\.expired$/) =>
    open.faults.add({ target: "stripe", operation, fault, times: 1 });

  test.each<[string, Fault, number]>([
    ["dropped", { kind: "drop" }, 1],
    ["failed", { kind: "fail", code: 502 }, 1],
    ["taken but its answer lost", { kind: "lose-answer" }, 2],
  ])("an event that is %s comes again", async (_case, fault, deliveries) => {
    plan(fault);
    await expireOne();
    await letRetriesPass();
    expect(open.own.received).toHaveLength(deliveries);
    expect(new Set(open.own.received.map(({ event }) => event.id)).size).toBe(1);
  });

  test("a duplicated event comes so often, under one id", async () => {
    plan({ kind: "duplicate", copies: 3 });
    await expireOne();
    expect(open.own.received).toHaveLength(3);
    expect(new Set(open.own.received.map(({ event }) => event.id)).size).toBe(1);
  });

  test("a delayed event comes when its time has come", async () => {
    plan({ kind: "delay", ms: HOUR_MS });
    await expireOne();
    expect(open.own.received).toEqual([]);
    await open.clock.advance(HOUR_MS);
    await open.simulator.whenIdle();
    expect(open.own.received).toHaveLength(1);
  });

  test("a reordered event is overtaken by the next", async () => {
    plan({ kind: "reorder" }, /^deliver refund\.created$/);
    const { charge } = await open.paid(10_000);
    await open.stripe.refunds.create({ charge });
    await open.simulator.whenIdle();
    const types = open.own.types();
    expect(types.indexOf("refund.created")).toBeGreaterThan(types.indexOf("charge.refunded"));
  });
});
