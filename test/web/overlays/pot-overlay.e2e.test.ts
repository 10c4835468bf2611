import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import {
  type Browser,
  findChromium,
  startChromium,
  type Tab,
} from "../../../local/browser/chromium.ts";
import { startTestCloud, type TestCloud } from "../../support/cloud.ts";
import { type Pots, pots, type Race } from "../../support/races/pots.ts";
import { MEASURE } from "../measure.ts";
import { openOnClock } from "./page-clock.ts";

const ROOT = "document.querySelector('[data-feed]')";
const AMOUNT = "document.querySelector('.amount').textContent";
const AMOUNTS = "[...document.querySelectorAll('.amount')].map((one) => one.textContent).join()";
const STATE = `${ROOT}.dataset.state`;
const CONNECTION = `${ROOT}.dataset.connection`;
const HEADLINE = "document.querySelector('[data-headline]').textContent";
const RACERS =
  "[...document.querySelectorAll('[data-racers] li')].map((one) => one.innerText).join()";
const HAS_BURST = "document.querySelector('[data-burst] i') !== null";
const BEHIND = `[document.documentElement, document.body]
  .map((element) => getComputedStyle(element).backgroundColor).join()`;
const NOTHING = "rgba(0, 0, 0, 0),rgba(0, 0, 0, 0)";
/** Keeps every amount and the greatest number of coins that the page ever shows. */
const WATCH = `(() => {
  window.amounts = [];
  window.coins = 0;
  const look = () => {
    const amount = ${AMOUNT};
    if (window.amounts.at(-1) !== amount) window.amounts.push(amount);
    window.coins = Math.max(window.coins, document.querySelectorAll("[data-burst] i").length);
  };
  look();
  const everything = { subtree: true, childList: true, characterData: true };
  new MutationObserver(look).observe(document.body, everything);
})()`;
const TITLES = "window.titles.join()";
/** Keeps the title of each sale's card, and what its racers gain, in the order in which they are shown. */
const WATCH_SALES = `(() => {
  window.titles = [];
  window.gains = [];
  new MutationObserver((changes) => {
    for (const card of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
      window.titles.push(card.querySelector(".title").textContent);
      window.gains.push([...card.querySelectorAll(".gain")].map((one) => one.textContent).join());
    }
  }).observe(document.querySelector("[data-sales]"), { childList: true });
})()`;
/** From now on the feed does not answer. */
const HOLD_FEED = "window.ask = window.fetch; window.fetch = () => Promise.reject(new Error())";
/** Counts what asks to be played. */
const COUNT_SOUNDS = `(() => {
  window.sounds = 0;
  window.AudioContext = class extends window.AudioContext {
    resume() {
      window.sounds += 1;
      return super.resume();
    }
  };
})()`;
/** From now on the feed is answered by another place, which is behind. */
const ANSWER_OLD = `(() => {
  window.oldAnswers = 0;
  window.ask = window.fetch;
  window.fetch = async (...asked) => {
    const facts = await (await window.ask(...asked)).json();
    const pots = facts.pots.map((pot) => ({ ...pot, amount: 200, text: "$2.00" }));
    window.oldAnswers += 1;
    return Response.json({ ...facts, pots, version: 1 });
  };
})()`;
const PERMISSION_DENIED = 7;
const TWO_SECONDS_MS = 2000;

