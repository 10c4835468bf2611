import { request } from "node:http";
import { expect, test } from "@jest/globals";
import { first } from "./support/mouse.ts";
import { hasBrowser, useStudio } from "./support/studio.ts";

const studio = await useStudio();

async function framesFor(origin: string): Promise<string> {
  const response = await studio.call("pages", "open", { origin });
  const { framesUrl } = (await response.json()) as { framesUrl: string };
  return framesUrl;
}

/** The status of a request under another name; `fetch` would set its own Host. */
const statusAs = (url: string, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.once("error", reject);
    sent.end();
  });

test("a framed page may be framed by the studio alone, and nothing else of its policy changes", async () => {
  const policyOf = async (url: string) => (await fetch(url)).headers.get("content-security-policy");
  const own = await policyOf(`${studio.cloud.settings["PUBLIC_SITE_URL"]}/`);
  const framed = await policyOf(`${await framesFor(studio.url)}/`);
  const rules = (policy: string | null) => new Set(policy?.split("; "));
  expect(own).toContain("frame-ancestors 'none'");
  expect(rules(framed)).toEqual(
    new Set(
      [...rules(own)]
        .filter((rule) => !rule.startsWith("frame-"))
        .concat(`frame-ancestors ${studio.url}`),
    ),
  );
});

test("a name that was rebound to this machine reads no framed page", async () => {
  const url = await framesFor(studio.url);
  expect(await statusAs(url, new URL(url).host)).toBe(200);
  expect(await statusAs(url, `evil.test:${new URL(url).port}`)).toBe(403);
});

test("only a page of this machine opens frames", async () => {
  expect((await studio.call("pages", "open", { origin: "https://evil.test" })).status).toBe(400);
});

if (hasBrowser) {
  test("the studio shows the site in a frame", async () => {
    const tab = await studio.open("/pages");
    await tab.until(`${first("iframe")} !== null`);
    expect(await tab.evaluate(`${first("iframe")}.title`)).toBe("The site");
    expect(tab.complaints.filter((each) => each.includes("frame-ancestors"))).toEqual([]);
    await tab.close();
  });
}
