import { beforeEach, describe, expect, test } from "@jest/globals";
import { limits } from "../../../../shared/limits/limits.ts";
import { useCloud } from "../../../support/cloud.ts";
import { countUses } from "../../../support/limits.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const cloud = await useCloud();
const people = shoppers(cloud);
const builder = await people.builder();
beforeEach(async () => {
  // Discord limits posts to a channel per five seconds.
  await cloud.clock.advance(5000);
});

interface Answer {
  readonly status: number;
  readonly body: {
    readonly order_id?: string;
    readonly checkout_url?: string;
    readonly expires_at?: string;
    readonly error?: string;
  };
}

let nextKey = 1;
const newKey = () => `purchase-${nextKey++}`;

async function call(body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await cloud.fetch(`${cloud.url("internal-api")}/api/internal/create-checkout`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("application/json");
  return { status: response.status, body: isJson ? JSON.parse(text) : { error: text } };
}

const checkout = (dropId: string, buyerId: string, key = newKey()) =>
  call({ drop_id: dropId, buyer_discord_id: buyerId }, { "idempotency-key": key });
const sessionIn = ({ body }: Answer) => /cs_\w+/.exec(body.checkout_url ?? "")?.[0] ?? "";

describe("creating a checkout", () => {
  test("reserves a unit and returns its Checkout link, as Buy Now does", async () => {
    const dropId = await people.drop(builder.id, { quantity: "2" });
    const answer = await checkout(dropId, people.person());
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      order_id: expect.stringMatching(/^api-[0-9a-f]{32}$/),
      checkout_url: expect.stringMatching(/^http/),
      expires_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    const minutes = (Date.parse(answer.body.expires_at ?? "") - cloud.clock.nowMs()) / 60_000;
    expect(minutes).toBeGreaterThan(29);
    expect(minutes).toBeLessThan(32);
    expect(await people.stock(dropId)).toEqual({ free: 1, reserved: 1, sold: 0 });
    cloud.stripe.pay(sessionIn(answer));
    await cloud.settle();
    expect(await people.order(answer.body.order_id ?? "")).toMatchObject({
      fulfillment_status: "paid",
    });
  });

  test("of several units reserves all of them, or none where fewer are left", async () => {
    const dropId = await people.drop(builder.id, { quantity: "5", limit: 5 });
    const ask = (quantity: number) =>
      call(
        { drop_id: dropId, buyer_discord_id: people.person(), quantity },
        { "idempotency-key": newKey() },
      );
    const { body } = await ask(3);
    expect(await people.order(body.order_id ?? "")).toMatchObject({ amount: 3750 });
    expect(await people.stock(dropId)).toEqual({ free: 2, reserved: 3, sold: 0 });
    expect(await ask(3)).toMatchObject({
      status: 409,
      body: { error: "Only 2 are left for you now." },
    });
    for (const quantity of [0, 11, 1.5]) expect((await ask(quantity)).status).toBe(400);
    expect(await people.stock(dropId)).toEqual({ free: 2, reserved: 3, sold: 0 });
  });

  test("repeated with its key returns the same order and link, even for five concurrent calls", async () => {
    const dropId = await people.drop(builder.id, { quantity: "9", limit: 9 });
    const [buyer, key] = [people.person(), newKey()];
    const first = await checkout(dropId, buyer, key);
    const repeats = await Promise.all(
      Array.from({ length: 5 }, () => checkout(dropId, buyer, key)),
    );
    for (const repeat of repeats) expect(repeat).toEqual(first);
    expect(await people.stock(dropId)).toMatchObject({ free: 8, reserved: 1 });
  });

  test("with another key is a new purchase, once the first is paid", async () => {
    const dropId = await people.drop(builder.id, { quantity: "3", limit: 2 });
    const buyer = people.person();
    const first = await checkout(dropId, buyer);
    expect((await checkout(dropId, buyer)).body).toEqual(first.body);
    cloud.stripe.pay(sessionIn(first));
    await cloud.settle();
    const second = await checkout(dropId, buyer);
    expect(second.status).toBe(200);
    expect(second.body.order_id).not.toBe(first.body.order_id);
  });

  test("with the key of another buyer is not that buyer's order", async () => {
    const dropId = await people.drop(builder.id);
    const key = newKey();
    const [one, other] = [
      await checkout(dropId, people.person(), key),
      await checkout(dropId, people.person(), key),
    ];
    expect(other.status).toBe(200);
    expect(other.body.order_id).not.toBe(one.body.order_id);
  });

  test("requested by 100 concurrent calls sells exactly the five units in stock", async () => {
    const dropId = await people.drop(builder.id, { quantity: "5" });
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => checkout(dropId, people.person())),
    );
    const statuses = Map.groupBy(answers, ({ status }) => status);
    expect(statuses.get(200)).toHaveLength(5);
    expect(statuses.get(409)).toHaveLength(95);
    expect(new Set((statuses.get(200) ?? []).map(sessionIn)).size).toBe(5);
    expect(await people.stock(dropId)).toEqual({ free: 0, reserved: 5, sold: 0 });
  });

  test("that failed on our side says to try again, and the retry results in one order", async () => {
    const dropId = await people.drop(builder.id);
    const [buyer, key] = [people.person(), newKey()];
    const operation = /POST \/v1\/checkout\/sessions$/;
    cloud.faults.add({ target: "stripe", operation, fault: { kind: "drop" }, times: 3 });
    const failed = await checkout(dropId, buyer, key);
    expect(failed).toMatchObject({
      status: 500,
      body: { error: expect.stringContaining("same Idempotency-Key") },
    });
    expect((await checkout(dropId, buyer, key)).status).toBe(200);
    expect(await people.stock(dropId)).toMatchObject({ free: 2, reserved: 1 });
  });
});

