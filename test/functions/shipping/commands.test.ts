import { describe, expect, test } from "@jest/globals";
import { redeliver } from "../../support/calls/redeliver.ts";
import { useCloud } from "../../support/cloud.ts";
import { shoppers } from "../../support/shop/shop.ts";

const cloud = await useCloud();
const people = shoppers(cloud);
const builder = await people.builder({ terms: "none" });

type Options = Readonly<Record<string, string | number | boolean>>;

const set = (options: Options = {}, user = builder.id) =>
  people.command(user, "c500 shipping", options);
const storedOf = async (user = builder.id) =>
  (await cloud.firestore.doc(`shipping_terms/${user}`).get()).data();
const termsOf = async (user = builder.id) => (await storedOf(user))?.["shipping"];

const FULL = {
  from: "Germany",
  home: "5.00",
  countries: "EU, UK",
  "countries-price": "9.00",
  world: "25",
  further: "2",
  "free-from": "300",
  "dispatch-days": 7,
  phone: true,
  pickup: true,
  "bundle-hours": 48,
} as const;

describe("/c500 shipping", () => {
  test("says what to set while there are no terms", async () => {
    const { id } = await people.builder({ terms: "none" });
    expect((await set({}, id)).text).toContain("You have no shipping terms yet");
  });

  test("is refused to people who are no approved builders, with or without terms", async () => {
    const refused = await set({ from: "DE", home: "5" }, people.person());
    expect(refused.text).toContain("/c500 register");
    const { id } = await people.builder({ terms: "none" });
    await set({ from: "DE", home: "5" }, id);
    await cloud.firestore.doc(`builders/${id}`).update({ standing: "suspended" });
    const before = await storedOf(id);
    expect((await set({ home: "6" }, id)).text).toContain("suspended");
    expect(await storedOf(id)).toEqual(before);
  });

  test("sets all terms at once, and shows what buyers in a few countries would pay", async () => {
    const { id } = await people.builder({ terms: "none" });
    const { text, embeds } = await set(FULL, id);
    expect(text).toContain("Your shipping terms are set.");
    for (const line of [
      "Ships from Germany within 7 days",
      "Germany: $5.00, each further item in the same parcel $2.00",
      "The European Union, United Kingdom: $9.00, each further",
      "Everywhere else: $25.00",
      "Free from $300.00 on",
      "Or pick it up",
      "Orders placed until 48 hours after the stream share a parcel",
      "needs a phone number",
      "Germany: $5.00, two items $7.00",
      "United Kingdom: $9.00, two items $11.00",
      "United States: $25.00, two items $27.00",
    ]) {
      expect(embeds).toContain(line);
    }
    expect(await termsOf(id)).toMatchObject({
      from: "DE",
      free_from: 30_000,
      dispatch_days: 7,
      needs_phone: true,
      is_pickup: true,
      bundle_hours: 48,
      currency: "usd",
      zones: [
        { kind: "home", price: 500, further: 200 },
        { kind: "listed", price: 900, further: 200 },
        { kind: "world", price: 2500, further: 200 },
      ],
    });
    const shown = await set({}, id);
    expect(shown.embeds).toBe(embeds);
    expect(shown.text).toContain("These are your shipping terms.");
  });

  test("changes the parts that are given, and leaves the others", async () => {
    const { id } = await people.builder({ terms: "none" });
    await set(FULL, id);
    const before = await termsOf(id);
    await set({ world: "no", "free-from": "No", pickup: false }, id);
    expect(await termsOf(id)).toMatchObject({
      from: "DE",
      free_from: null,
      is_pickup: false,
      needs_phone: true,
      zones: [{ kind: "home" }, { kind: "listed" }],
    });
    await set({ world: "25", "free-from": "300", pickup: true }, id);
    expect(await termsOf(id)).toEqual(before);
  });

  test("names everything that is wrong, and then changes nothing", async () => {
    await set(FULL);
    const before = await storedOf();
    const { text } = await set({
      from: "Atlantis",
      home: "-5",
      countries: "UK, Nowhere",
      world: "a lot",
      further: "1.234",
      "free-from": "100,000,000",
      "dispatch-days": 3,
    });
    expect(text).toContain("Nothing has changed:");
    for (const [option, fix] of [
      ["from", "Atlantis"],
      ["home", "or no"],
      ["countries", "Nowhere"],
      ["world", "$12.50"],
      ["further", "or full"],
      ["free-from", "at most $100,000.00"],
    ] as const) {
      const line = text.split("\n").find((each) => each.startsWith(`- \`${option}\``));
      expect(line).toContain(fix);
    }
    expect(await storedOf()).toEqual(before);
  });

  test.each([
    ["prices without a country", { home: "5" }, "Say where parcels come from with `from`"],
    ["a country alone", { from: "DE" }, "Set a price with `home`"],
    ["a price for no list", { from: "DE", "countries-price": "5" }, "needs `countries`"],
    ["a list without a price", { from: "DE", countries: "EU" }, "with `countries-price`"],
    ["an empty list", { from: "DE", home: "5", countries: " , " }, "I can't find"],
  ])("refuses %s and says what is missing", async (_what, options, missing) => {
    const { id } = await people.builder({ terms: "none" });
    expect((await set(options, id)).text).toContain(missing);
    expect(await storedOf(id)).toBeUndefined();
  });

  test("is done once, however often it is delivered, and an older one no longer changes a newer one", async () => {
    const first = await set(FULL);
    const command = { command: "c500 shipping", handler: "fulfilment" } as const;
    const before = await storedOf();
    await redeliver(cloud, first, { ...command, options: { ...FULL } });
    expect(await storedOf()).toEqual(before);
    expect(people.readAnswer(first.interactionId).text).toContain("are set");
    await set({ home: "6" });
    await redeliver(cloud, first, { ...command, options: { ...FULL } });
    expect(await termsOf()).toMatchObject({ zones: [{ price: 600 }, {}, {}] });
    expect(people.readAnswer(first.interactionId).text).toContain("changed nothing");
  });

  test("is answered as done when its answer was lost until it would have been too late", async () => {
    const refuseAnswers = { target: "discord", operation: /^PATCH \/webhooks/ } as const;
    cloud.faults.add({ ...refuseAnswers, fault: { kind: "fail", code: 503 } });
    const { interactionId } = await set({ home: "8" });
    expect(await termsOf()).toMatchObject({ zones: [{ price: 800 }, {}, {}] });
    await people.pass(7);
    expect(people.readAnswer(interactionId).text).toBe("");
    cloud.faults.clear();
    await people.pass(6);
    expect(people.readAnswer(interactionId).text).toContain("are set");
  });

  test("is finished when Firestore failed at first", async () => {
    const fault = { kind: "fail", code: 503 } as const;
    cloud.faults.add({ target: "firestore", operation: /Commit|commit/, fault, times: 2 });
    const { interactionId } = await set({ home: "7" });
    await people.pass(1);
    expect(people.readAnswer(interactionId).text).toContain("are set");
    expect(await termsOf()).toMatchObject({ zones: [{ price: 700 }, {}, {}] });
  });
});

