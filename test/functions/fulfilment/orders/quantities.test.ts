import { beforeEach, describe, expect, test } from "@jest/globals";
import { cookieBrowser } from "../../../../local/browser/cookie-browser.ts";
import { stripeClient } from "../../../support/clients/stripe-client.ts";
import { useCloud } from "../../../support/cloud.ts";
import { parcels } from "../../../support/fulfilment/parcels.ts";
import { choosers } from "../../../support/shipping/choosers.ts";
import type { Answer } from "../../../support/shop/shop.ts";
import { wordsOf } from "../../../web/visitor.ts";

const cloud = await useCloud({ rateLimits: false });
const { people, parcel } = await parcels(cloud);
const list = choosers(cloud);
const builder = await people.builder({ isLive: true });
await people.command(builder.id, "c500 shipping", {
  from: "US",
  home: "8.00",
  world: "20.00",
  further: "2.00",
  "free-from": "60.00",
  pickup: true,
});
beforeEach(async () => {
  // Discord limits posts to a channel per five seconds.
  await cloud.clock.advance(5000);
});

const drop = () => people.drop(builder.id, { quantity: "9", limit: 9 });
const priceTo = (question: Answer, value: string) =>
  question.select?.options.find((option) => option.value === value)?.description;

/** Says how many, and reads where they should go. */
async function askWhere(buyer: string, dropId: string, quantity: number): Promise<Answer> {
  const question = await people.buyNow(buyer, dropId, quantity);
  expect(question.text).toContain("Where should it go?");
  return question;
}

async function pay(answer: Answer): Promise<void> {
  cloud.stripe.pay(people.sessionOf(answer));
  await cloud.settle();
}

/** What a session charges for its items and for shipping. */
async function chargedBy(answer: Answer) {
  const session = await stripeClient(cloud).checkout.sessions.retrieve(people.sessionOf(answer));
  return [session.amount_subtotal, session.shipping_cost?.amount_total];
}

describe("several units that are shipped", () => {
  test("are counted first, then asked where they go: the first costs the zone's price, the others less", async () => {
    const [dropId, buyer] = [await drop(), people.person()];
    const question = await askWhere(buyer, dropId, 3);
    expect(priceTo(question, "US")).toBe("Shipping $12.00");
    expect(priceTo(question, "DE")).toBe("Shipping $24.00");
    const answer = await list.choose(buyer, list.answerOf(question), "US");
    expect(answer.text).toContain("**3 × Brass weight** are reserved for you");
    expect(await chargedBy(answer)).toEqual([3750, 1200]);
    const terms = { amount: 4950, shipping_amount: 1200, fee: 187 };
    expect(await people.order(answer.interactionId)).toMatchObject(terms);
  });

  test("are one line of a parcel, with their number on the slip, in the CSV and on the order's page", async () => {
    const [dropId, buyer] = [await drop(), people.person()];
    const question = await askWhere(buyer, dropId, 3);
    const answer = await list.choose(buyer, list.answerOf(question), "US");
    await pay(answer);
    const id = answer.interactionId;
    expect((await parcel(id))["lines"]).toEqual([{ order_id: id, quantity: 3 }]);
    const browser = cookieBrowser(cloud);
    await browser.signIn(builder.id);
    const slip = wordsOf((await browser.open(`/desk/slips?parcel=${id}&anyway=yes`)).html);
    expect(slip).toContain(`Brass weight Order ${id} 3`);
    const csv = await browser.send(`/desk/parcels.csv?parcel=${id}&anyway=yes`);
    expect(await csv.text()).toContain('"3 x Brass weight","3"');
    const key = (await people.order(id))["page_key"];
    const page = await cloud.fetch(`${cloud.url("web")}/order/${key}`);
    expect(wordsOf(await page.text())).toContain("3 × Brass weight from");
  });

  test("join an open parcel of their buyer for the price of further items", async () => {
    const [dropId, buyer] = [await drop(), people.person()];
    const question = await askWhere(buyer, dropId, 1);
    const first = await list.choose(buyer, list.answerOf(question), "US");
    await pay(first);
    const second = await people.buyNow(buyer, dropId, 2);
    expect(await chargedBy(second)).toEqual([2500, 400]);
    await pay(second);
    expect((await parcel(first.interactionId))["lines"]).toEqual([
      { order_id: first.interactionId, quantity: 1 },
      { order_id: second.interactionId, quantity: 2 },
    ]);
  });

  test("ship free of charge from the amount that they reach together", async () => {
    const [dropId, buyer] = [await drop(), people.person()];
    const question = await askWhere(buyer, dropId, 5);
    expect(priceTo(question, "DE")).toBe("Free");
    const answer = await list.choose(buyer, list.answerOf(question), "DE");
    expect(await people.order(answer.interactionId)).toMatchObject({ amount: 6250 });
  });

  test("can be picked up, all of them", async () => {
    const [dropId, buyer] = [await drop(), people.person()];
    const question = await askWhere(buyer, dropId, 2);
    const answer = await list.choose(buyer, list.answerOf(question), "pickup");
    const order = await people.order(answer.interactionId);
    expect(order).toMatchObject({ amount: 2500, more_units: [expect.any(Number)] });
  });

  test("that are too many once the country is chosen are asked for again, and nothing is reserved", async () => {
    const [dropId, buyer, other] = [await drop(), people.person(), people.person()];
    const question = await askWhere(buyer, dropId, 9);
    const theirs = await askWhere(other, dropId, 7);
    await list.choose(other, list.answerOf(theirs), "US");
    const again = await list.choose(buyer, list.answerOf(question), "US");
    expect(again.text).toContain("Only 2 are left for you now. How many of **Brass weight**");
    expect(await people.stock(dropId)).toEqual({ free: 2, reserved: 7, sold: 0 });
  });
});