const chromium = findChromium();
if (chromium) {
  describe("the Live Pot in a browser", () => {
    let cloud: TestCloud;
    let race: Pots;
    let site: string;
    let browser: Browser;

    beforeAll(async () => {
      cloud = await startTestCloud({ forBrowser: true });
      race = pots(cloud.firestore, cloud.clock);
      site = cloud.settings["PUBLIC_SITE_URL"] ?? "";
      browser = startChromium(chromium);
    });
    beforeEach(() => cloud.faults.clear());
    afterAll(async () => {
      await browser.stop();
      await cloud.stop();
    });

    const watch = async (path: string, check: (tab: Tab) => Promise<void>): Promise<void> => {
      const tab = await openOnClock(browser, `${site}${path}`, { width: 900 }, cloud.clock);
      await check(tab);
      await tab.close();
    };
    const overlayOf = ({ potKey }: Race) => `/overlay/pot/${potKey}`;
    const sell = (lobby: Race, fields: object = {}) => race.sell({ lobbyId: lobby.id, ...fields });

    test("the amount counts up with a burst, and begins within two seconds of a sale", async () => {
      const lobby = await race.race("Friday", ["Ann", "Bob"]);
      await sell(lobby);
      await watch(overlayOf(lobby), async ({ until, evaluate, complaints }) => {
        await until(`${AMOUNT} === "$4.00" && ${CONNECTION} === ""`);
        expect(await evaluate(HAS_BURST)).toBe(false);
        await evaluate(WATCH);
        await sell(lobby, { base: 5_000 });
        const soldAtMs = Number(await evaluate("performance.now()"));
        await until(`${AMOUNT} !== "$4.00"`);
        const shownAtMs = Number(await evaluate("performance.now()"));
        expect(shownAtMs - soldAtMs).toBeLessThan(TWO_SECONDS_MS);
        await until(`${HAS_BURST} && ${AMOUNT} === "$14.00"`);
        expect(await evaluate("document.querySelector('.added').textContent")).toBe("+$10.00");
        const amounts = (await evaluate("window.amounts")) as string[];
        const numbers = amounts.map((amount) => Number(amount.slice(1)));
        expect(numbers.length).toBeGreaterThan(5);
        expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
        await until(`!(${HAS_BURST})`);
        expect(complaints).toEqual([]);
      });
    });

    test("sales that come between two looks are shown one after the other, and none again after a reload", async () => {
      const lobby = await race.race("Queue", ["Ann", "Bob"]);
      await watch(overlayOf(lobby), async ({ until, evaluate, reload }) => {
        await until(`${CONNECTION} === ""`);
        await evaluate(WATCH_SALES);
        await evaluate(HOLD_FEED);
        await Promise.all([1, 2, 3].map((number) => sell(lobby, { title: `Sale ${number}` })));
        await evaluate("window.fetch = window.ask");
        await until("window.titles.length === 3");
        expect(((await evaluate(TITLES)) as string).split(",").toSorted()).toEqual([
          "Sale 1",
          "Sale 2",
          "Sale 3",
        ]);
        expect(await evaluate("window.gains[0]")).toBe("+$2.00 each: Ann, Bob");
        await reload();
        await until(`${CONNECTION} === ""`);
        await evaluate(WATCH_SALES);
        await sell(lobby, { title: "Next" });
        await until("window.titles.length > 0");
        expect(await evaluate(TITLES)).toBe("Next");
      });
    });

    test("many at once become one card with what they come to, and a long silence loses none", async () => {
      const lobby = await race.race("Rush", ["Ann"]);
      await watch(overlayOf(lobby), async ({ until, evaluate }) => {
        await until(`${CONNECTION} === ""`);
        await evaluate(WATCH_SALES);
        await evaluate(HOLD_FEED);
        await sell(lobby, { title: "Long ago" });
        await cloud.clock.advance(120_000);
        await Promise.all(Array.from({ length: 12 }, () => sell(lobby)));
        await evaluate("window.fetch = window.ask");
        await until("window.titles.length > 0");
        expect(await evaluate(TITLES)).toBe("13 sales");
        expect(await evaluate("document.querySelector('.sale .added').textContent")).toBe(
          "+$52.00",
        );
      });
    });

    test("a goal has a bar, and is celebrated once when it is reached, also after a reload", async () => {
      const goal = { amount: 1_000, currency: "usd" };
      const lobby = await race.race("Goal", ["Ann"], { goal });
      await sell(lobby);
      await watch(overlayOf(lobby), async ({ until, evaluate, reload }) => {
        const bar = "document.querySelector('progress').value";
        await until(`${CONNECTION} === "" && ${bar} === 40`);
        await evaluate(WATCH_SALES);
        await sell(lobby, { base: 3_000 });
        const words = "document.querySelector('[data-goal]').textContent";
        await until(`${bar} === 100 && ${words}.startsWith("Goal reached: $10.00 100%")`);
        await until("window.titles.length === 2");
        expect(await evaluate("window.titles[1]")).toBe("$10.00 in the pot. Thank you!");
        await reload();
        await until(`${CONNECTION} === ""`);
        await evaluate(WATCH_SALES);
        const higher = { amount: 5_000, currency: "usd" };
        await race.lobbies.setGoal(lobby.id, higher, "1600000000000000002", cloud.clock.now());
        await until(`${words}.startsWith("Goal: $50.00 20%")`);
        expect(await evaluate("window.titles")).toEqual([]);
        await race.lobbies.setGoal(lobby.id, undefined, "1600000000000000003", cloud.clock.now());
        await until("document.querySelector('[data-goal]').hidden");
      });
    });

    test("what is left of the race is counted by the server's clock", async () => {
      const lobby = await race.race("Clock", ["Ann"]);
      const shown = (selector: string) =>
        `document.querySelector(${JSON.stringify(selector)}).textContent.split(":").reduce((sum, part) => sum * 60 + Number(part), 0)`;
      for (const [path, selector] of [
        [overlayOf(lobby), "[data-countdown]"],
        [`/race/${lobby.id}`, "[data-closes-at]"],
      ] as const) {
        await watch(path, async ({ until, evaluate }) => {
          await evaluate("Date.now = () => 0");
          await until(`${shown(selector)} > 0`);
          const before = Number(await evaluate(shown(selector)));
          await cloud.clock.advance(600_000);
          await until(`${shown(selector)} <= ${before - 600}`);
          expect(await evaluate(shown(selector))).toBeGreaterThan(before - 900);
        });
      }
    });

    test("a sale can be heard, if that was asked for", async () => {
      const lobby = await race.race("Sound", ["Ann"]);
      for (const [query, sounds] of [
        ["", 0],
        ["?sound=on", 1],
      ] as const) {
        await watch(`${overlayOf(lobby)}${query}`, async ({ until, evaluate, complaints }) => {
          await until(`${CONNECTION} === ""`);
          await evaluate(COUNT_SOUNDS);
          await evaluate(WATCH_SALES);
          await sell(lobby);
          await until("window.titles.length > 0");
          expect(await evaluate("window.sounds")).toBe(sounds);
          expect(complaints.filter((text) => !text.includes("AudioContext"))).toEqual([]);
        });
      }
    });

    test("an answer that is older than the last one shows nothing", async () => {
      const lobby = await race.race("Order", ["Ann"]);
      await sell(lobby);
      await watch(overlayOf(lobby), async ({ until, evaluate }) => {
        await until(`${CONNECTION} === "" && ${AMOUNT} === "$4.00"`);
        await evaluate(ANSWER_OLD);
        await sell(lobby);
        await until("window.oldAnswers > 1");
        await evaluate(WATCH);
        await until("window.oldAnswers > 2");
        expect(await evaluate("window.amounts")).toEqual(["$4.00"]);
        await evaluate("window.fetch = window.ask");
        await until(`${AMOUNT} === "$8.00"`);
      });
    });

    test("each currency has its line, and a refund takes back without a burst", async () => {
      const lobby = await race.race("Currencies", ["Ann"]);
      const { id } = await sell(lobby);
      await watch(overlayOf(lobby), async ({ until, evaluate }) => {
        await until(`${CONNECTION} === ""`);
        await sell(lobby, { base: 100_000, currency: "jpy" });
        await until(`${AMOUNTS} === "¥20,000,$4.00" && !(${HAS_BURST})`);
        await evaluate(WATCH);
        await race.refund(id, 1_000);
        await until(`${AMOUNTS} === "¥20,000,$2.00"`);
        expect(await evaluate("window.coins")).toBe(0);
      });
    });

    test("it goes on after the feed has failed, by itself and without a new page", async () => {
      const lobby = await race.race("Outage", ["Ann"]);
      await sell(lobby);
      await watch(overlayOf(lobby), async ({ until, evaluate }) => {
        await until(`${CONNECTION} === ""`);
        await evaluate("window.isSame = true");
        cloud.faults.add({ target: "firestore", fault: { kind: "fail", code: PERMISSION_DENIED } });
        await until(`${CONNECTION} === "lost"`);
        expect(await evaluate(AMOUNT)).toBe("$4.00");
        cloud.faults.clear();
        await sell(lobby);
        await until(`${AMOUNT} === "$8.00" && ${CONNECTION} === ""`);
        expect(await evaluate("window.isSame")).toBe(true);
      });
    });

    test("it shows who comes and goes, the opening, the end, and nothing once its key is replaced", async () => {
      const lobby = await race.lobby("Evening", ["Ann"]);
      const callIsShown = "getComputedStyle(document.querySelector('.call')).display !== 'none'";
      await watch(overlayOf(lobby), async ({ until, evaluate }) => {
        await until(`${STATE} === "open" && ${AMOUNT} === "$0.00" && ${RACERS} === "Ann"`);
        expect(await evaluate(callIsShown)).toBe(false);
        await race.comes(lobby, "300000000000000007", "<b>Bob</b>");
        await until(`${RACERS} === "Ann,<b>Bob</b>"`);
        await race.start(lobby);
        await until(`${STATE} === "racing" && ${HEADLINE} === "The pot is open"`);
        expect(await evaluate(callIsShown)).toBe(true);
        await race.goes(lobby, "300000000000000007");
        await until(`${RACERS} === "Ann"`);
        await sell(lobby);
        await race.finish(lobby);
        await until(`${HEADLINE} === "Closed: final pot" && ${AMOUNT} === "$4.00"`);
        await race.replacePotKey(lobby, "a-new-key-0123456789");
        await until(`${STATE} === "gone" && ${CONNECTION} === "ended"`);
        expect(await evaluate(`getComputedStyle(${ROOT}).visibility`)).toBe("hidden");
      });
    });

    test("without motion the amount is there at once and nothing bursts", async () => {
      const lobby = await race.race("Still", ["Ann"]);
      await watch(`${overlayOf(lobby)}?motion=off`, async ({ until, evaluate }) => {
        await until(`${CONNECTION} === ""`);
        await evaluate(WATCH);
        await sell(lobby);
        await until(`${AMOUNT} === "$4.00"`);
        expect(await evaluate("window.amounts")).toEqual(["$0.00", "$4.00"]);
        expect(await evaluate("window.coins")).toBe(0);
        expect(await evaluate("document.getAnimations().length")).toBe(0);
      });
    });

    test("it stands where it is asked to, in the size and colours it is asked for", async () => {
      const lobby = await race.race("Look", ["Ann"]);
      const box = `(({ left, right, top, bottom, width }) => ({
        left: Math.round(left), right: Math.round(innerWidth - right),
        top: Math.round(top), bottom: Math.round(innerHeight - bottom), width: Math.round(width),
      }))(document.querySelector("main").getBoundingClientRect())`;
      const margin = { small: 16, medium: 23, large: 34 };
      await watch(overlayOf(lobby), async ({ evaluate }) => {
        expect(await evaluate(box)).toMatchObject({ right: margin.medium, top: margin.medium });
        expect(await evaluate(BEHIND)).toBe(NOTHING);
      });
      const asked = "?position=bottom-left&size=large&colour=336699&text=%23fff";
      await watch(`${overlayOf(lobby)}${asked}`, async ({ until, evaluate, complaints }) => {
        await until(`${CONNECTION} === ""`);
        expect(await evaluate(box)).toMatchObject({ left: margin.large, bottom: margin.large });
        const ticker = "getComputedStyle(document.querySelector('.ticker'))";
        expect(await evaluate(`${ticker}.backgroundColor`)).toBe("rgb(51, 102, 153)");
        expect(await evaluate(`${ticker}.color`)).toBe("rgb(255, 255, 255)");
        expect(complaints).toEqual([]);
      });
      await watch(`${overlayOf(lobby)}?size=small&position=top-left`, async ({ evaluate }) => {
        expect(await evaluate(box)).toMatchObject({ left: margin.small, top: margin.small });
      });
    });

    test("nothing is behind it, even while the database refuses or nobody has its key", async () => {
      cloud.faults.add({ target: "firestore", fault: { kind: "fail", code: PERMISSION_DENIED } });
      for (const path of ["/overlay/pot/refused", "/overlay/pot/nobodys"]) {
        await watch(path, async ({ evaluate }) => {
          expect(await evaluate(BEHIND)).toBe(NOTHING);
          expect(await evaluate("document.body.innerText.trim()")).toBe("");
        });
        cloud.faults.clear();
      }
    });

    test("a race's page shows a new sale by itself", async () => {
      const lobby = await race.race("Page", ["Ann"]);
      await watch(`/race/${lobby.id}`, async ({ until, evaluate, complaints }) => {
        await evaluate("window.isSame = true");
        await sell(lobby, { title: "<i>Shirt</i>" });
        await until("document.querySelector('.huge').textContent === '$4.00'");
        expect(await evaluate("document.querySelector('article').innerText")).toContain(
          "<i>Shirt</i>",
        );
        expect(await evaluate("window.isSame")).toBe(true);
        expect(complaints).toEqual([]);
      });
    });

    test.each([
      { width: 360, dark: false },
      { width: 360, dark: true },
      { width: 1280, dark: false },
    ])("page and overlay fit and can be read without scripts at %p", async (look) => {
      const shop = { shopUrl: "https://shop.example/", shopWord: "k7mq" };
      const names = Array.from({ length: 8 }, (_, index) => `${index}`.padEnd(32, "W"));
      const goal = { amount: 98_765_432_109, currency: "usd" };
      const long = await race.race("W".repeat(100), names, { seats: 8, ...shop, goal });
      await sell(long, { base: 123_456_789_012, title: "W".repeat(100) });
      await sell(long, { base: 123_456_789_012, currency: "eur" });
      const over = await race.race("Over", ["Ann"]);
      await race.finish(over);
      const off = await race.lobby("Off", []);
      await race.cancel(off);
      const pages = [long, over, off].flatMap((lobby) => [`/race/${lobby.id}`, overlayOf(lobby)]);
      const urls = pages.map((path) => `${site}${path}`);
      for await (const seen of browser.look(urls, MEASURE, look)) {
        expect(seen).toMatchObject({
          url: seen.url,
          complaints: [],
          value: { overflow: 0, unreadable: [], brokenImages: [] },
        });
      }
    });
  });
}
