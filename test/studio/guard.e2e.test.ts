import { request } from "node:http";
import { expect, test } from "@jest/globals";
import { hasBrowser, useStudio } from "./support/studio.ts";

const studio = await useStudio();
const { port } = new URL(studio.url);
const JSON_BODY = { "content-type": "application/json" };
const SIGNED = { ...JSON_BODY, "x-studio-token": studio.token };

/** The status of a request with exactly these headers; `fetch` would set its own Host. */
function statusOf(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(`${studio.url}${path}`, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.once("error", reject);
    sent.end(method === "POST" ? "{}" : undefined);
  });
}

test.each([
  ["its own page", { host: `127.0.0.1:${port}`, origin: `http://127.0.0.1:${port}` }, 200],
  ["a program", {}, 200],
  ["a name that was rebound to this machine", { host: `evil.test:${port}` }, 403],
  ["another port's name", { host: "127.0.0.1:1" }, 403],
  ["a name without its port", { host: "127.0.0.1" }, 403],
  ["another site", { origin: "https://evil.test" }, 403],
  ["another service of this machine", { origin: "http://127.0.0.1:1" }, 403],
  ["a page without an origin", { origin: "null" }, 403],
  ["another site's link to a call", { "sec-fetch-site": "cross-site" }, 403],
  ["a sibling site", { "sec-fetch-site": "same-site" }, 403],
  ["a form", { "content-type": "text/plain" }, 415],
  ["an old link", { "x-studio-token": "x".repeat(24) }, 401],
])("a call from %s", async (_who, headers, status) => {
  expect(await statusOf("POST", "/api/time/read", { ...SIGNED, ...headers })).toBe(status);
});

test("a call needs the token, the page does not", async () => {
  expect(await statusOf("POST", "/api/time/read", JSON_BODY)).toBe(401);
  expect(await statusOf("GET", "/api/changes", {})).toBe(401);
  expect(await statusOf("GET", "/", {})).toBe(200);
});

test("the page's frame is drawn before the page's code has arrived", async () => {
  const page = await (await fetch(studio.url)).text();
  const [beforeCode = ""] = page.split("studio.css");
  const styles = [...beforeCode.matchAll(/<link rel="stylesheet" href="([^"]+)"/g)];
  const drawn = await Promise.all(
    styles.map(async ([, path]) => (await fetch(`${studio.url}${path}`)).text()),
  );
  expect(beforeCode).toContain("Loading the studio…");
  expect(drawn.join()).toContain("#page {");
  expect(beforeCode).not.toContain("<script");
});

test("another site may link to the page, but neither frame nor script it", async () => {
  const from = { "sec-fetch-site": "cross-site" };
  expect(await statusOf("GET", "/", { ...from, "sec-fetch-dest": "document" })).toBe(200);
  expect(await statusOf("GET", "/", { ...from, "sec-fetch-dest": "iframe" })).toBe(403);
  expect(await statusOf("GET", "/", { ...from, "sec-fetch-dest": "script" })).toBe(403);
});

test("the clock's control is guarded in the same way", async () => {
  expect(await statusOf("POST", "/settle", { host: `evil.test:${port}` })).toBe(403);
  expect(await statusOf("GET", "/clock", { origin: "https://evil.test" })).toBe(403);
});

test.each(["constructor", "nothing", "__proto__"])("no call named %s exists", async (name) => {
  expect((await studio.call("time", name)).status).toBe(404);
  expect((await studio.call(name, "read")).status).toBe(404);
});

if (hasBrowser) {
  test("the link's token opens the studio and leaves the address bar", async () => {
    const tab = await studio.open("/time");
    await tab.until(`document.querySelector(".clock time[datetime]") !== null`);
    expect(await tab.evaluate("location.href")).toBe(`${studio.url}/time`);
    await tab.click(`document.querySelector('a[href="/time"]')`);
    expect(tab.complaints).toEqual([]);
    await tab.close();
  });
}
