import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startTestCloud, type TestCloud } from "../../support/cloud.ts";
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
afterAll(() => cloud.stop());

describe("after the checkout", () => {
  test.each([
    ["reserved", "not confirmed yet"],
    ["processing", "Your bank is processing it"],
    ["paid", "Thank you"],
    ["building", "on the workbench"],
    ["shipped", "on its way to you"],
    ["delivered", "has arrived"],
    ["expired", "The time to pay ran out"],
    ["cancelled", "This reservation is over"],
    ["refunded", "was refunded"],
    ["charged_back", "was taken back"],
    ["polishing", "We know this order"],
  ])("an order that is %s is shown as such", async (status, says) => {
    const { sessionId } = await seed.order({ fulfillment_status: status });
    const html = await read(`/success?session_id=${sessionId}`);
    expect(wordsOf(html)).toContain(says);
    expect(html.includes('http-equiv="refresh"')).toBe(status === "reserved");
  });

  test.each([
    ["paid", "when you can pick it up", "packing"],
    ["shipped", "is ready to pick up", "on its way"],
    ["delivered", "You have your order", "has arrived"],
  ])("an order to pick up that is %s is never shown as sent", async (status, says, not) => {
    const fields = { fulfillment_status: status, destination: "pickup", plan: "split" };
    const { sessionId } = await seed.order(fields);
    const words = wordsOf(await read(`/success?session_id=${sessionId}`));
    expect(words).toContain(says);
    expect(words).not.toContain(not);
  });

  test("the page says when held money is refunded, and that a refund is in progress", async () => {
    const heldUntil = new Date("2027-01-05T12:00:00Z");
    const held = await seed.order({ fulfillment_status: "paid", held_until: heldUntil });
    expect(await read(`/success?session_id=${held.sessionId}`)).toContain("January 5, 2027");
    const refunding = await seed.order({ fulfillment_status: "paid", refund_requested: 12500 });
    const words = wordsOf(await read(`/success?session_id=${refunding.sessionId}`));
    expect(words).toContain("Your refund is on its way");
    expect(words).not.toContain("Thank you");
  });

  test("an unpaid order is never called paid, whatever the query says", async () => {
    const { sessionId } = await seed.order({ fulfillment_status: "expired" });
    const words = wordsOf(await read(`/success?session_id=${sessionId}&status=paid&paid=true`));
    expect(words).not.toMatch(/Thank you|arrived\. The receipt/);
  });

  test("an order that predates our own Checkout Sessions is found by its session", async () => {
    await cloud.firestore.doc("orders/cs_test_123").set({ buyer_id: "5", builder_id: "6" });
    expect(wordsOf(await read("/success?session_id=cs_test_123"))).toContain("Thank you");
  });

  test("only a stream on Twitch is linked", async () => {
    const status = { fulfillment_status: "building" };
    const bad = await seed.order({ ...status, twitch_vod_link: "javascript:alert(1)" });
    expect(await read(`/success?session_id=${bad.sessionId}`)).not.toContain("javascript:");
    const link = "https://www.twitch.tv/videos/1";
    const good = await seed.order({ ...status, twitch_vod_link: link });
    expect(await read(`/success?session_id=${good.sessionId}`)).toContain(`href="${link}"`);
  });

  test("neither page shows who bought, and only the holder of the session's id sees what", async () => {
    const { id, sessionId } = await seed.order({ buyer_id: "4242424242", title: "Secret gift" });
    const success = await read(`/success?session_id=${sessionId}`);
    const cancel = await read(`/cancel?order=${id}`);
    expect(success).toContain("Secret gift");
    for (const hidden of ["Secret gift", "125.00", "checkout.stripe.com", sessionId]) {
      expect(cancel).not.toContain(hidden);
    }
    for (const html of [success, cancel]) expect(html).not.toContain("4242424242");
  });

  test.each([
    "/success?session_id=cs_test_unknown",
    "/success?session_id=../orders/x",
    "/success?session_id=a&session_id=b",
    "/success?session_id[x]=y",
    "/success",
    "/cancel?order=unknown",
    "/cancel?order=a%2Fb%2Fc",
  ])("%s is a friendly 404 that is not cached", async (path) => {
    const response = await visit(path);
    expect(response.status).toBe(404);
    expect(response.headers.get("cache-control")).toBe("private, no-store");
    expect(await response.text()).toContain("find an order");
  });

  test("a buyer who left the checkout learns how long the unit is reserved, and how to give it back", async () => {
    const { id } = await seed.order({ fulfillment_status: "reserved" });
    const words = wordsOf(await read(`/cancel?order=${id}`));
    expect(words).toMatch(/still reserved for about 30 more minutes, until \d\d:\d\d UTC/);
    expect(words).toContain("Give it back");
    await cloud.clock.advance(31 * 60_000);
    expect(wordsOf(await read(`/cancel?order=${id}`))).toContain("The time to pay is up");
  });

  test("the winner of an auction reads about the auction, not about units in stock", async () => {
    const fields = { auction_id: "77", title: "Brass" };
    const open = await seed.order({ ...fields, fulfillment_status: "reserved" });
    const over = await seed.order({ ...fields, fulfillment_status: "expired" });
    const left = wordsOf(await read(`/cancel?order=${open.id}`));
    expect(left).toMatch(/It is still reserved for about 3\d more minutes/);
    await cloud.clock.advance(32 * 60_000);
    const late = wordsOf(await read(`/cancel?order=${open.id}`));
    expect(late).toContain("the next bidder may get their chance");
    const ended = await read(`/success?session_id=${over.sessionId}`);
    expect(ended).toContain('href="/auction/77"');
    for (const words of [left, late, wordsOf(ended)]) {
      expect(words).not.toMatch(/unit|shelf|Give it back/);
    }
  });

  test("an ended reservation is shown as ended, and the cancel page works without an order", async () => {
    const { id } = await seed.order({ fulfillment_status: "expired" });
    expect(wordsOf(await read(`/cancel?order=${id}`))).toContain("This reservation is over");
    expect(wordsOf(await read("/cancel"))).toContain("You left the checkout before paying");
  });
});
