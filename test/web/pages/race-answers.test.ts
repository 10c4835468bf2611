import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  POT_SALES_STYLE_VERSION,
  POT_SCRIPT_VERSION,
  POT_STYLE_VERSION,
} from "../../../functions/races/web/pot-overlay.ts";
import { RACE_SCRIPT_VERSION, RACE_STYLE_VERSION } from "../../../functions/races/web/race.ts";
import { addressOf } from "../../../shared/web/files.ts";
import { startTestCloud, type TestCloud } from "../../support/cloud.ts";
import { type Pots, pots, type Race } from "../../support/races/pots.ts";
import { versionOf } from "../../support/web/web-files.ts";
import { type Visitor, visitor, wordsOf } from "../visitor.ts";

const KEPT_A_SECOND = "public, max-age=0, s-maxage=1";

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
const named = ({ id }: Race) => ({ lobbyId: id });

describe("responses about races", () => {
  const cacheOf = async (path: string) => (await visit(path)).headers.get("cache-control");

  test("about a pot are cached by the CDN for a second, and longer when there is none", async () => {
    const lobby = await race.race("Kept", ["Ann"]);
    for (const path of [overlayOf(lobby), feedOf(lobby), "/overlay/pot/none"]) {
      expect(await cacheOf(path)).toBe(KEPT_A_SECOND);
    }
    expect(await cacheOf("/pot/none.json")).toContain("s-maxage=30");
  });

  test("contain the server's time, by which scripts count down", async () => {
    const lobby = await race.race("Time", ["Ann"]);
    await cloud.clock.advance(12_345_678);
    const sent = (await visit(pageOf(lobby))).headers.get("date") ?? "";
    expect(Math.abs(Date.parse(sent) - cloud.clock.nowMs())).toBeLessThan(1000);
  });

  test("about a race that is over are cached longer", async () => {
    const lobby = await race.race("Over", ["Ann"]);
    expect(await cacheOf(pageOf(lobby))).toBe(`${KEPT_A_SECOND}, stale-while-revalidate=1`);
    await race.finish(lobby);
    expect(await cacheOf(pageOf(lobby))).toContain("s-maxage=30");
  });

  test.each(["/race/123", "/race/a%2Fb", "/race/"])(
    "about %s, which is invalid, are a 404",
    async (path) => {
      expect((await visit(path)).status).toBe(404);
    },
  );

  test("run only our own script, which calls only us", async () => {
    const lobby = await race.race("Policy", ["Ann"]);
    for (const [path, script] of [
      [overlayOf(lobby), `/overlays/pot.js?v=${POT_SCRIPT_VERSION}`],
      [pageOf(lobby), `/pages/race.js?v=${RACE_SCRIPT_VERSION}`],
    ] as const) {
      const policy = (await visit(path)).headers.get("content-security-policy");
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'; connect-src 'self'");
      expect(policy).not.toContain("unsafe");
      const scripts = (await read(path)).match(/<script[^>]*>[^<]*/g);
      const times = `<script type="module" src="${addressOf("times.js")}">`;
      const isPage = path.startsWith("/race");
      expect(scripts).toEqual([
        ...(isPage ? [times] : []),
        `<script type="module" src="${script}">`,
      ]);
    }
  });

  test.each<[string, string, (race: Race) => string]>([
    ["a race's page", "?x=1", pageOf],
    ["a race's page", "?", pageOf],
    ["a race's page", "//", pageOf],
    ["a pot", "?x=1&y=2", feedOf],
    ["a pot", "/", feedOf],
  ])(
    "about %s have one address; with %p appended it is redirected there without a database read",
    async (_, more, pathOf) => {
      const lobby = await race.race("Spelt", ["Ann"]);
      cloud.faults.add({ target: "firestore", fault: { kind: "fail", code: 7 } });
      const response = await visit(`${pathOf(lobby)}${more}`, { redirect: "manual" });
      cloud.faults.clear();
      expect(response.status).toBe(301);
      expect(response.headers.get("location")).toBe(pathOf(lobby));
      expect(response.headers.get("cache-control")).toContain("s-maxage=30");
    },
  );

  test("never put an overlay's key into the log, whatever fails", async () => {
    const { potKey } = await race.race("Logged", ["Ann"]);
    const before = cloud.logLines.length;
    cloud.faults.add({ target: "firestore", fault: { kind: "fail", code: 7 } });
    for (const path of [
      `/overlay/pot/${potKey}`,
      `/overlay/pot/${potKey}/`,
      `/pot/${potKey}.json`,
    ]) {
      expect((await visit(path)).status).toBe(503);
    }
    cloud.faults.clear();
    const logged = cloud.logLines.slice(before).join("\n");
    expect(logged).toContain("/pot/…");
    expect(logged).not.toContain(potKey);
  });

  test("about a pot have a version that increases with each sale", async () => {
    const lobby = await race.race("Versions", ["Ann"]);
    const before = await feed(lobby);
    await race.sell(named(lobby));
    const after = await feed(lobby);
    expect(after.version).toBeGreaterThan(before.version);
  });

  test("are a 503 that is not cached while the database refuses reads; the overlay is then empty", async () => {
    const lobby = await race.race("Refused", ["Ann"]);
    cloud.faults.add({ target: "firestore", fault: { kind: "fail", code: 7 } });
    for (const path of [overlayOf(lobby), feedOf(lobby), pageOf(lobby)]) {
      const response = await visit(path);
      expect(response.status).toBe(503);
      expect(response.headers.get("cache-control")).toContain("no-store");
    }
    expect(wordsOf(await (await visit(overlayOf(lobby))).text()).trim()).toBe("");
    cloud.faults.clear();
  });

  test("refer to the current versions of scripts and style sheet", () => {
    expect(POT_SCRIPT_VERSION).toBe(versionOf("overlays/pot.js"));
    expect(POT_STYLE_VERSION).toBe(versionOf("overlays/pot.css"));
    expect(POT_SALES_STYLE_VERSION).toBe(versionOf("overlays/pot-sales.css"));
    expect(RACE_SCRIPT_VERSION).toBe(versionOf("pages/race.js"));
    expect(RACE_STYLE_VERSION).toBe(versionOf("pages/race.css"));
  });
});
