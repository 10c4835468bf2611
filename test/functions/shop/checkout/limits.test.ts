import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { limits, MAX_OPEN_RESERVATIONS } from "../../../../shared/limits/limits.ts";
import { startTestCloud, type TestCloud } from "../../../support/cloud.ts";
import { countUses } from "../../../support/limits.ts";
import { type Answer, shoppers } from "../../../support/shop/shop.ts";

const RESERVED = "is reserved for you";
const HELD = `You have ${MAX_OPEN_RESERVATIONS} reservations`;
const TOO_OFTEN = `each person has ${limits.reservations.most} reservations an hour`;

let cloud: TestCloud;
let people: ReturnType<typeof shoppers>;
let dropIds: string[];

beforeAll(async () => {
  cloud = await startTestCloud({ rateLimits: false });
  people = shoppers(cloud);
  const builder = await people.builder();
  dropIds = [];
  for (let number = 0; number <= MAX_OPEN_RESERVATIONS + 1; number += 1) {
    dropIds.push(await people.drop(builder.id, { quantity: "50", limit: 10 }));
  }
});
afterAll(() => cloud.stop());
beforeEach(() => cloud.faults.clear());

const dropAt = (place: number): string => dropIds[place] ?? "";

/** Someone who has this many unpaid orders. */
async function holder(count: number): Promise<{ buyer: string; answers: Answer[] }> {
  const buyer = people.person();
  const answers: Answer[] = [];
  for (const dropId of dropIds.slice(0, count)) answers.push(await people.buyNow(buyer, dropId));
  expect(answers.every(({ text }) => text.includes(RESERVED))).toBe(true);
  return { buyer, answers };
}

/** Takes a unit and gives it back, this many times. */
async function takeAndGiveBack(buyer: string, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    const { interactionId, text } = await people.buyNow(buyer, dropAt(0));
    expect(text).toContain(RESERVED);
    await people.giveBack(buyer, interactionId);
  }
}

/** When an answer says that the user may try again, in milliseconds. */
function retryAtMs({ text }: Answer): number {
  return Number(/<t:(\d+):R>/.exec(text)?.[1]) * 1000;
}

async function reservedOf(buyer: string): Promise<number> {
  const orders = cloud.firestore.collection("orders").where("buyer_id", "==", buyer);
  return (await orders.where("fulfillment_status", "==", "reserved").get()).size;
}

describe("unpaid orders of one person", () => {
  test("are limited over all drops, and the answer says when another is possible", async () => {
    const { buyer } = await holder(MAX_OPEN_RESERVATIONS);
    const refused = await people.buyNow(buyer, dropAt(MAX_OPEN_RESERVATIONS));
    expect(refused.text).toContain(HELD);
    expect(await reservedOf(buyer)).toBe(MAX_OPEN_RESERVATIONS);
    await people.pass((retryAtMs(refused) - cloud.clock.now().getTime()) / 60_000 + 2);
    expect((await people.buyNow(buyer, dropAt(MAX_OPEN_RESERVATIONS))).text).toContain(RESERVED);
  });

  test("do not prevent anyone from opening the Checkout link of an order they have", async () => {
    const { buyer, answers } = await holder(MAX_OPEN_RESERVATIONS);
    const again = await people.buyNow(buyer, dropAt(0));
    expect(again.text).toContain(RESERVED);
    expect(people.sessionOf(again)).toBe(people.sessionOf(answers[0] ?? again));
  });

  test.each([
    ["paid for", async ({ sessionId }: Held) => void cloud.stripe.pay(sessionId)],
    ["given back", ({ buyer, orderId }: Held) => people.giveBack(buyer, orderId)],
  ])("make room for another when one is %s", async (_what, end) => {
    const { buyer, answers } = await holder(MAX_OPEN_RESERVATIONS);
    const [first] = answers;
    if (!first) throw new Error("Nothing is held.");
    await end({ buyer, orderId: first.interactionId, sessionId: people.sessionOf(first) });
    await cloud.settle();
    expect((await people.buyNow(buyer, dropAt(MAX_OPEN_RESERVATIONS))).text).toContain(RESERVED);
  });

  test("count while a bank works on their payment", async () => {
    const { buyer, answers } = await holder(MAX_OPEN_RESERVATIONS);
    for (const answer of answers) cloud.stripe.pay(people.sessionOf(answer), "bank-debit");
    await cloud.settle();
    const refused = await people.buyNow(buyer, dropAt(MAX_OPEN_RESERVATIONS));
    expect(refused.text).toContain(HELD);
    expect(refused.text).toContain("as soon as a bank");
  });

  test("stay within the limit when the last two are taken at once, on two drops", async () => {
    const { buyer } = await holder(MAX_OPEN_RESERVATIONS - 1);
    const last = dropIds.slice(MAX_OPEN_RESERVATIONS - 1, MAX_OPEN_RESERVATIONS + 1);
    const answers = await Promise.all(last.map((dropId) => people.buyNow(buyer, dropId)));
    const texts = answers.map(({ text }) => text);
    expect(texts.filter((text) => text.includes(RESERVED))).toHaveLength(1);
    expect(texts.filter((text) => text.includes(HELD))).toHaveLength(1);
    expect(await reservedOf(buyer)).toBe(MAX_OPEN_RESERVATIONS);
  });
});

