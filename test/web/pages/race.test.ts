import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startTestCloud, type TestCloud } from "../../support/cloud.ts";
import { type Pots, pots, type Race } from "../../support/races/pots.ts";
import { type Visitor, visitor, wordsOf } from "../visitor.ts";

const BOB = "300000000000000002";
const CAT = "300000000000000003";

let cloud: TestCloud;
let race: Pots;
let visit: Visitor["visit"];
let read: Visitor["read"];

beforeAll(async () => {
  cloud = await startTestCloud();
  race = pots(cloud.firestore, cloud.clock);
  ({ visit, read } = visitor(cloud.url("web"), cloud));
});
afterAll(() => cloud.stop());

const overlayOf = ({ potKey }: Race) => `/overlay/pot/${potKey}`;
const feedOf = ({ potKey }: Race) => `/pot/${potKey}.json`;
const pageOf = ({ id }: Race) => `/race/${id}`;
const feed = async (lobby: Race) => JSON.parse(await read(feedOf(lobby)));
const page = async (lobby: Race) => wordsOf(await read(pageOf(lobby)));
const everything = (lobby: Race) =>
  Promise.all([overlayOf, feedOf, pageOf].map((path) => read(path(lobby))));
const named = ({ id }: Race) => ({ lobbyId: id });

describe("a race", () => {
  test("shows its pot, its racers and each racer's share in overlay, feed and page", async () => {
    const lobby = await race.race("Friday Night", ["Ann", "Bob"]);
    await race.sell({ ...named(lobby), title: "Black shirt" });
    await race.sell({ ...named(lobby), title: "Mouse mat", base: 1_005 });
    expect(await feed(lobby)).toEqual({
      race: lobby.id,
      state: "racing",
      name: "Friday Night",
      headline: "The pot is open",
      pots: [{ currency: "usd", amount: 601, minorUnits: 100, text: "$6.01", length: "short" }],
      racers: ["Ann", "Bob"],
      goal: null,
      sales: [
        expect.objectContaining({
          title: "Black shirt",
          currency: "usd",
          amount: 400,
          text: "+$4.00",
          gains: [{ text: "+$2.00", names: ["Ann", "Bob"] }],
        }),
        expect.objectContaining({ title: "Mouse mat", amount: 201, text: "+$2.01" }),
      ],
      shop: null,
      closesAt: (await race.lobbies.get(lobby.id))?.closesAt?.toISOString(),
      now: cloud.clock.now().toISOString(),
      askAgainMs: 1000,
      version: expect.any(Number),
    });
    const overlay = await read(overlayOf(lobby));
    expect(overlay).toContain('<div class="goal" data-goal hidden>');
    expect(wordsOf(overlay.replace(/<div class="goal".*?<\/div>/s, ""))).toMatch(
      /Racer prize pool \$6\.01 Buy a shirt now to increase the pot! The pot is open 59:58 Ann Bob/,
    );
    const words = await page(lobby);
    expect(words).toMatch(/Friday Night The pot is open Racer prize pool \$6\.01 Opened/);
    expect(words).toMatch(/Racers Ann \$3\.0[01] Bob \$3\.0[01] 2 seats are free/);
    expect(words).toMatch(/Sales 2 Mouse mat \d\d:\d\d UTC \+\$2\.01 Black shirt .* \+\$4\.00/);
    expect(words).toMatch(/20% of what its items cost goes into the pot/);
  });

  test("has shares that sum to its pot after joins, departures and refunds", async () => {
    const lobby = await race.race("Sums", ["Ann", "Bob"]);
    await race.sell({ ...named(lobby), base: 3_333 });
    await race.comes(lobby, CAT, "Cat");
    const refunded = await race.sell({ ...named(lobby), base: 7_777, title: "Hoodie" });
    await race.goes(lobby, BOB);
    await race.sell({ ...named(lobby), base: 1_111 });
    await race.refund(refunded.id, 2_000);
    const whole = await race.sell({ ...named(lobby), base: 900, title: "Stickers" });
    await race.refund(whole.id, 900);
    const words = await page(lobby);
    const [racers = "", sales = ""] = words.split("Sales 4");
    const sumOf = (text: string) =>
      (text.match(/\$\d+\.\d\d/g) ?? []).reduce(
        (sum, money) => sum + Number(money.slice(1)) * 100,
        0,
      );
    const [pot = Number.NaN] = (await feed(lobby)).pots.map(
      ({ amount }: { amount: number }) => amount,
    );
    expect(pot).toBe(666 + 1_155 + 222);
    expect(Math.round(sumOf(racers.slice(racers.indexOf("Racers "))))).toBe(pot);
    expect(Math.round(sumOf(sales))).toBe(pot);
    expect(words).toMatch(/Bob has left \$\d/);
    expect(words).toMatch(/Stickers \d\d:\d\d UTC · refunded \$0\.00/);
    expect(words).toMatch(/Hoodie \d\d:\d\d UTC · partly refunded \+\$11\.55/);
  });

  test("has a line for each currency of its sales", async () => {
    const lobby = await race.race("Currencies", ["Ann"]);
    await race.sell({ ...named(lobby), base: 500_000, currency: "jpy" });
    await race.sell({ ...named(lobby), base: 1_000, currency: "eur" });
    const { pots: all } = await feed(lobby);
    expect(all).toEqual([
      { currency: "eur", amount: 200, minorUnits: 100, text: "€2.00", length: "short" },
      { currency: "jpy", amount: 100_000, minorUnits: 1, text: "¥100,000", length: "short" },
    ]);
    expect(await page(lobby)).toMatch(/Ann €2\.00 \+ ¥100,000/);
  });

  test.each([
    ["open", async (lobby: Race) => lobby, "Opens when the race starts"],
    ["racing", (lobby: Race) => race.start(lobby), "The pot is open"],
    [
      "finished",
      (lobby: Race) => race.start(lobby).then(() => race.finish(lobby)),
      "Closed: final pot",
    ],
    ["cancelled", (lobby: Race) => race.cancel(lobby), "This race was called off"],
  ])("that is %s says so on every page", async (state, make, headline) => {
    const lobby = await race.lobby("States", ["Ann"]);
    await make(lobby);
    expect(await feed(lobby)).toMatchObject({ state, headline });
    expect(await page(lobby)).toContain(headline);
    const overlay = await read(overlayOf(lobby));
    expect(overlay).toContain(`data-state="${state}"`);
    expect(wordsOf(overlay)).toContain(headline);
  });

  test("whose time is over is shown as closed, even before it has been closed", async () => {
    const lobby = await race.race("Overdue", ["Ann"]);
    await cloud.firestore
      .doc(`lobbies/${lobby.id}`)
      .update({ closes_at: new Date(cloud.clock.nowMs() - 1) });
    expect(await feed(lobby)).toMatchObject({ state: "finished", headline: "Closed: final pot" });
    expect(await page(lobby)).toContain("Closed: final pot");
  });

  test("shows only the last sales, and how many there were before", async () => {
    const lobby = await race.race("Many", ["Ann"]);
    for (let index = 1; index <= 32; index += 1) {
      const soldAt = new Date(cloud.clock.nowMs() + index);
      await race.sell({ ...named(lobby), title: `Shirt number ${index}.`, soldAt });
    }
    const words = await page(lobby);
    expect(words).toContain("Sales 32 Shirt number 32.");
    expect(words).not.toContain("Shirt number 2.");
    expect(words).toContain("And 2 earlier.");
  });

  test("without sales has an empty pot of the shop's currency", async () => {
    const lobby = await race.race("Quiet", ["Ann"]);
    expect((await feed(lobby)).pots).toEqual([
      { currency: "usd", amount: 0, minorUnits: 100, text: "$0.00", length: "short" },
    ]);
    expect(await page(lobby)).toMatch(/Ann – .* Sales None yet\./);
  });
});

