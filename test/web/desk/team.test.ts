import { describe, expect, test } from "@jest/globals";
import { PASS_MS } from "../../../functions/fulfilment/web/team-link.ts";
import { cookieBrowser } from "../../../local/browser/cookie-browser.ts";
import { bidders } from "../../support/auctions/auctions.ts";
import { useCloud } from "../../support/cloud.ts";
import { parcels } from "../../support/fulfilment/parcels.ts";
import { wordsOf } from "../visitor.ts";

const MANAGE_SERVER = "32";

const cloud = await useCloud({ rateLimits: false });
const { people, sender, buy, makeLate } = await parcels(cloud);
await bidders(cloud, people).registerCommands();
const [builder, other] = [await sender(), await sender()];
const mine = await buy(await people.drop(builder.id, { title: "Brass weight" }));
const theirs = await buy(await people.drop(other.id, { title: "Walnut rest" }));
const staff = people.person({ permissions: MANAGE_SERVER });

const site = cloud.settings["PUBLIC_SITE_URL"] ?? "";

/** The path of the team's desk that the command shows to a member of staff. */
async function linkFor(userId: string, options: { builder?: string } = {}): Promise<string> {
  const { buttons } = await people.command(userId, "c500 orders", options);
  const link = buttons.find(({ label }) => label === "The team's desk")?.url ?? "";
  expect(link.startsWith(`${site}/desk/team/`)).toBe(true);
  return link.slice(site.length);
}

async function visit(userId: string, path: string) {
  const browser = cookieBrowser(cloud);
  await browser.signIn(userId);
  const page = await browser.open(path);
  return { ...page, words: wordsOf(page.html), browser };
}

describe("the team's desk", () => {
  test("lists the orders of all builders, with whose they are", async () => {
    const { status, words } = await visit(staff, await linkFor(staff));
    expect(status).toBe(200);
    expect(words).toContain(`Brass weight Order ${mine.orderId} of ${builder.login}`);
    expect(words).toContain(`Walnut rest Order ${theirs.orderId} of ${other.login}`);
  });

  test("lists one builder's alone, on every list and in the month", async () => {
    const path = await linkFor(staff, { builder: builder.id });
    const { words, html } = await visit(staff, path);
    expect(words).toContain(mine.orderId);
    expect(words).not.toContain(theirs.orderId);
    expect(words).toContain("Orders 1 Sales");
    expect(html).toContain(`<option value="${builder.id}" selected>`);
    expect(html).toContain(`href="${path}&amp;list=sent"`);
  });

  test("lists what is wrong: what buyers reported, and parcels that are late", async () => {
    const sent = await buy(await people.drop(other.id, { title: "Cap" }));
    await people.command(other.id, "c500 ship", { order: sent.orderId });
    const text = "A corner is torn.";
    await people.command(sent.buyer, "c500 problem", {
      order: sent.orderId,
      what: "damaged",
      text,
    });
    await makeLate(mine.orderId);
    const { words } = await visit(staff, `${await linkFor(staff)}?list=problems`);
    expect(words).toMatch(
      /Cap Order \d+ of \S+ Reported .*: it.*s damaged\. It waits for the builder/,
    );
    expect(words).toContain(text);
    expect(words).toMatch(new RegExp(`${mine.orderId} of .* should have been sent`));
    const own = await visit(builder.id, "/desk?list=problems");
    expect(own.words).toContain(mine.orderId);
    expect(own.words).not.toContain(sent.orderId);
  });

  test("shows nothing that reads addresses or sends parcels", async () => {
    const { html } = await visit(staff, await linkFor(staff));
    for (const path of ["/desk/slips", "/desk/parcels.csv", "/desk/sent", "/desk/order"]) {
      expect(html).not.toContain(path);
    }
  });

  test("opens after a sign-in that the link leads to, and tells nobody its address", async () => {
    const browser = cookieBrowser(cloud);
    const path = await linkFor(staff);
    const page = await browser.open(path);
    expect(wordsOf(page.html)).toContain("Sign in with Discord");
    expect(page.html).toContain(`name="next" value="${path}"`);
    await browser.signIn(staff);
    const opened = await browser.open(path);
    expect(opened.headers.get("referrer-policy")).toBe("no-referrer");
    expect(opened.headers.get("cache-control")).toBe("private, no-store");
  });
});

describe("the team's desk is refused", () => {
  test.each([
    ["a builder", () => builder.id],
    ["a stranger", () => people.person()],
    ["another member of staff", () => people.person({ permissions: MANAGE_SERVER })],
  ])("to %s who has somebody else's link, and sees nobody's orders", async (_who, idOf) => {
    const { status, words } = await visit(idOf(), await linkFor(staff));
    expect(status).toBe(403);
    expect(words).toContain("This link is not yours, or no longer works");
    expect(words).not.toContain(mine.orderId);
  });

  test("with a link that was changed, or made for something else", async () => {
    const path = await linkFor(staff);
    const [, , , payload = "", signature = ""] = path.split("/");
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
    const longer = Buffer.from(JSON.stringify({ ...claims, untilMs: claims.untilMs + 1 }));
    const { browser } = await visit(staff, path);
    const [session = "", sessionSignature = ""] = (browser.jar.get("__session") ?? "").split(".");
    for (const pass of [
      `${longer.toString("base64url")}/${signature}`,
      `${payload}/${"A".repeat(43)}`,
      `${session}/${sessionSignature}`,
    ]) {
      const { status, html } = await browser.open(`/desk/team/${pass}`);
      expect([403, 404]).toContain(status);
      expect(html).not.toContain(mine.orderId);
    }
  });

  test("after an hour, and after signing out", async () => {
    const { browser, path, status } = await visit(staff, await linkFor(staff));
    expect(status).toBe(200);
    await cloud.pass(PASS_MS);
    expect((await browser.open(path)).status).toBe(403);
    const again = await visit(staff, await linkFor(staff));
    await again.browser.press(again, "/sign-out");
    const page = await again.browser.open(again.path);
    expect(wordsOf(page.html)).toContain("Sign in with Discord");
  });

  test("to staff at a builder's own pages", async () => {
    for (const path of ["/desk", `/desk/slips?parcel=${mine.orderId}`, "/desk/team"]) {
      const { status, words } = await visit(staff, path);
      expect([403, 404]).toContain(status);
      expect(words).not.toContain(mine.orderId);
    }
  });

  test("to builders and strangers, who get no link", async () => {
    const own = await people.command(builder.id, "c500 orders");
    expect(own.buttons.map(({ url }) => url)).not.toContainEqual(
      expect.stringContaining("/desk/team"),
    );
    for (const user of [builder.id, people.person()]) {
      const refused = await people.command(user, "c500 orders", { builder: other.id });
      expect(refused.buttons).toEqual([]);
    }
  });
});
