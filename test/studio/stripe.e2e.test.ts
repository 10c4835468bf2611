import { expect, test } from "@jest/globals";
import { shoppers } from "../support/shop/shop.ts";
import { contains, first, labelled } from "./support/mouse.ts";
import { hasBrowser, useStudio } from "./support/studio.ts";

const studio = await useStudio();
const { cloud } = studio;
const people = shoppers(cloud);
const builder = (await people.builder()).id;

const LATEST = "details.record";

/** What the platform has, in cents. */
const platform = () => cloud.stripe.available();

if (hasBrowser) {
  test("paying on the Checkout page of a session completes its order", async () => {
    const dropId = await people.drop(builder, { price: "12.50" });
    const { interactionId: orderId } = await people.buyNow(people.person(), dropId);
    const tab = await studio.open("/stripe");
    await tab.click(first(`${LATEST} summary`));
    await tab.until(`${labelled(LATEST, "Open the Checkout page")} !== undefined`);
    // In this tab instead of a new one.
    await tab.evaluate(
      `(() => { const link = ${labelled(LATEST, "Open the Checkout page")}; link.target = "_self"; link.focus(); })()`,
    );
    await tab.leaveBy("Enter");
    expect(await tab.evaluate("document.title")).toBe("Pay $12.50");
    await tab.evaluate(`${first('button[value="card"]')}.focus()`);
    await tab.leaveBy("Enter");
    await cloud.settle();
    expect((await people.order(orderId))["fulfillment_status"]).toBe("paid");
    expect(tab.complaints).toEqual([]);
    await tab.close();
  });

  test("a dispute that is opened and lost on the page leaves the platform's balance", async () => {
    await people.purchase(await people.drop(builder, { price: "20.00" }));
    const before = platform();
    const tab = await studio.open("/stripe");
    await tab.until(contains(LATEST, "$20.00"));
    await tab.click(first(`${LATEST} summary`));
    await tab.click(labelled(LATEST, "Open dispute"));
    await tab.until(contains(LATEST, "Disputed"));
    await tab.click(labelled(".tabs", "Disputes1"));
    await tab.until(contains(LATEST, "needs response"));
    await tab.click(first(`${LATEST} summary`));
    await tab.click(labelled(LATEST, "Lose"));
    await tab.until(`${first(`${LATEST} .badge`)}.textContent === "lost"`);
    await cloud.settle();
    await tab.click(labelled(".tabs", "Balances"));
    const inDollars = (cents: number) => `$${(cents / 100).toFixed(2)}`;
    await tab.until(contains('[aria-label="Balance of Platform"]', inDollars(platform())));
    expect(before - platform()).toBeGreaterThan(0);
    await tab.close();
  });
}