describe("the feed of a pot", () => {
  const titles = async (lobby: Race) =>
    (await feed(lobby)).sales.map(({ title }: { title: string }) => title);

  test("contains what was booked in the last minute, in the order of booking, however late it is reported", async () => {
    const lobby = await race.race("Order", ["Ann"]);
    await race.sell({ ...named(lobby), title: "First" });
    await cloud.clock.advance(40_000);
    const earlier = new Date(cloud.clock.nowMs() - 30_000);
    await race.sell({ ...named(lobby), title: "Second" });
    await race.sell({ ...named(lobby), title: "Reported late", soldAt: earlier });
    expect(await titles(lobby)).toEqual(["First", "Second", "Reported late"]);
    await cloud.clock.advance(30_000);
    expect(await titles(lobby)).toEqual(["Second", "Reported late"]);
    await cloud.clock.advance(60_000);
    expect(await titles(lobby)).toEqual([]);
  });

  test("contains each racer's share of a sale, and none for a refunded one", async () => {
    const lobby = await race.race("Gains", ["Ann", "Bob", "Cat"]);
    await race.sell({ ...named(lobby), base: 25_000, currency: "jpy" });
    const { id } = await race.sell(named(lobby));
    await race.refund(id, 2_000);
    const [yen, refunded] = (await feed(lobby)).sales;
    expect(yen).toMatchObject({ currency: "jpy", amount: 5_000, text: "+¥5,000" });
    const each = yen.gains.flatMap(({ text, names }: { text: string; names: string[] }) =>
      names.map((name) => `${text} ${name}`),
    );
    expect(each.toSorted().map((text: string) => text.slice(0, 7))).toEqual([
      "+¥1,666",
      "+¥1,667",
      "+¥1,667",
    ]);
    expect(refunded).toMatchObject({ amount: 0, gains: [] });
  });

  test("is polled every second while the race is on, and less and less often once it is over", async () => {
    const lobby = await race.lobby("Pace", ["Ann"]);
    const pace = async () => {
      const response = await visit(feedOf(lobby));
      const { askAgainMs, closesAt } = await response.json();
      return [askAgainMs, closesAt !== null, response.headers.get("cache-control")];
    };
    expect(await pace()).toEqual([2000, false, "public, max-age=0, s-maxage=1"]);
    await race.start(lobby);
    expect(await pace()).toEqual([1000, true, "public, max-age=0, s-maxage=1"]);
    await race.finish(lobby);
    expect(await pace()).toEqual([10_000, false, "public, max-age=0, s-maxage=5"]);
    await cloud.clock.advance(11 * 60_000);
    expect(await pace()).toEqual([30_000, false, "public, max-age=0, s-maxage=5"]);
  });
});

