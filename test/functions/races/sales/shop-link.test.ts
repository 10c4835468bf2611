import { describe, expect, test } from "@jest/globals";
import decode from "qr/decode.js";
import { readShopAddress, shopLinkOf } from "../../../../functions/races/domain/shop-link.ts";
import { useCloud } from "../../../support/cloud.ts";
import { type OpenLobby, racers } from "../../../support/races/races.ts";
import { shoppers } from "../../../support/shop/shop.ts";
import { visitor, wordsOf } from "../../../web/visitor.ts";

const SCALE = 4;
const LINK = "https://buy.stripe.com/test_8wM3dK";

const cloud = await useCloud({
  rateLimits: false,
  environment: { SHOP_URL: "https://ko-fi.com/c500/shop" },
});
const people = shoppers(cloud);
const track = racers(cloud, people);
const site = visitor(cloud.url("web"), cloud);
await track.registerCommands();

const wordOf = async (lobby: OpenLobby) => String((await track.stored(lobby))["shop_word"]);
const buttonsOf = (message: unknown) => JSON.stringify(message);

/** A running race of two, opened with these options. */
async function racing(options: Readonly<Record<string, string>>) {
  const host = await track.host();
  const channelId = track.channel();
  const answer = await track.command(host, channelId, "race lobby", options);
  const lobby = { id: answer.interactionId, host, channelId };
  const joined = [people.person(), people.person()];
  for (const racer of joined) await track.join(lobby, racer);
  await track.start(lobby);
  await cloud.clock.advance(1);
  return { ...lobby, racers: joined };
}

/** Sells something on Ko-fi with this message, and returns the lobbies that share in it. */
async function sharedBy(message: string): Promise<unknown> {
  // Ko-fi's times are whole seconds.
  await cloud.clock.advance(2000);
  cloud.shops.kofi.sell({ amount: 5000, message });
  await cloud.settle();
  const newest = cloud.firestore.collection("sales").orderBy("sold_at", "desc").limit(1);
  const [sale] = (await newest.get()).docs;
  return sale?.get("lobby_ids");
}

/** The pixels of a QR code as a camera sees them: four pixels for each module. */
function pixelsOf(svg: string) {
  const size = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1]) * SCALE;
  const data = new Uint8Array(size * size * 4).fill(255);
  const [, path = ""] = /<path d="([^"]+)"/.exec(svg) ?? [];
  for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let row = 0; row < SCALE; row += 1) {
      const from = ((Number(y) * SCALE + row) * size + Number(x) * SCALE) * 4;
      data.fill(0, from, from + Number(length) * SCALE * 4);
    }
  }
  return { width: size, height: size, data };
}

describe("a lobby with a shop", () => {
  test("shows a short address everywhere, whose page links to the shop with the lobby in the link", async () => {
    const lobby = await racing({ shop: LINK });
    await track.pass(3);
    const word = await wordOf(lobby);
    expect(word).toMatch(/^[a-z][a-z2-9]{3}$/);
    const address = `${cloud.settings["PUBLIC_SITE_URL"]}/buy/${word}`;
    expect(buttonsOf(track.board(lobby).components)).toContain(address);
    const started = track.announced(lobby).find(({ content }) => content.includes("has started"));
    expect(started?.content).toContain(`Viewers buy at <${address}>`);
    const page = await site.read(`/buy/${word}`);
    expect(await site.read(`/buy/${word.toUpperCase()}`)).toBe(page);
    expect(page).toContain(`${LINK}?client_reference_id=lobby_${lobby.id}`);
    expect(wordsOf(page)).toContain("A part of what you buy now goes to its racers");
    expect(await site.read(`/race/${lobby.id}`)).toContain(`/buy/${word}`);
    const { pot_key: key } = await track.stored(lobby);
    expect(wordsOf(await site.read(`/overlay/pot/${key}`))).toContain(`/buy/${word}`);
    await track.finish(lobby);
    await cloud.pass(3000);
    expect(wordsOf(await site.read(`/buy/${word}`))).toContain("does not count for this race");
  });

  test("on Ko-fi has a word that buyers write, and their sales count only for this lobby", async () => {
    const [lobby, other] = [await racing({}), await racing({})];
    const word = await wordOf(lobby);
    const page = await site.read(`/buy/${word}`);
    expect(wordsOf(page)).toContain(`Write race ${word} in the message`);
    expect(page).toContain('href="https://ko-fi.com/c500/shop"');
    // Ko-fi's times are whole seconds.
    await cloud.clock.advance(2000);
    cloud.shops.kofi.sell({ amount: 5000, message: `Go! Race ${word.toUpperCase()}` });
    await cloud.settle();
    const [booked] = (await cloud.firestore.collection("sales").get()).docs;
    expect(booked?.get("lobby_ids")).toEqual([lobby.id]);
    for (const each of [lobby, other]) await track.finish(each);
  });

  test.each([
    ["after another sentence about the race", (word: string) => `Great race tonight! Race ${word}`],
    [
      "after four letters that are no word of ours",
      (word: string) => `This race team! race ${word}`,
    ],
    ["in quotes", (word: string) => `"race ${word}"`],
    ["in quotes of its own", (word: string) => `race “${word}” please`],
    ["on a line of its own", (word: string) => `race\n${word}`],
  ])("on Ko-fi is found by its word %s", async (_where, say) => {
    const [lobby, other] = [await racing({}), await racing({})];
    expect(await sharedBy(say(await wordOf(lobby)))).toEqual([lobby.id]);
    for (const each of [lobby, other]) await track.finish(each);
  });

  test("gets a sale whose message names two races if it is the first of them that is open", async () => {
    const [first, second, other] = [await racing({}), await racing({}), await racing({})];
    const message = `race ${await wordOf(first)} and race ${await wordOf(second)}`;
    expect(await sharedBy(message)).toEqual([first.id]);
    await track.finish(first);
    expect(await sharedBy(message)).toEqual([second.id]);
    for (const each of [second, other]) await track.finish(each);
  });

  test("is refused with an address that no browser opens", async () => {
    const host = await track.host();
    for (const shop of ["my shop", "http://shop.example", "https://me:secret@shop.example"]) {
      const options = { shop };
      const { text } = await track.command(host, track.channel(), "race lobby", options);
      expect(text).toContain("I can't read that shop's address");
    }
  });
});