interface Held {
  readonly buyer: string;
  readonly orderId: string;
  readonly sessionId: string;
}

describe("units that one person takes within an hour", () => {
  test("are limited even if each is given back, and another is possible at the time that the answer names", async () => {
    const buyer = people.person();
    await takeAndGiveBack(buyer, limits.reservations.most);
    const refused = await people.buyNow(buyer, dropAt(1));
    expect(refused.text).toContain(TOO_OFTEN);
    expect(await reservedOf(buyer)).toBe(0);
    expect((await people.buyNow(people.person(), dropAt(1))).text).toContain(RESERVED);
    await cloud.clock.advance(retryAtMs(refused) - cloud.clock.now().getTime() - 2000);
    expect((await people.buyNow(buyer, dropAt(1))).text).toContain(TOO_OFTEN);
    await cloud.clock.advance(4000);
    expect((await people.buyNow(buyer, dropAt(1))).text).toContain(RESERVED);
  });

  test("count once even if their event is redelivered, and a press that reserves nothing does not count", async () => {
    const buyer = people.person();
    const fault = { kind: "duplicate", copies: 3 } as const;
    cloud.faults.add({ target: "pubsub", operation: /^deliver/i, fault });
    await countUses(cloud, "reservations", buyer, limits.reservations.most - 2);
    await takeAndGiveBack(buyer, 1);
    const last = await people.buyNow(buyer, dropAt(1));
    expect(last.text).toContain(RESERVED);
    expect((await people.buyNow(buyer, dropAt(1))).text).toContain(RESERVED);
    expect((await people.buyNow(buyer, dropAt(2))).text).toContain(TOO_OFTEN);
  });

  test("are not reserved while Redis is unavailable and cannot count them, but everything else works", async () => {
    const { buyer, answers } = await holder(1);
    cloud.faults.add({ target: "upstash", fault: { kind: "drop" } });
    const refused = await people.buyNow(buyer, dropAt(1));
    expect(refused.text).toContain("so nothing has changed. Please try again in a minute.");
    expect(await reservedOf(buyer)).toBe(1);
    const [held] = answers;
    expect(people.sessionOf(await people.buyNow(buyer, dropAt(0)))).toBe(
      people.sessionOf(held ?? refused),
    );
    expect((await people.command(buyer, "c500 profile")).embeds).toContain("Brass weight");
    cloud.faults.clear();
    expect((await people.buyNow(buyer, dropAt(1))).text).toContain(RESERVED);
  });
});
