import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  type Browser,
  findChromium,
  startChromium,
  type Tab,
} from "../../../local/browser/chromium.ts";
import { useCloud } from "../../support/cloud.ts";
import { parcels } from "../../support/fulfilment/parcels.ts";
import { focus, labelled, signIn } from "../keyboard.ts";
import { MEASURE } from "../measure.ts";

const cloud = await useCloud({ forBrowser: true, rateLimits: false });
const site = cloud.settings["PUBLIC_SITE_URL"] ?? "";
const { people, sender, buy } = await parcels(cloud);
const builder = await sender();
const brass = await people.drop(builder.id, { title: `Brass ${"W".repeat(60)}`, quantity: "2" });
await buy(brass);
await buy(brass);
await buy(await people.drop(builder.id, { title: "Built to order", payment: "held" }));

const chromium = findChromium();
if (chromium) {
  describe("with the keyboard alone", () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = startChromium(chromium);
      await (await atDesk({ width: 360 })).close();
    });
    afterAll(() => browser.stop());

    const fits = { overflow: 0, hasStyle: true, unreadable: [], brokenImages: [] };
    async function atDesk(look: { width: number; dark?: boolean }): Promise<Tab> {
      const tab = await browser.open(`${site}/desk`, look);
      await signIn(tab, `person_${builder.id.slice(-5)}`);
      return tab;
    }

    test.each([{ width: 360 }, { width: 360, dark: true }, { width: 1280 }])(
      "a builder gets from the desk to packing slips at %p",
      async (look) => {
        const tab = await atDesk(look);
        for (const list of ["Shipped", "Arrived", "To build", "To ship"]) {
          await focus(tab, labelled(list));
          await tab.leaveBy("Enter");
          expect(await tab.evaluate(MEASURE)).toMatchObject(fits);
        }
        await focus(tab, labelled("Packing slips"));
        await tab.leaveBy("Enter");
        expect(await tab.evaluate("document.querySelectorAll('.slip').length")).toBe(2);
        expect(await tab.evaluate(MEASURE)).toMatchObject(fits);
        expect(tab.complaints).toEqual([]);
        await tab.close();
      },
    );

    test.each([
      ["a4", 595, 842],
      ["letter", 612, 792],
      ["4x6", 288, 432],
    ])("slips of the size %s are printed one on a sheet, and nothing else", async (size, w, h) => {
      const tab = await browser.open(`${site}/desk/slips?size=${size}`, {
        width: 1280,
        isPrinted: true,
      });
      const visible = `[...document.querySelectorAll("header, footer, form, .screen, .skip")]
        .filter((element) => element.getClientRects().length > 0).length`;
      expect(await tab.evaluate(visible)).toBe(0);
      const pdf = (await tab.printed()).toString("latin1");
      const boxes = [...pdf.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)];
      expect(boxes.map(([, x, y]) => [Math.round(Number(x)), Math.round(Number(y))])).toEqual([
        [w, h],
        [w, h],
      ]);
      await tab.close();
    });
  });
}