describe("a checkout is refused", () => {
  test("with 404 for a drop that does not exist", async () => {
    expect(await checkout("999", people.person())).toMatchObject({
      status: 404,
      body: { error: expect.stringContaining("I can't find that drop") },
    });
  });

  test("with 403 for the builder's own drop", async () => {
    const dropId = await people.drop(builder.id);
    expect(await checkout(dropId, builder.id)).toMatchObject({ status: 403 });
  });

  test("with 409 when it is sold out, closed, or the buyer has enough", async () => {
    const dropId = await people.drop(builder.id, { quantity: "1" });
    const { buyer } = await people.purchase(dropId);
    const messageTo = async (user: string) => {
      const { status, body } = await checkout(dropId, user);
      return [status, body.error];
    };
    expect(await messageTo(buyer)).toEqual([409, expect.stringContaining("as many of these")]);
    expect(await messageTo(people.person())).toEqual([409, expect.stringContaining("All units")]);
    await people.command(builder.id, "c500 drops", { drop: dropId, close: true });
    expect(await messageTo(people.person())).toEqual([409, expect.stringContaining("closed")]);
  });

  test("with 409 while its builder cannot be paid", async () => {
    const other = await people.builder();
    const dropId = await people.drop(other.id);
    cloud.stripe.restrict(await people.accountOf(other.id));
    await cloud.settle();
    expect(await checkout(dropId, people.person())).toMatchObject({
      status: 409,
      body: { error: expect.stringContaining("payout account needs attention") },
    });
  });

  test("with 409 when its order has ended: given back, or paid", async () => {
    const dropId = await people.drop(builder.id, { quantity: "2" });
    const [buyer, key] = [people.person(), newKey()];
    const first = await checkout(dropId, buyer, key);
    cloud.stripe.pay(sessionIn(first));
    await cloud.settle();
    expect(await checkout(dropId, buyer, key)).toMatchObject({
      status: 409,
      body: { error: expect.stringContaining("over") },
    });
    expect(await people.stock(dropId)).toEqual({ free: 1, reserved: 0, sold: 1 });
  });

  test("with 502 when Stripe creates no Checkout Session, and frees the unit", async () => {
    const dropId = await people.drop(builder.id);
    const operation = /POST \/v1\/checkout\/sessions$/;
    cloud.faults.add({ target: "stripe", operation, fault: { kind: "fail", code: 400 }, times: 1 });
    expect(await checkout(dropId, people.person())).toMatchObject({ status: 502 });
    expect(await people.stock(dropId)).toEqual({ free: 3, reserved: 0, sold: 0 });
  });
});

describe("bad requests", () => {
  const key = { "idempotency-key": "k" };

  test.each([
    ["no body", ""],
    ["not JSON", "{oops"],
    ["a list", []],
    ["no drop", { buyer_discord_id: "1" }],
    ["no buyer", { drop_id: "1" }],
    ["a number for the drop", { drop_id: 1, buyer_discord_id: "1" }],
    ["a path for the drop", { drop_id: "../orders/1", buyer_discord_id: "1" }],
    ["an endless drop", { drop_id: "1".repeat(201), buyer_discord_id: "1" }],
    ["a word for the buyer", { drop_id: "1", buyer_discord_id: "someone" }],
    ["a path for the buyer", { drop_id: "1", buyer_discord_id: "1/2" }],
    ["a line break after the buyer", { drop_id: "1", buyer_discord_id: "1\n" }],
    ["digits of another script", { drop_id: "1", buyer_discord_id: "١" }],
  ])("%s is answered with 400 and what is expected", async (_what, body) => {
    const answer = await call(body, key);
    expect(answer.status).toBe(400);
    expect(answer.body.error?.length).toBeGreaterThan(10);
  });

  test.each([
    ["no Idempotency-Key", {}],
    ["an empty one", { "idempotency-key": "" }],
    ["an endless one", { "idempotency-key": "x".repeat(256) }],
  ])("%s is answered with 400, and nothing is reserved", async (_what, headers) => {
    const dropId = await people.drop(builder.id);
    const body = { drop_id: dropId, buyer_discord_id: people.person() };
    const answer = await call(body, headers);
    expect(answer).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining("Idempotency-Key") },
    });
    expect(await people.stock(dropId)).toMatchObject({ free: 3, reserved: 0 });
  });

  test("GET is answered with 405", async () => {
    const url = `${cloud.url("internal-api")}/api/internal/create-checkout`;
    expect((await cloud.fetch(url)).status).toBe(405);
  });
});

describe("limits of the buyer", () => {
  test("count a purchase like a press: 429 at the limit, saying when the next one is possible; 503 while Redis is unavailable", async () => {
    const dropId = await people.drop(builder.id, { quantity: "2" });
    const buyer = people.person();
    await countUses(cloud, "reservations", buyer, limits.reservations.most);
    const full = await checkout(dropId, buyer);
    expect(full.status).toBe(429);
    expect(full.body.error).toMatch(/each person has 20 reservations an hour\. .*<t:\d+:R>/);
    cloud.faults.add({ target: "upstash", fault: { kind: "drop" } });
    const blind = await checkout(dropId, people.person());
    expect(blind.status).toBe(503);
    expect(blind.body.error).toContain("so nothing has changed");
    cloud.faults.clear();
    expect(await people.stock(dropId)).toEqual({ free: 2, reserved: 0, sold: 0 });
  });
});