describe("a QR code", () => {
  test("contains the race's short address, and runs and loads nothing", async () => {
    const lobby = await racing({ shop: LINK });
    const word = await wordOf(lobby);
    const path = `/buy/${word}/code.svg`;
    const response = await site.visit(path);
    expect(response.headers.get("content-type")).toContain("image/svg+xml");
    expect(response.headers.get("content-security-policy")).toBe("default-src 'none'");
    const svg = await response.text();
    expect(decode(pixelsOf(svg))).toBe(`${cloud.settings["PUBLIC_SITE_URL"]}/buy/${word}`);
    const { pot_key: key } = await track.stored(lobby);
    const code = expect.stringContaining(`<img class="code" src="${path}"`);
    expect(await site.read(`/race/${lobby.id}`)).toEqual(code);
    expect(await site.read(`/overlay/pot/${key}`)).toEqual(code);
    const { shop } = await (await site.visit(`/pot/${key}.json`)).json();
    expect(shop).toEqual({ address: expect.stringMatching(`/buy/${word}$`), code: path });
    await track.finish(lobby);
  });

  test("accepts only words", async () => {
    for (const path of ["/buy/123456789/code.svg", "/buy/a%22b/code.svg", "/buy//code.svg"]) {
      expect((await site.visit(path)).status).toBe(404);
    }
  });
});

describe("a link", () => {
  test.each([
    [LINK, `${LINK}?client_reference_id=lobby_7`, undefined],
    [`${LINK}?locale=de`, `${LINK}?locale=de&client_reference_id=lobby_7`, undefined],
    ["https://shop.example/hats", "https://shop.example/hats?lobby=7", undefined],
    ["https://ko-fi.com/c500", "https://ko-fi.com/c500", "race k7mq"],
    ["https://notko-fi.com/", "https://notko-fi.com/?lobby=7", undefined],
  ])("to %s names the lobby in the form its shop accepts", (shopUrl, url, message) => {
    expect(shopLinkOf({ id: "7", shopUrl, shopWord: "k7mq" })).toEqual({ url, message });
  });

  test("is normalized as a browser would, or refused", () => {
    expect(readShopAddress("https://Shop.Example")).toBe("https://shop.example/");
    expect(readShopAddress("ftp://shop.example")).toBeUndefined();
    expect(readShopAddress("https://localhost/")).toBeUndefined();
  });
});

describe("a host's overlay", () => {
  test("keeps its link and shows the newest race, until the host replaces it", async () => {
    const host = await track.host();
    const open = async (name: string) => {
      const channelId = track.channel();
      const { interactionId: id } = await track.command(host, channelId, "race lobby", { name });
      return { id, host, channelId };
    };
    const first = await open("Race one");
    const { pot_key: key } = await track.stored(first);
    const feed = async (path = `/pot/${key}.json`) => (await site.visit(path)).json();
    expect(await feed()).toMatchObject({ name: "Race one", state: "open" });
    await track.command(host, first.channelId, "race cancel");
    await cloud.pass(2000);
    const second = await open("Race two");
    expect(await feed()).toMatchObject({ name: "Race two", state: "open" });
    await track.command(host, second.channelId, "race overlay", { replace: true });
    await cloud.pass(2000);
    expect(await feed()).toEqual({ state: "gone", askAgainMs: null });
    const { pot_key: next } = await track.stored(second);
    expect(await feed(`/pot/${next}.json`)).toMatchObject({ name: "Race two" });
  });
});