describe("/c500 country", () => {
  const country = (user: string, options: Options = {}) =>
    people.command(user, "c500 country", options);
  const countryOf = async (user: string) =>
    (await cloud.firestore.doc(`users/${user}`).get()).get("ship_country");

  test("stores a country and nothing more, changes it, shows it and removes it", async () => {
    const user = people.person();
    expect((await country(user)).text).toContain("You have no country set");
    expect((await country(user, { country: "uk" })).text).toContain("go to **United Kingdom**");
    expect(await countryOf(user)).toBe("GB");
    await country(user, { country: "Germany" });
    expect((await country(user)).text).toContain("Your parcels go to **Germany**");
    expect((await country(user, { remove: true })).text).toContain("I've forgotten your country");
    expect(await countryOf(user)).toBeNull();
  });

  test("does not guess, and wants one thing at a time", async () => {
    const user = people.person();
    expect((await country(user, { country: "Atlantis" })).text).toContain('"Atlantis"');
    const both = await country(user, { country: "DE", remove: true });
    expect(both.text).toContain("Choose one of the two");
    expect(await countryOf(user)).toBeUndefined();
  });

  test("is not undone by an older command that is delivered again", async () => {
    const user = people.person();
    const first = await country(user, { country: "DE" });
    await country(user, { country: "FR" });
    const command = { command: "c500 country", handler: "shipping" } as const;
    await redeliver(cloud, first, { ...command, options: { country: "DE" } });
    expect(await countryOf(user)).toBe("FR");
    expect(people.readAnswer(first.interactionId).text).toContain("You chose again after that");
  });

  test("is answered as done when its answer was lost until it would have been too late", async () => {
    const user = people.person();
    const refuseAnswers = { target: "discord", operation: /^PATCH \/webhooks/ } as const;
    cloud.faults.add({ ...refuseAnswers, fault: { kind: "fail", code: 503 } });
    const { interactionId } = await country(user, { country: "DE" });
    await people.pass(7);
    cloud.faults.clear();
    await people.pass(6);
    expect(people.readAnswer(interactionId).text).toContain("go to **Germany**");
  });

  test("leaves what else is stored of somebody", async () => {
    const user = people.person();
    await cloud.firestore.doc(`users/${user}`).set({ dm_closed: false, open_order_ids: ["1"] });
    await country(user, { country: "DE" });
    const stored = (await cloud.firestore.doc(`users/${user}`).get()).data();
    expect(stored).toMatchObject({ open_order_ids: ["1"], ship_country: "DE" });
  });
});

describe("while a country is typed", () => {
  const offered = async (typed: string) => {
    const seen = await cloud.discord.client.autocomplete(cloud.url("discord-interactions"), {
      user: builder.id,
      channelId: cloud.settings["DISCORD_GENERAL_CHANNEL_ID"] ?? "",
      name: "c500 country",
      options: { country: typed },
      focused: "country",
    });
    if (seen.response?.type !== 8) throw new Error("Nothing was offered.");
    return seen.response.data.choices.map(({ name }) => name);
  };

  test.each([
    ["", "United States (US)"],
    ["uk", "United Kingdom (UK)"],
    ["us", "United States (US)"],
    ["holl", "Netherlands (Holland)"],
    ["ger", "Germany (DE)"],
    ["de", "Germany (DE)"],
  ])("%j offers what fits best first", async (typed, first) => {
    expect((await offered(typed))[0]).toBe(first);
  });
});
