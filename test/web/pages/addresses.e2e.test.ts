import { request as send } from "node:http";
import { afterEach, describe, expect, test } from "@jest/globals";
import { useCloud } from "../../support/cloud.ts";
import { visitor } from "../visitor.ts";

const cloud = await useCloud({ onSockets: true });
afterEach(() => cloud.faults.clear());

const KEY = "0123456789abcdefghijk";
const REDIRECTED = /^public, max-age=0, s-maxage=\d+/;

/** Where an address is redirected, and how long that may be cached, while the database refuses all reads. */
async function movedTo(address: string): Promise<string | undefined> {
  cloud.faults.add({ target: "firestore", fault: { kind: "fail", code: 7 } });
  const { hostname, port, pathname } = new URL(cloud.url("web"));
  const answer = await new Promise<{ status?: number; location?: string; kept?: string }>(
    (resolve, reject) => {
      // `fetch` would normalize the slashes and the query.
      const request = send({ hostname, port, path: `${pathname}${address}` }, (response) => {
        const { location, "cache-control": kept } = response.headers;
        response.resume();
        resolve({
          ...(response.statusCode && { status: response.statusCode }),
          ...(location && { location }),
          ...(kept && { kept }),
        });
      });
      request.on("error", reject).end();
    },
  );
  cloud.faults.clear();
  if (answer.status !== 301) return undefined;
  expect(answer.kept).toMatch(REDIRECTED);
  return answer.location;
}

const cached = [
  "/",
  "/about",
  "/payouts/return",
  "/payouts/refresh",
  "/drop/abc",
  "/drop/abc/picture",
  "/auction/1",
  "/auction/1/picture",
  "/auction/1/feed.json",
  "/race/1",
  `/pot/${KEY}.json`,
  "/overlay/1",
  `/overlay/pot/${KEY}`,
  "/nothing/here",
  "/drop/__x__",
];

describe.each(cached)("%s", (path) => {
  test.each(["?x=1", "?", "?x", "?utm_source=a&fbclid=b", "?__proto__=1", "?%", "?theme[]=dark"])(
    "has one address; with %p appended it is redirected there without a database read",
    async (more) => {
      expect(await movedTo(`${path}${more}`)).toBe(path);
    },
  );

  test("is not redirected from its canonical address, nor in a loop", async () => {
    expect(await movedTo(path)).toBeUndefined();
  });

  test.each(["/", "//"])("has no %p after it", async (more) => {
    if (path !== "/") expect(await movedTo(`${path}${more}`)).toBe(path);
  });
});

describe("an overlay's look", () => {
  test.each([
    ["/overlay/1", "?size=large&theme=dark", "?theme=dark&size=large"],
    ["/overlay/1", "?theme=dark&x=1", "?theme=dark"],
    ["/overlay/1", "?theme=dark&theme=minimal", "?theme=dark"],
    ["/overlay/1", "?theme=random&size=small", "?size=small"],
    ["/overlay/1", "?theme=dar%6B", "?theme=dark"],
    [`/overlay/pot/${KEY}`, "?size=large&position=top-left", "?position=top-left&size=large"],
    [`/overlay/pot/${KEY}`, "?colour=%23F2B705", "?colour=f2b705"],
    [`/overlay/pot/${KEY}`, "?motion=on", ""],
  ])("of %s%s is at %s", async (path, asked, kept) => {
    expect(await movedTo(`${path}${asked}`)).toBe(`${path}${kept}`);
    expect(await movedTo(`${path}${kept}`)).toBeUndefined();
  });
});

test("no address leads to another site", async () => {
  for (const address of [
    "//example.com/x",
    "///example.com",
    "//example.com?x=1",
    "/\\example.com?x",
  ]) {
    expect(await movedTo(address)).toMatch(/^\/(?![/\\])/);
  }
});

test("a path that is not cached is answered at any address", async () => {
  const { visit } = visitor(cloud.url("web"), cloud);
  for (const path of ["/success?session_id=cs_1&x=1", "/cancel?x=1&order=1"]) {
    const response = await visit(path, { redirect: "manual" });
    expect(response.status).toBe(404);
    expect(response.headers.get("cache-control")).toContain("no-store");
  }
});
