import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createOrderLinks } from "../../functions/shop/store/order-links.ts";
import { linkToOrder } from "../../functions/shop/web/order-link.ts";
import { type Browser, findChromium, startChromium } from "../../local/browser/chromium.ts";
import { useCloud } from "../support/cloud.ts";
import { focus, labelled, signIn, walk } from "./keyboard.ts";
import { MEASURE } from "./measure.ts";
import { orderBuyers, TRACKING } from "./orders/orders.ts";

const ITEMS = 12;
/** The widths of what is printed on, without margins, at 96 dots per inch. */
const PRINTED = { a4: 658, letter: 681, "4x6": 345 } as const;

const cloud = await useCloud({ forBrowser: true, rateLimits: false });
const site = cloud.settings["PUBLIC_SITE_URL"] ?? "";
const { people, shippingBuilder, buy, sentTogether } = orderBuyers(cloud);
const { orderId: sentId } = await sentTogether();
const packer = await shippingBuilder({ isLive: true });
const long = { title: `Brass ${"W".repeat(90)}`, quantity: String(ITEMS + 3), limit: ITEMS };
const dropId = await people.drop(packer.id, long);
const first = await buy(dropId);
for (let more = 1; more < ITEMS; more += 1) await buy(dropId, first.buyer);
const { interactionId: reservedId } = await people.buyNow(
  first.buyer,
  await people.drop(packer.id),
);
const orderLinks = createOrderLinks(async () => cloud.firestore);
const linkTo = async (id: string) =>
  (await linkToOrder(id, { orderLinks, config: { PUBLIC_SITE_URL: site } })) ?? "";
const { checkout_session_id: sessionId } = await people.order(first.orderId);

const publicPages = [
  ["an order that was sent", await linkTo(sentId)],
  ["an order that waits", await linkTo(first.orderId)],
  ["the return from Checkout", `${site}/success?session_id=${sessionId}`],
  ["leaving Checkout", `${site}/cancel?order=${reservedId}`],
] as const;
const deskPages = [
  ...["ship", "build", "sent", "arrived"].map(
    (list) => [`the desk, ${list}`, `${site}/desk?list=${list}`] as const,
  ),
  ["an order at the desk", `${site}/desk/order?order=${first.orderId}`] as const,
  ...Object.keys(PRINTED).map(
    (size) => [`slips, ${size}`, `${site}/desk/slips?anyway=yes&size=${size}`] as const,
  ),
] as const;
const pages = [...publicPages, ...deskPages];

const chromium = findChromium();
if (chromium) {
  describe("a page of fulfilment", () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = startChromium(chromium);
      const tab = await browser.open(`${site}/desk`, { width: 1280 });
      await signIn(tab, `person_${packer.id.slice(-5)}`);
      await tab.close();
    });
    afterAll(() => browser.stop());

    test("the keyboard reaches everything in order, and shows where it is", async () => {
      const tab = await browser.open("about:blank", { width: 360 });
      for (const [page, url] of pages) {
        await tab.goTo(url);
        const { reachable, places, unseen } = await walk(tab);
        const all = Array.from({ length: reachable }, (_, place) => place);
        expect({ page, places, unseen }).toEqual({ page, places: all, unseen: [] });
      }
      await tab.close();
    });

    test.each([
      { width: 360, dark: false },
      { width: 360, dark: true },
      { width: 1280, dark: false },
    ])("fits, is readable and needs no script at %p", async (look) => {
      const urls = pages.map(([, url]) => url);
      const scripts = "[...document.scripts].map(({ src }) => new URL(src).pathname)";
      const seen = `({ ...${MEASURE}, scripts: ${scripts} })`;
      for await (const { url, value, complaints } of browser.look(urls, seen, look)) {
        const { scripts: all, ...measured } = value as { readonly scripts: readonly string[] };
        expect({ url, complaints, ...measured }).toMatchObject({
          url,
          complaints: [],
          overflow: 0,
          hasStyle: true,
          unreadable: [],
          brokenImages: [],
        });
        const others = all.filter((script) => script !== "/pages/times.js");
        expect({ url, others }).toEqual({ url, others: [] });
      }
    });

    test("is printed without what leads elsewhere or is pressed, and nothing of it is cut off", async () => {
      const pressed =
        "header.top, nav, footer, button, .button, textarea, select, [type=checkbox], .skip";
      const seen = `({
        pressed: [...document.querySelectorAll(${JSON.stringify(pressed)})]
          .filter((element) => element.getClientRects().length > 0).map((element) => element.outerHTML),
        overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      })`;
      const bySheet = Map.groupBy(
        pages.map(([, url]) => url),
        (url) => (url.endsWith("4x6") ? PRINTED["4x6"] : PRINTED.a4),
      );
      for (const [width, urls] of bySheet) {
        for await (const { url, value } of browser.look(urls, seen, { width, isPrinted: true })) {
          expect({ url, ...(value as object) }).toEqual({ url, pressed: [], overflow: 0 });
        }
      }
    });

    test.each([
      ["a4", 595, 842, 1],
      ["letter", 612, 792, 1],
      ["4x6", 288, 432, 2],
    ] as const)(
      "a long slip goes on over as many sheets of %s as it needs, without a cut row",
      async (size, w, h, least) => {
        const tab = await browser.open(`${site}/desk/slips?anyway=yes&size=${size}`, {
          width: PRINTED[size],
          isPrinted: true,
        });
        expect(await tab.evaluate("document.querySelectorAll('.slip tbody tr').length")).toBe(
          ITEMS,
        );
        const rows = "[...document.querySelectorAll('.slip :is(tr, address)')]";
        const breaks = `[...new Set(${rows}.map((row) => getComputedStyle(row).breakInside))]`;
        expect(await tab.evaluate(breaks)).toEqual(["avoid"]);
        const pdf = (await tab.printed()).toString("latin1");
        const boxes = [...pdf.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)];
        expect(boxes.length).toBeGreaterThanOrEqual(least);
        const sizes = boxes.map(
          ([, x, y]) => `${Math.round(Number(x))} × ${Math.round(Number(y))}`,
        );
        expect(new Set(sizes)).toEqual(new Set([`${w} × ${h}`]));
        await tab.close();
      },
    );

    test("the keyboard alone marks a parcel as sent", async () => {
      const tab = await browser.open(`${site}/desk`, { width: 360 });
      await focus(tab, "focused.name === 'lines'");
      const line = JSON.stringify(`${first.orderId} ${TRACKING}`);
      await tab.evaluate(`document.execCommand("insertText", false, ${line})`);
      await focus(tab, labelled("Mark as sent"));
      await tab.leaveBy("Enter");
      expect(await tab.evaluate("document.body.innerText")).toContain(
        "The buyer may still add to it",
      );
      expect(await tab.evaluate(MEASURE)).toMatchObject({ overflow: 0, unreadable: [] });
      const { reachable, places, unseen } = await walk(tab);
      expect(places).toEqual(Array.from({ length: reachable }, (_, place) => place));
      expect(unseen).toEqual([]);
      await tab.close();
    });
  });
}
