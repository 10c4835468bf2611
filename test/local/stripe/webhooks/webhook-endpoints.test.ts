import { afterEach, beforeEach, expect, test } from "@jest/globals";
import Stripe from "stripe";
import { EXPRESS_ACCOUNT, type OpenStripe, openStripe, refusalOf, sessionOf } from "../support.ts";

let open: OpenStripe;
beforeEach(async () => {
  open = await openStripe({ endpoints: [] });
});
afterEach(() => open.close());

const create = (params: Partial<Stripe.WebhookEndpointCreateParams> = {}) =>
  open.stripe.webhookEndpoints.create({
    url: open.own.url,
    enabled_events: ["checkout.session.expired"],
    api_version: Stripe.API_VERSION,
    ...params,
  });

async function expireOne() {
  const { id } = await open.stripe.checkout.sessions.create(sessionOf(1000));
  await open.stripe.checkout.sessions.expire(id);
  await open.simulator.whenIdle();
}

test("a secret is given when an endpoint is made, and never again", async () => {
  const { id, secret } = await create({ metadata: { of: "us" } });
  expect(secret).toMatch(/^whsec_\S{32}$/);
  const shown = await open.stripe.webhookEndpoints.retrieve(id);
  expect(shown).toMatchObject({
    api_version: Stripe.API_VERSION,
    livemode: false,
    metadata: { of: "us" },
    status: "enabled",
  });
  const { data } = await open.stripe.webhookEndpoints.list();
  const updated = await open.stripe.webhookEndpoints.update(id, { description: "Ours" });
  expect([shown, ...data, updated].map((each) => each.secret)).toEqual(Array(3).fill(undefined));
});

test("an endpoint gets the events it is enabled for, signed with its own secret", async () => {
  const { id, secret } = await create();
  open.simulator.sellMerch({ title: "Shirt", price: 1000 });
  await expireOne();
  expect(open.own.types()).toEqual(["checkout.session.expired"]);
  const [{ rawBody = "", headers } = {}] = open.own.received;
  const signature = String(headers?.["stripe-signature"]);
  const read = () => open.stripe.webhooks.constructEvent(rawBody, signature, secret ?? "");
  expect(read).not.toThrow();
  await open.stripe.webhookEndpoints.update(id, { disabled: true });
  await expireOne();
  await open.stripe.webhookEndpoints.update(id, { disabled: false, enabled_events: ["*"] });
  open.simulator.sellMerch({ title: "Shirt", price: 1000 });
  await open.simulator.whenIdle();
  const types = open.own.types();
  expect(types.filter((type) => type === "checkout.session.expired")).toHaveLength(1);
  expect(types).toEqual(expect.arrayContaining(["charge.succeeded", "checkout.session.completed"]));
});

test("what a deleted endpoint has not taken is not sent any more", async () => {
  open.own.status = 500;
  const { id } = await create();
  await expireOne();
  expect(await open.stripe.webhookEndpoints.del(id)).toMatchObject({ id, deleted: true });
  await open.clock.advance(24 * 3_600_000);
  await open.simulator.whenIdle();
  expect(open.own.types()).toHaveLength(1);
  expect(await refusalOf(open.stripe.webhookEndpoints.retrieve(id))).toMatchObject({
    statusCode: 404,
    code: "resource_missing",
  });
});

test("kind and version are fixed at the making; at most sixteen endpoints are kept", async () => {
  const { id } = await create();
  const changes = { connect: true } as Stripe.WebhookEndpointUpdateParams;
  expect(await refusalOf(open.stripe.webhookEndpoints.update(id, changes))).toMatchObject({
    code: "parameter_unknown",
    param: "connect",
  });
  const version = "2025-01-27.acacia" as typeof Stripe.API_VERSION;
  expect((await refusalOf(create({ api_version: version }))).param).toBe("api_version");
  expect((await refusalOf(create({ enabled_events: [] }))).param).toBe("enabled_events");
  for (let count = 1; count < 16; count += 1) await create();
  expect((await refusalOf(create())).message).toMatch(/maximum of 16/);
});

test("the platform's own account is read, and its connected accounts are listed", async () => {
  expect(await open.stripe.accounts.retrieveCurrent()).toMatchObject({ object: "account" });
  expect((await open.stripe.accounts.list({ limit: 1 })).data).toEqual([]);
  const { id } = await open.stripe.accounts.create(EXPRESS_ACCOUNT);
  expect((await open.stripe.accounts.list({ limit: 1 })).data.map((each) => each.id)).toEqual([id]);
});
