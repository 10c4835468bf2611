import { beforeEach, describe, expect, test } from "@jest/globals";
import { readAddress } from "../../../functions/fulfilment/addresses/read-address.ts";
import { ADDRESS_DAYS } from "../../../functions/fulfilment/domain/address-access.ts";
import { createOrderLinks } from "../../../functions/shop/store/order-links.ts";
import { linkToOrder } from "../../../functions/shop/web/order-link.ts";
import { createLog } from "../../../shared/runtime/log.ts";
import { useCloud } from "../../support/cloud.ts";
import { siteSeeder } from "../seed.ts";
import { visitor, wordsOf } from "../visitor.ts";

const cloud = await useCloud();
const seed = siteSeeder(cloud.firestore, cloud.clock);
const site = cloud.settings["PUBLIC_SITE_URL"] ?? "";
const { visit } = visitor(site, cloud);
const orderLinks = createOrderLinks(async () => cloud.firestore);
const config = { PUBLIC_SITE_URL: site };

/** The path of an order's page. */
async function pathTo(orderId: string): Promise<string> {
  const link = (await linkToOrder(orderId, { orderLinks, config })) ?? "";
  expect(link.startsWith(`${site}/order/`)).toBe(true);
  return link.slice(site.length);
}

describe("the link to an order", () => {
  let id: string;
  beforeEach(async () => {
    ({ id } = await seed.order({ fulfillment_status: "paid", title: "Cozy65" }));
  });

  test("opens its page, always the same one, and that of no other order", async () => {
    const path = await pathTo(id);
    expect(path).toMatch(/^\/order\/[\w-]{32}$/);
    expect(await pathTo(id)).toBe(path);
    const words = wordsOf(await (await visit(path)).text());
    expect(words).toContain("Cozy65 from a C500 builder Thank you! It is yours");
    const other = await seed.order({ fulfillment_status: "paid" });
    expect(await pathTo(other.id)).not.toBe(path);
  });

  test("made twice at once is one link", async () => {
    const [one, other] = await Promise.all([pathTo(id), pathTo(id)]);
    expect(one).toBe(other);
    expect((await visit(one)).status).toBe(200);
  });

  test.each([
    ["the page", 200, (path: string) => path],
    ["it with a slash", 200, (path: string) => `${path}/`],
    ["it with a query", 200, (path: string) => `${path}?utm_source=x`],
    [
      "a changed key",
      404,
      (path: string) => `${path.slice(0, -1)}${path.endsWith("A") ? "B" : "A"}`,
    ],
    ["a key that is cut off", 404, (path: string) => path.slice(0, -1)],
    ["the order's id", 404, () => `/order/${id}`],
    ["a part of the page", 404, (path: string) => `${path}/picture`],
  ])("with %s answers %i, and no answer is cached, indexed or revealed", async (...given) => {
    const [, status, change] = given;
    const path = change(await pathTo(id));
    for (const method of ["GET", "HEAD"]) {
      const response = await visit(path, { method, redirect: "manual" });
      expect(response.status).toBe(status);
      expect(response.headers.get("cache-control")).toBe("private, no-store");
      expect(response.headers.get("x-robots-tag")).toBe("noindex");
      expect(response.headers.get("referrer-policy")).toBe("no-referrer");
    }
  });

  test("is never logged, also when the page cannot be made", async () => {
    const path = await pathTo(id);
    await cloud.firestore.doc(`orders/${id}`).update({ fulfillment_status: 7 });
    expect((await visit(path)).status).toBe(500);
    const line = cloud.logLines.find((each) => each.includes("A page could not be made"));
    expect(line).toContain('"path":"/order/…"');
    expect(cloud.logLines.join("\n")).not.toContain(path.slice("/order/".length));
  });

  test("is made for no forgotten buyer, and for no order that does not exist", async () => {
    await cloud.firestore.doc(`orders/${id}`).update({ buyer_id: "forgotten-0123456789abcdef" });
    expect(await linkToOrder(id, { orderLinks, config })).toBeUndefined();
    expect(await linkToOrder("none", { orderLinks, config })).toBeUndefined();
  });

  test("opens nothing once its key is removed", async () => {
    const path = await pathTo(id);
    await cloud.firestore.doc(`orders/${id}`).update({ page_key: null });
    expect((await visit(path)).status).toBe(404);
  });
});

describe("an order's address", () => {
  const DAY_MS = 24 * 60 * 60_000;
  const BUILDER = "300000000000000001";
  const arrivedAgo = (ms: number) => new Date(cloud.clock.nowMs() - ms);

  /** What a reader gets, and what is logged. */
  async function read(
    userId: string | undefined,
    deliveredAt: Date | undefined,
    isForgotten = false,
  ) {
    const lines: string[] = [];
    const session = userId === undefined ? undefined : { userId };
    const address = await readAddress(
      { orderId: "order-1", builderId: BUILDER, isForgotten, session, deliveredAt },
      async () => "1 Main Street",
      { clock: cloud.clock, log: createLog((line) => lines.push(line)) },
    );
    return { address, lines: lines.map((line) => JSON.parse(line) as object) };
  }

  test("is read by its builder before it arrives and for thirty days after, and each view is logged", async () => {
    for (const deliveredAt of [undefined, arrivedAgo(0), arrivedAgo(ADDRESS_DAYS * DAY_MS - 1)]) {
      const { address, lines } = await read(BUILDER, deliveredAt);
      expect(address).toBe("1 Main Street");
      expect(lines).toMatchObject([
        { event: "address-read", orderId: "order-1", builderId: BUILDER },
      ]);
      expect(JSON.stringify(lines)).not.toContain("Main Street");
    }
  });

  test.each<[string, string | undefined, () => Date | undefined]>([
    ["another builder", "300000000000000002", () => undefined],
    ["nobody who is signed in", undefined, () => undefined],
    ["its builder after thirty days", BUILDER, () => arrivedAgo(ADDRESS_DAYS * DAY_MS)],
  ])("is not read by %s", async (_who, userId, deliveredAt) => {
    expect(await read(userId, deliveredAt())).toEqual({ address: undefined, lines: [] });
  });

  test("is not read once its buyer is forgotten", async () => {
    const nothing = { address: undefined, lines: [] };
    expect(await read(BUILDER, arrivedAgo(0), true)).toEqual(nothing);
  });
});
