import { describe, expect, test } from "@jest/globals";
import type { ShippingTerms } from "../../../functions/shipping/domain/terms.ts";
import { countryQuestion } from "../../../functions/shipping/messages/country.ts";
import { redeliver } from "../../support/calls/redeliver.ts";
import { community, useCloud } from "../../support/cloud.ts";
import { choosers } from "../../support/shipping/choosers.ts";
import { shoppers } from "../../support/shop/shop.ts";

const cloud = await useCloud({ rateLimits: false });
const people = shoppers(cloud);
const list = choosers(cloud);

const TERMS: ShippingTerms = {
  from: "NO",
  zones: [
    { kind: "home", countries: [], price: 0, further: 0 },
    { kind: "listed", countries: ["SE", "DK"], price: 900, further: 100 },
    { kind: "world", countries: [], price: 2500, further: 200 },
  ],
  freeFrom: undefined,
  dispatchDays: 3,
  needsPhone: false,
  isPickup: true,
  bundleHours: 24,
  currency: "usd",
};

const ask = (terms: Partial<ShippingTerms> = {}, isFurther = false) =>
  list.post(
    countryQuestion({
      soldId: "555",
      terms: { ...TERMS, ...terms },
      itemsAmount: 100,
      quantity: 1,
      isFurther,
    }),
  );
const countryOf = async (user: string) =>
  (await cloud.firestore.doc(`users/${user}`).get()).get("ship_country");

describe("the list of countries under a message", () => {
  test("has 25 options: the seller's country, then the likeliest, with prices, then the ways out", async () => {
    const { options } = list.selectOf(await ask());
    expect(options).toHaveLength(25);
    expect(options.slice(0, 2)).toMatchObject([
      { label: "Norway", value: "NO", description: "Free" },
      { label: "United States", value: "US", description: "Shipping $25.00" },
    ]);
    expect(options.find(({ value }) => value === "SE")?.description).toBe("Shipping $9.00");
    expect(options.slice(-2)).toMatchObject([
      { label: "I'll pick it up", description: "Free" },
      { label: "Somewhere else…" },
    ]);
    const further = list.selectOf(await ask({}, true)).options;
    expect(further.find(({ value }) => value === "SE")?.description).toBe("Shipping $1.00");
  });

  test("has the countries of the terms alone, and no pickup where there is none", async () => {
    const zones = TERMS.zones.slice(0, 2);
    const { options } = list.selectOf(await ask({ zones, isPickup: false }));
    expect(options.map(({ value }) => value)).toEqual(["NO", "SE", "DK", "elsewhere"]);
  });

  test("stores the country that is chosen, also where the drop is gone by then", async () => {
    const user = people.person();
    const answer = await list.choose(user, await ask(), "SE");
    expect(answer.text).toContain("I can't find that drop any more");
    expect(list.answerOf(answer).onlyFor).toBe(user);
    expect(await countryOf(user)).toBe("SE");
  });

  test("stores nothing for pickup, and explains the way for other countries", async () => {
    const user = people.person();
    const message = await ask();
    await list.choose(user, message, "pickup");
    expect((await list.choose(user, message, "elsewhere")).text).toContain("`/c500 country`");
    expect(await countryOf(user)).toBeUndefined();
  });

  test("cannot be used to choose what it does not offer, or two at once", async () => {
    const user = people.person();
    const message = await ask({ zones: TERMS.zones.slice(0, 1) });
    await expect(list.choose(user, message, "US")).rejects.toThrow("does not offer US");
    await expect(
      cloud.discord.client.component(cloud.url("discord-interactions"), {
        user,
        channelId: message.channel_id,
        message: message.id,
        customId: list.selectOf(message).custom_id,
        values: ["NO", "elsewhere"],
      }),
    ).rejects.toThrow("takes from 1 to 1");
  });

  test("keeps the newest choice when an older one is delivered again", async () => {
    const user = people.person();
    const message = await ask();
    const first = await list.choose(user, message, "SE");
    await list.choose(user, message, "DK");
    const options = { soldId: "555", quantity: 1, chosen: "SE" };
    await redeliver(cloud, first, { command: "ship-country", handler: "shop", options });
    expect(await countryOf(user)).toBe("DK");
  });
});

describe("a choice that no client sends", () => {
  const raw = async (data: object) => {
    const use = { user: people.person(), channelId: community.generalChannelId, type: 3, data };
    const seen = await cloud.discord.client.raw(cloud.url("discord-interactions"), use);
    await cloud.settle();
    expect(seen.failure).toBeUndefined();
    return people.readAnswer(seen.id).text;
  };

  test.each([
    ["nothing chosen", "ship-country:1:1", []],
    ["no values at all", "ship-country:1:1", undefined],
    ["two values", "ship-country:1:1", ["SE", "DK"]],
    ["a country that parcels cannot go to", "ship-country:1:1", ["CU"]],
    ["a name of JavaScript's", "ship-country:1:1", ["constructor"]],
    ["nothing that it is about", "ship-country", ["SE"]],
    ["a path", "ship-country:../1:1", ["SE"]],
  ])("(%s) is answered at once, in words, and does nothing", async (_what, custom_id, values) => {
    const text = await raw({ custom_id, component_type: 3, ...(values && { values }) });
    expect(text).toContain("That list is from an older version of me.");
  });

  test("(values of a button) is a press of the button", async () => {
    const data = { custom_id: "drop-details:999", component_type: 2, values: ["SE"] };
    expect(await raw(data)).toContain("I can't find that drop any more.");
  });
});
