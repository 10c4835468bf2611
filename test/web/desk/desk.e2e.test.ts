import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  type Browser,
  findChromium,
  startChromium,
  type Tab,
} from "../../../local/browser/chromium.ts";
import { seeder, useCloud } from "../../support/cloud.ts";
import { MEASURE } from "../measure.ts";

const cloud = await useCloud({ forBrowser: true });
const site = cloud.settings["PUBLIC_SITE_URL"] ?? "";
const builder = await seeder(cloud).builder();
cloud.discord.addUser({ id: "400000000000000001", username: "passer_by" });

/** More links and buttons than any of the pages has. */
const MOST_STOPS = 40;

/** Moves the focus by the keyboard to the button with this text, and presses Enter. */
async function activate(tab: Tab, label: string): Promise<void> {
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    await tab.press("Tab");
    const focused = await tab.evaluate("document.activeElement.textContent.trim()");
    if (focused === label) return tab.leaveBy("Enter");
  }
  throw new Error(`The keyboard reaches no button "${label}".`);
}

const textOf = (tab: Tab) => tab.evaluate("document.body.innerText");
const chromium = findChromium();
if (chromium) {
  describe("on a phone, with the keyboard alone", () => {
    let browser: Browser;
    beforeAll(() => {
      browser = startChromium(chromium);
    });
    afterAll(() => browser.stop());

    test.each([{ dark: false }, { dark: true }])(
      "a builder signs in and out, and a stranger reads why the desk is closed to them (%p)",
      async ({ dark }) => {
        const tab = await browser.open(`${site}/desk`, { width: 360, dark });
        const look = async (says: string) => {
          expect(await textOf(tab)).toContain(says);
          expect(await tab.evaluate("location.href")).toBe(`${site}/desk`);
          expect(await tab.evaluate(MEASURE)).toMatchObject({
            overflow: 0,
            hasStyle: true,
            unreadable: [],
            brokenImages: [],
          });
        };
        await look("Builders find their orders here");
        await activate(tab, "Sign in with Discord");
        expect(await textOf(tab)).toContain("An application would like to know your username");
        await activate(tab, `Authorize as ${builder.login}`);
        await look(`Hello, ${builder.login}`);
        await activate(tab, "Sign out");
        await look("Builders find their orders here");
        await activate(tab, "Sign in with Discord");
        await activate(tab, "Authorize as passer_by");
        await look("This desk is for builders");
        // A closed door is answered with its status, which the browser reports.
        const isUnexpected = (complaint: string) => !complaint.includes("status of 403");
        expect(tab.complaints.filter(isUnexpected)).toEqual([]);
        await activate(tab, "Sign out");
        await tab.close();
      },
    );
  });
}