describe("private data", () => {
  test("people's ids and the overlay's key appear nowhere on the public page", async () => {
    const lobby = await race.race("Secrets", ["Ann"]);
    const { id } = await race.sell(named(lobby));
    const html = await read(pageOf(lobby));
    expect(html).not.toContain(lobby.potKey);
    for (const text of await everything(lobby)) {
      expect(text).not.toMatch(/[23]00000000000000\d{3}/);
      expect(text).not.toContain(id);
    }
  });

  test("a sale is shown only by its title, amount and time; the buyer is not even stored", async () => {
    const lobby = await race.race("Buyers", ["Ann"]);
    const { id } = await race.sell(named(lobby));
    const kept = (await cloud.firestore.doc(`sales/${id}`).get()).data() ?? {};
    expect(Object.keys(kept).filter((name) => /buyer|customer|email|from/.test(name))).toEqual([]);
    const [shown] = (await feed(lobby)).sales;
    expect(Object.keys(shown)).toEqual(["id", "title", "currency", "amount", "text", "gains"]);
    expect(shown.id).not.toContain(id);
  });
});

describe("what people typed", () => {
  test.each(["<script>alert(1)</script>", `"'><img src=x onerror=1>`, "</title></main><b>"])(
    "%p creates no tag as the name of a race, a racer or an article",
    async (text) => {
      const lobby = await race.race(text, [text]);
      await race.sell({ ...named(lobby), title: text });
      for (const path of [overlayOf(lobby), pageOf(lobby)]) {
        const html = await read(path);
        expect(html).not.toContain(text);
        expect(html).toContain("&gt;");
      }
      expect(await feed(lobby)).toMatchObject({ name: text, racers: [text] });
    },
  );

  test("cannot reverse or stretch the text around it", async () => {
    const lobby = await race.race("A\u202Eb\nc", ["x".repeat(80), "y\u2066z"]);
    expect(await feed(lobby)).toMatchObject({
      name: "Ab c",
      racers: [`${"x".repeat(31)}…`, "yz"],
    });
  });

  test("is replaced if a racer's name is not known", async () => {
    const lobby = await race.race("Names", ["Ann"]);
    await race.comes(lobby, BOB);
    expect((await feed(lobby)).racers).toEqual(["Ann", "Racer"]);
  });
});

describe("an overlay's key", () => {
  test("that was replaced no longer shows anything, and the new one shows the pot", async () => {
    const lobby = await race.race("Replaced", ["Ann"]);
    const potKey = "another-key-0123456789";
    await race.replacePotKey(lobby, potKey);
    const [overlay, old] = [await visit(overlayOf(lobby)), await visit(feedOf(lobby))];
    expect(overlay.status).toBe(404);
    expect(wordsOf(await overlay.text()).trim()).toBe("");
    expect(old.status).toBe(404);
    expect(await old.json()).toEqual({ state: "gone", askAgainMs: null });
    expect(await feed({ ...lobby, potKey })).toMatchObject({ name: "Replaced" });
  });

  test.each(["nobodys-key", "..%2Flobbies", "a%00", "ключ", "k".repeat(65), "a/b"])(
    "%p that does not exist is a 404",
    async (potKey) => {
      for (const path of [overlayOf, feedOf]) {
        expect((await visit(path({ id: "", potKey }))).status).toBe(404);
      }
    },
  );
});

describe("the look of an overlay", () => {
  const usual = {
    size: "medium",
    position: "top-right",
    motion: "on",
    sound: "off",
    qr: "on",
  };

  test.each([
    ["", usual],
    [
      "?size=large&position=bottom-left&motion=off",
      { ...usual, size: "large", position: "bottom-left", motion: "off" },
    ],
    ["?colour=FF8800&text=%23fff", { ...usual, colour: "ff8800", text: "fff" }],
    ["?colour=red&text=ffff", usual],
    ["?sound=on&qr=off", { ...usual, sound: "on", qr: "off" }],
    ["?sound=loud&qr=no", usual],
    ["?colour=fff;background:url(//x)&text=%22onload=1", usual],
    ["?size=constructor&position=left&motion=yes", usual],
    ["?size=small&size=large&colour[a]=fff", { ...usual, size: "small" }],
  ])("%p results in a look from the list, whatever is requested", async (query, look) => {
    const html = await read(`${overlayOf(await race.race("Look", ["Ann"]))}${query}`);
    const attributes = Object.entries(look).map(([name, value]) => ` data-${name}="${value}"`);
    expect(html).toContain(`<html lang="en"${attributes.join("")}>`);
  });
});
