import { createHmac } from "node:crypto";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { useCloud } from "../../../support/cloud.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const cloud = await useCloud();
const people = shoppers(cloud);
const builder = await people.builder();
const secrets = (cloud.settings.STRIPE_WEBHOOK_SECRETS ?? "").split(",");
beforeEach(async () => {
  // Discord limits posts to a channel per five seconds.
  await cloud.clock.advance(5000);
});

const seconds = (ms: number) => Math.floor(ms / 1000);
const statusOf = async (orderId: string) => (await people.order(orderId))["fulfillment_status"];

/** An order that is paid at Stripe, while no event of it has reached us. */
async function unheardPayment() {
  const dropId = await people.drop(builder.id, { quantity: "1" });
  const buyer = people.person();
  const answer = await people.buyNow(buyer, dropId);
  const sessionId = people.sessionOf(answer);
  const operation = /deliver checkout.session.completed/;
  cloud.faults.add({ target: "stripe", operation, fault: { kind: "drop" } });
  cloud.stripe.pay(sessionId);
  await cloud.settle();
  return { orderId: answer.interactionId, buyer, sessionId };
}

/** Stripe's event for a session's payment, built by hand. */
function paymentEvent(sessionId: string, changes: object = {}) {
  return {
    id: `evt_hand_${sessionId}`,
    object: "event",
    type: "checkout.session.completed",
    created: seconds(cloud.clock.nowMs()),
    livemode: false,
    api_version: "2026-10-28.x",
    data: { object: { id: sessionId, object: "checkout.session" } },
    ...changes,
  };
}

const sign = (body: string, secret: string, at: number) =>
  createHmac("sha256", secret).update(`${at}.${body}`).digest("hex");

/** A signature header as Stripe builds it. */
function signature(body: string, secret = secrets[0] ?? "", at = seconds(cloud.clock.nowMs())) {
  return `t=${at},v1=${sign(body, secret, at)}`;
}

async function post(
  body: string | Buffer<ArrayBuffer>,
  header: string | undefined,
): Promise<number> {
  const response = await cloud.fetch(cloud.url("stripe-webhook"), {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(header !== undefined && { "stripe-signature": header }),
    },
    body,
  });
  await cloud.settle();
  return response.status;
}

/** How many of Stripe's events were logged as accepted. */
const accepted = () =>
  cloud.logLines.filter((line) => line.includes('"event":"webhook-accepted","provider":"stripe"'))
    .length;

describe("the signature", () => {
  test.each([
    ["our account's endpoint", 0],
    ["our connected accounts' endpoint", 1],
  ])("made with the secret of %s is accepted, and its event is processed", async (_what, index) => {
    const { orderId, sessionId } = await unheardPayment();
    const body = JSON.stringify(paymentEvent(sessionId));
    const before = accepted();
    expect(await post(body, signature(body, secrets[index]))).toBe(204);
    expect(await statusOf(orderId)).toBe("paid");
    expect(accepted()).toBe(before + 1);
  });

  test("may be one of several while a secret is being rotated", async () => {
    const { orderId, sessionId } = await unheardPayment();
    const body = JSON.stringify(paymentEvent(sessionId));
    const [time, ours] = signature(body).split(",");
    expect(await post(body, `${time},v1=${"0".repeat(64)},${ours},v0=abc`)).toBe(204);
    expect(await statusOf(orderId)).toBe("paid");
  });

  test("that is missing, forged or old is answered with 400 and changes nothing", async () => {
    const { orderId, sessionId } = await unheardPayment();
    const body = JSON.stringify(paymentEvent(sessionId));
    const now = seconds(cloud.clock.nowMs());
    const good = signature(body);
    const refused: Record<string, string | undefined> = {
      "no signature": undefined,
      "an empty one": "",
      "no signature, only a time": `t=${now}`,
      "no time": `v1=${sign(body, secrets[0] ?? "", now)}`,
      "an invalid time": `t=now,v1=${sign(body, secrets[0] ?? "", now)}`,
      "a time that differs from the signed one": good.replace(`t=${now}`, `t=${now - 1}`),
      "another secret": signature(body, "whsec_another"),
      "no secret": signature(body, ""),
      "another body": signature(`${body} `),
      "a truncated one": good.slice(0, -2),
      "one with extra characters": `${good}00`,
      "one of the test scheme": good.replace("v1=", "v0="),
      "one that is not hex": `t=${now},v1=${"z".repeat(64)}`,
      "one from six minutes ago": signature(body, secrets[0], now - 360),
      "one from six minutes ahead": signature(body, secrets[0], now + 360),
      "one from a day ago, by the other secret": signature(body, secrets[1], now - 86_400),
    };
    const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(body)]);
    expect(await post(marked, good)).toBe(400);
    // Decoded, this byte becomes the character that was signed.
    const replaced = JSON.stringify(paymentEvent(sessionId, { padding: "\ufffd" }));
    const [before = "", after = ""] = replaced.split("\ufffd");
    const broken = Buffer.concat([Buffer.from(before), Buffer.from([0xff]), Buffer.from(after)]);
    expect(await post(broken, signature(replaced))).toBe(400);
    const answers = Object.entries(refused).map(async ([what, header]) => [
      what,
      await post(body, header),
    ]);
    expect(await Promise.all(answers)).toEqual(Object.keys(refused).map((what) => [what, 400]));
    expect(await statusOf(orderId)).toBe("reserved");
    expect(await post(body, good)).toBe(204);
    expect(await statusOf(orderId)).toBe("paid");
  });

  test("from four minutes ago is accepted, because clocks differ", async () => {
    const { orderId, sessionId } = await unheardPayment();
    const body = JSON.stringify(paymentEvent(sessionId));
    const at = seconds(cloud.clock.nowMs()) - 240;
    expect(await post(body, signature(body, secrets[0], at))).toBe(204);
    expect(await statusOf(orderId)).toBe("paid");
  });
});

