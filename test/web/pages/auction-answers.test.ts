import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { AUCTION_STYLE_VERSION } from "../../../functions/auctions/web/auction.ts";
import { SCRIPT_VERSION } from "../../../functions/auctions/web/follow.ts";
import { addressOf } from "../../../shared/web/files.ts";
import { OVERLAY_STYLE_VERSION } from "../../../shared/web/overlay-layout.ts";
import { startTestCloud, type TestCloud } from "../../support/cloud.ts";
import { importsOf, versionOf } from "../../support/web/web-files.ts";
import { type AuctionSeeder, auctionSeeder } from "../auctions.ts";
import { type Visitor, visitor } from "../visitor.ts";

let cloud: TestCloud;
let seed: AuctionSeeder;
let visit: Visitor["visit"];
let read: Visitor["read"];

beforeAll(async () => {
  cloud = await startTestCloud();
  seed = auctionSeeder(cloud.firestore, cloud.clock);
  ({ visit, read } = visitor(cloud.url("web"), cloud));
});
beforeEach(() => seed.clear());
afterAll(() => cloud.stop());

const inSeconds = (seconds: number) => new Date(cloud.clock.nowMs() + seconds * 1000);
const bids = [{ bidderId: "300000000000011111", price: 6_000 }];

describe("responses about auctions", () => {
  const cacheOf = async (path: string) => (await visit(path)).headers.get("cache-control");

  test("about a running auction are cached by the CDN for at most two seconds", async () => {
    const running = await seed.auction({}, bids);
    const counting = await seed.auction({ ends_at: inSeconds(-1) }, bids);
    const planned = await seed.auction({ state: "planned" });
    for (const id of [running, counting, planned]) {
      for (const path of [`/auction/${id}`, `/auction/${id}/feed.json`, `/overlay/${id}`]) {
        expect(await cacheOf(path)).toBe("public, max-age=0, s-maxage=1, stale-while-revalidate=1");
      }
    }
  });

  test("about one that is over are cached longer, but never for more than a minute", async () => {
    const id = await seed.auction({ state: "sold" }, bids);
    for (const path of [`/auction/${id}`, `/auction/${id}/feed.json`, `/overlay/${id}`]) {
      expect(await cacheOf(path)).toContain("s-maxage=30, stale-while-revalidate=30");
    }
  });

  test("run only our own script, which calls only us", async () => {
    const id = await seed.auction();
    for (const path of [`/auction/${id}`, `/overlay/${id}`]) {
      const { headers } = await visit(path);
      const policy = headers.get("content-security-policy");
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'; connect-src 'self'");
      expect(policy).not.toContain("unsafe");
      const scripts = (await read(path)).match(/<script type="module"[^>]*>[^<]*/g);
      const times = `<script type="module" src="${addressOf("times.js")}">`;
      expect(scripts).toEqual([
        ...(path.startsWith("/auction") ? [times] : []),
        `<script type="module" src="/pages/auction.js?v=${SCRIPT_VERSION}">`,
      ]);
    }
  });

  test("reload by themselves if scripts are disabled", async () => {
    const id = await seed.auction();
    for (const path of [`/auction/${id}`, `/overlay/${id}`]) {
      expect(await read(path)).toMatch(/<noscript><meta http-equiv="refresh" content="\d">/);
    }
  });

  test.each(["/auction/123", "/auction/123/feed.json", "/overlay/123"])(
    "about %s, which nobody has started, are a 404 that is cached briefly",
    async (path) => {
      const response = await visit(path);
      expect(response.status).toBe(404);
      expect(response.headers.get("cache-control")).toContain("s-maxage=3");
      expect(await response.text()).toMatch(/auction/);
    },
  );

  test.each([
    "abc",
    "1".repeat(21),
    "-1",
    "1%2Fbids%2F00000001",
    "..%2Fbuilders",
    "1%00",
    "١٢٣",
    "",
  ])("about the id %p are a 404 without a database read", async (id) => {
    cloud.faults.add({ target: "firestore", fault: { kind: "fail", code: 7 } });
    for (const path of [`/auction/${id}`, `/auction/${id}/feed.json`, `/overlay/${id}`]) {
      expect((await visit(path)).status).toBe(404);
    }
    cloud.faults.clear();
  });

  test("are a 503 that is not cached while the database refuses reads", async () => {
    const id = await seed.auction();
    cloud.faults.add({ target: "firestore", fault: { kind: "fail", code: 7 } });
    for (const path of [`/auction/${id}`, `/auction/${id}/feed.json`, `/overlay/${id}`]) {
      const response = await visit(path);
      expect(response.status).toBe(503);
      expect(response.headers.get("cache-control")).toContain("no-store");
    }
    cloud.faults.clear();
  });

  test("about a malformed auction are a 500, and the landing page shows the others", async () => {
    const id = await seed.auction({ start_price: "a lot" });
    await seed.auction({ title: "Sound" });
    expect((await visit(`/auction/${id}/feed.json`)).status).toBe(500);
    expect((await visit(`/auction/${id}`)).status).toBe(500);
    expect(await read("/")).toContain("Sound");
  });

  test("refer to the current versions of script and style sheet", () => {
    expect(SCRIPT_VERSION).toBe(versionOf("pages/auction.js"));
    expect(AUCTION_STYLE_VERSION).toBe(versionOf("pages/auction.css"));
    expect(OVERLAY_STYLE_VERSION).toBe(versionOf("overlays/overlay.css"));
  });

  test.each([
    ["pages/auction.js", ["pages/clock.js"]],
    ["pages/race.js", ["pages/clock.js"]],
    ["overlays/pot.js", ["pages/clock.js", "overlays/pot-sales.js", "overlays/pot-sound.js"]],
  ])("%s imports the current versions of scripts", (script, names) => {
    expect(importsOf(script)).toEqual(names.map((name) => [name, versionOf(name)]));
  });
});

describe("an overlay's look", () => {
  test.each([
    ["", "pastel", "medium"],
    ["?theme=dark", "dark", "medium"],
    ["?theme=minimal&size=large", "minimal", "large"],
    ["?size=small", "pastel", "small"],
    ["?theme=constructor", "pastel", "medium"],
    ["?theme=%22%3E%3Cscript%3E&size=9", "pastel", "medium"],
    ["?theme=dark&theme=minimal", "dark", "medium"],
    ["?theme[a]=dark", "pastel", "medium"],
  ])("%p results in a look from the list, whatever is requested", async (query, theme, size) => {
    const html = await read(`/overlay/${await seed.auction()}${query}`);
    expect(html).toContain(`<html lang="en" data-theme="${theme}" data-size="${size}">`);
  });
});
