import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { ORDERS_STYLE_VERSION } from "../../../functions/fulfilment/web/sheet.ts";
import { addresses } from "../../../shared/web/files.ts";
import { startTestCloud, type TestCloud } from "../../support/cloud.ts";
import { versionOf } from "../../support/web/web-files.ts";
import { type SiteSeeder, siteSeeder } from "../seed.ts";
import { type Visitor, visitor, wordsOf } from "../visitor.ts";

let cloud: TestCloud;
let seed: SiteSeeder;
let visit: Visitor["visit"];
let read: Visitor["read"];

beforeAll(async () => {
  cloud = await startTestCloud();
  seed = siteSeeder(cloud.firestore, cloud.clock);
  ({ visit, read } = visitor(cloud.url("web"), cloud));
});
beforeEach(() => seed.clear());
afterAll(() => cloud.stop());

describe("the landing page", () => {
  test("names everyone who is live with a link to the stream, and nobody else", async () => {
    await seed.builder({ twitch_username: "mossy", is_live: true });
    await seed.builder({ twitch_username: "asleep", is_live: false });
    const html = await read("/");
    expect(html).toContain('href="https://www.twitch.tv/mossy"');
    expect(html).not.toContain("asleep");
  });

  test("names approved builders who are live, however many others are live", async () => {
    for (let index = 0; index < 50; index += 1) {
      const waiting = { standing: "awaiting", is_live: true, twitch_username: `waiting_${index}` };
      await cloud.firestore.doc(`builders/1000000000000000${10 + index}`).set(waiting);
    }
    await seed.builder({ twitch_username: "mossy", is_live: true });
    const html = await read("/");
    expect(html).toContain('href="https://www.twitch.tv/mossy"');
    expect(html).not.toContain("waiting_");
  });

  test("says so if nobody is live and no drop is open", async () => {
    const words = wordsOf(await read("/"));
    expect(words).toContain("Nobody is streaming");
    expect(words).toContain("No drop is open");
  });

  test("shows open drops with price, builder and units left, but no closed one", async () => {
    const builder = await seed.builder({ twitch_username: "mossy" });
    const open = await seed.drop({ builder_id: builder, title: "Cozy65", price: 12550 }, [
      "free",
      "free",
      "sold",
    ]);
    await seed.drop({ title: "Gone for good", is_closed: true });
    const html = await read("/");
    expect(html).toContain(`href="/drop/${open}"`);
    expect(wordsOf(html)).toMatch(/Cozy65 by mossy \$125\.50 2 of 3 left/);
    expect(html).not.toContain("Gone for good");
  });

  test("shows what can be bought before what is sold out", async () => {
    await seed.drop({ title: "Still here" }, ["free"]);
    await seed.drop({ title: "All sold" }, ["sold"]);
    await seed.drop({ title: "At the checkout" }, ["reserved", "sold"]);
    const words = wordsOf(await read("/"));
    expect(words).toMatch(
      /On sale now .*Still here .* Last one Just missed .*Sold out for now At the checkout .*Sold out All sold .* How/,
    );
  });

  test("lists two dozen drops and says that there are more", async () => {
    await Promise.all(Array.from({ length: 25 }, () => seed.drop({})));
    const html = await read("/");
    expect(html.match(/href="\/drop\//g)).toHaveLength(24);
    expect(wordsOf(html)).toContain("There are more");
  });
});

describe("a drop's page", () => {
  test("shows the item, its price, how many are left and where to buy it", async () => {
    const builder = await seed.builder({ twitch_username: "mossy", is_live: true });
    const id = await seed.drop(
      { builder_id: builder, title: "Cozy65", description: "Brass plate.\nOil Kings." },
      ["free", "free", "reserved"],
    );
    const html = await read(`/drop/${id}`);
    expect(html).toContain("Brass plate.\nOil Kings.");
    expect(html).toContain('href="https://www.twitch.tv/mossy"');
    const { DISCORD_GUILD_ID: guild, DISCORD_MARKETPLACE_CHANNEL_ID: channel } = cloud.settings;
    expect(html).toContain(`href="https://discord.com/channels/${guild}/${channel}/77"`);
    expect(wordsOf(html)).toMatch(/mossy Live now Cozy65 \$125\.00 2 of 3 left/);
  });

  test.each([
    ["held", "held until proof of work", "paid when you pay"],
    ["split", "paid when you pay", "held until proof of work"],
  ])("with the plan %p says in plain words when the builder is paid", async (plan, says, never) => {
    const words = wordsOf(await read(`/drop/${await seed.drop({ plan })}`));
    expect(words).toContain(says);
    expect(words).not.toContain(never);
  });

  test.each([
    ["is sold out", {}, ["sold"], "Sold out"],
    ["has its last unit at the checkout", {}, ["sold", "reserved"], "Sold out for now"],
    ["is closed", { is_closed: true }, ["free"], "This drop is closed"],
  ])("that %s stays readable and does not offer to buy", async (_what, fields, units, says) => {
    const words = wordsOf(await read(`/drop/${await seed.drop(fields, units)}`));
    expect(words).toContain(says);
    expect(words).not.toContain("Buy Now");
  });

  test("has a link preview with title, text and price", async () => {
    const id = await seed.drop({ title: "Cozy65", description: "Brass\nplate", price: 120000 });
    const html = await read(`/drop/${id}`);
    expect(html).toContain('property="og:title" content="Cozy65, $1,200.00"');
    expect(html).toContain('property="og:description" content="Last one. Brass plate"');
    expect(html).toContain(
      `property="og:url" content="${cloud.settings.PUBLIC_SITE_URL}/drop/${id}"`,
    );
    expect(html).toContain('property="product:price:amount" content="1200.00"');
    expect(html).toContain('property="product:price:currency" content="USD"');
  });

  test("shows a drop whose builder is missing, malformed or oddly named, without a link", async () => {
    const damaged = await seed.builder({ twitch_username: 5 });
    const odd = await seed.builder({ twitch_username: "x/../evil?y" });
    for (const builderId of ["1", damaged, odd]) {
      const html = await read(`/drop/${await seed.drop({ builder_id: builderId })}`);
      expect(html).not.toContain("twitch.tv");
    }
  });

  test.each(["/drop/unknown", "/drop/", "/drop/a/units", "/drop/..%2Forders", "/drop/a%2Fb"])(
    "%s is a friendly 404, cached briefly",
    async (path) => {
      const response = await visit(path);
      expect(response.status).toBe(404);
      expect(response.headers.get("cache-control")).toContain("s-maxage=3");
      expect(await response.text()).toContain("We looked under every keycap");
    },
  );
});

describe("someone else's text", () => {
  test.each([
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</title></textarea><b>bold",
    "&lt;script&gt; &amp;",
    "{{7*7}} `",
    "<!-- ",
  ])("%p is shown as typed and creates no tag", async (text) => {
    const id = await seed.drop({ title: text, description: `one\n${text}` });
    const escaped = text
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      .replaceAll("'", "&#39;");
    for (const path of ["/", `/drop/${id}`]) {
      const html = await read(path);
      expect(html).toContain(`<bdi>${escaped.trim()}</bdi>`);
      if (escaped !== text) expect(html).not.toContain(text);
    }
  });

  test("cannot reverse the direction of the page's text, and is stripped of control characters", async () => {
    const id = await seed.drop({
      title: "\u202Eevil\u0000\u2066 \u05E9\u05DC\u05D5\u05DD",
      description: "a\u0007b\r\n\n\n\nc\u202D",
    });
    const html = await read(`/drop/${id}`);
    expect(html).not.toMatch(/[\u202A-\u202E\u2066-\u2069]|(?!\n)\p{Cc}/u);
    expect(html).toContain("evil");
    expect(html).toContain("\u05E9\u05DC\u05D5\u05DD");
    expect(html).toContain("a b\n\nc");
  });
});

describe("every answer", () => {
  const paths = [
    "/",
    "/about",
    "/payouts/return",
    "/payouts/refresh",
    "/cancel",
    "/success",
    "/no",
  ];

  test.each(paths)("%s runs and loads only our own code, and sends no referrer", async (path) => {
    const { headers } = await visit(path);
    const policy = headers.get("content-security-policy");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("form-action 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(headers.get("set-cookie")).toBeNull();
  });

  test("may be cached by a CDN for seconds if it shows stock, and never after a checkout", async () => {
    const cacheOf = async (path: string) => (await visit(path)).headers.get("cache-control");
    const { id, sessionId } = await seed.order({ fulfillment_status: "paid" });
    const drop = await seed.drop({});
    for (const path of ["/", `/drop/${drop}`]) {
      const { groups } =
        /^public, max-age=0, s-maxage=(?<fresh>\d+), stale-while-revalidate=(?<stale>\d+)$/.exec(
          (await cacheOf(path)) ?? "",
        ) ?? {};
      expect(Number(groups?.["fresh"]) + Number(groups?.["stale"])).toBeLessThanOrEqual(5);
    }
    expect(await cacheOf("/about")).toContain("s-maxage=3600");
    for (const path of [`/success?session_id=${sessionId}`, `/cancel?order=${id}`, "/success"]) {
      expect(await cacheOf(path)).toBe("private, no-store");
    }
  });

  test("that is unchanged is a 304 for a client that has it", async () => {
    const etag = (await visit("/about")).headers.get("etag") ?? "";
    const again = await visit("/about", {
      headers: { "if-none-match": etag, "cache-control": "max-age=0" },
    });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe("");
  });

  test("to HEAD has the headers of GET and no body", async () => {
    const [head, get] = [await visit("/", { method: "HEAD" }), await visit("/")];
    expect(await head.text()).toBe("");
    for (const name of ["etag", "cache-control", "content-length"]) {
      expect(head.headers.get(name)).toBe(get.headers.get(name));
    }
  });

  test.each(["POST", "PUT", "DELETE", "OPTIONS"])("to %s is 405", async (method) => {
    const response = await visit("/", { method });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET, HEAD");
  });

  test("asks search engines not to index pages of single buyers", async () => {
    expect(await read("/about")).not.toContain("noindex");
    const { sessionId } = await seed.order({});
    expect(await read(`/success?session_id=${sessionId}`)).toContain("noindex");
  });

  test("refers to the current versions of the style sheets", () => {
    for (const address of Object.values(addresses)) {
      const [path = ""] = address.slice(1).split("?");
      expect(address).toBe(`/${path}?v=${versionOf(path)}`);
    }
    expect(ORDERS_STYLE_VERSION).toBe(versionOf("pages/orders.css"));
  });
});

describe("when the database fails", () => {
  test("a refusal is a 503 that is not cached and says when to retry", async () => {
    const PERMISSION_DENIED = 7;
    const fault = { kind: "fail", code: PERMISSION_DENIED } as const;
    cloud.faults.add({ target: "firestore", fault });
    const response = await visit("/");
    cloud.faults.clear();
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("10");
    expect(response.headers.get("cache-control")).toBe("private, no-store");
    expect(await response.text()).toContain("Back in a moment");
  });

  test("a timeout is a 503 within the deadline", async () => {
    const aDayMs = 24 * 3_600_000;
    cloud.faults.add({ target: "firestore", fault: { kind: "delay", ms: aDayMs } });
    const startMs = cloud.clock.nowMs();
    let response: Response | undefined;
    void visit("/").then((answer) => {
      response = answer;
    });
    while (!response) await cloud.clock.advance(1000);
    cloud.faults.clear();
    expect(response.status).toBe(503);
    expect(cloud.clock.nowMs() - startMs).toBeLessThan(aDayMs);
    expect((await visit("/about")).status).toBe(200);
  });

  test("a malformed document is a 500, and affects no other page", async () => {
    const id = await seed.drop({ price: "a lot" });
    expect((await visit(`/drop/${id}`)).status).toBe(500);
    await seed.drop({ title: "Sound" });
    expect(await read("/")).toContain("Sound");
  });
});