describe("a signed event", () => {
  const deadLetters = async () =>
    (await cloud.firestore.collection("dead_letters").count().get()).data().count;

  test("of the other mode is acknowledged and ignored", async () => {
    const { orderId, sessionId } = await unheardPayment();
    const body = JSON.stringify(paymentEvent(sessionId, { livemode: true }));
    expect(await post(body, signature(body))).toBe(200);
    expect(await statusOf(orderId)).toBe("reserved");
  });

  test.each([
    ["that is not JSON", () => "{oops"],
    ["that is empty", () => ""],
    ["that is a list", () => "[]"],
    ["that is null", () => "null"],
    ["without an id", () => JSON.stringify(paymentEvent("cs_1", { id: undefined }))],
    ["with an empty id", () => JSON.stringify(paymentEvent("cs_1", { id: "" }))],
    ["without a type", () => JSON.stringify(paymentEvent("cs_1", { type: 5 }))],
    ["without a time", () => JSON.stringify(paymentEvent("cs_1", { created: "today" }))],
    ["without its mode", () => JSON.stringify(paymentEvent("cs_1", { livemode: undefined }))],
    ["about nothing", () => JSON.stringify(paymentEvent("cs_1", { data: {} }))],
    ["with an endless id", () => JSON.stringify(paymentEvent("cs_1", { id: "x".repeat(300) }))],
  ])("%s is answered with 400 and changes nothing", async (_what, make) => {
    const body = make();
    const before = await deadLetters();
    expect(await post(body, signature(body))).toBe(400);
    expect(await deadLetters()).toBe(before);
  });

  test("of more than a megabyte is refused", async () => {
    const body = JSON.stringify(paymentEvent("cs_1", { padding: "x".repeat(1_100_000) }));
    expect(await post(body, signature(body))).toBe(413);
  });

  test.each(["customer.created", "payout.paid", "charge.succeeded", "brand.new_thing"])(
    "of a type that no function handles (%s) is acknowledged and ignored",
    async (type) => {
      const before = await deadLetters();
      const body = JSON.stringify(paymentEvent("obj_1", { type }));
      expect(await post(body, signature(body))).toBe(204);
      expect(await deadLetters()).toBe(before);
    },
  );

  test("about an object without an id, as a balance is, is acknowledged: Stripe would repeat it for days", async () => {
    const data = { object: { object: "balance", available: [] } };
    const body = JSON.stringify(paymentEvent("none", { type: "balance.available", data }));
    expect([200, 204]).toContain(await post(body, signature(body)));
  });

  test("for an unknown order is stored for the operators", async () => {
    const before = await deadLetters();
    const body = JSON.stringify(paymentEvent("cs_test_unknown"));
    expect(await post(body, signature(body))).toBe(204);
    await cloud.eventually(async () => (await deadLetters()) > before);
    expect(await deadLetters()).toBe(before + 1);
  });

  test("delivered six times at once is processed once", async () => {
    const { orderId, buyer, sessionId } = await unheardPayment();
    const body = JSON.stringify(paymentEvent(sessionId));
    const header = signature(body);
    const statuses = await Promise.all(Array.from({ length: 6 }, () => post(body, header)));
    expect(new Set(statuses)).toEqual(new Set([204]));
    await cloud.eventually(async () => (await statusOf(orderId)) === "paid");
    const receipts = people.messagesTo(buyer).filter((text) => text.includes("Thank you!"));
    expect(receipts).toHaveLength(1);
    const sales = people.messagesTo(builder.id).filter((text) => text.includes(`<@${buyer}>`));
    expect(sales).toHaveLength(1);
  });

  test("that contradicts Stripe's API is not trusted", async () => {
    const dropId = await people.drop(builder.id);
    const answer = await people.buyNow(people.person(), dropId);
    const sessionId = people.sessionOf(answer);
    const object = { id: sessionId, object: "checkout.session", payment_status: "paid" };
    const body = JSON.stringify(paymentEvent(sessionId, { data: { object } }));
    expect(await post(body, signature(body))).toBe(204);
    expect(await statusOf(answer.interactionId)).toBe("reserved");
  });
});

describe("while Pub/Sub is down", () => {
  test("nothing is acknowledged, and what Stripe sends again is processed", async () => {
    // Google's emulator cannot inject faults.
    if (!cloud.hasOwnPubSub) return;
    const dropId = await people.drop(builder.id, { quantity: "1" });
    const buyer = people.person();
    const answer = await people.buyNow(buyer, dropId);
    cloud.faults.add({ target: "pubsub", operation: /Publish/, fault: { kind: "fail", code: 7 } });
    const body = JSON.stringify(paymentEvent(people.sessionOf(answer)));
    expect(await post(body, signature(body))).toBe(503);

    cloud.stripe.pay(people.sessionOf(answer));
    await cloud.settle();
    expect(await statusOf(answer.interactionId)).toBe("reserved");
    cloud.faults.clear();
    await people.pass(2);
    expect(await statusOf(answer.interactionId)).toBe("paid");
    expect(people.messagesTo(buyer).filter((text) => text.includes("Thank you!"))).toHaveLength(1);
  });
});
