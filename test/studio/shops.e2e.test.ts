import { expect, test } from "@jest/globals";
import { racers } from "../support/races/races.ts";
import { shoppers } from "../support/shop/shop.ts";
import { contains, first, labelled } from "./support/mouse.ts";
import { hasBrowser, useStudio } from "./support/studio.ts";

const studio = await useStudio();
const { cloud } = studio;
const races = racers(cloud, shoppers(cloud));

if (hasBrowser) {
  test("a sale in a shop that names a race counts in it, and a forged webhook is refused", async () => {
    const lobby = await races.racing(1);
    // A sale's time is in whole seconds, and must be after the start.
    await cloud.clock.advance(2000);
    const card = 'article[aria-label="Shopify"]';
    const tab = await studio.open("/shops");
    await tab.click(first(`${card} [name=lobby]`));
    await tab.type(lobby.id);
    await tab.click(labelled(card, "Buy"));
    await tab.until(contains(card, "$12.50"));
    await cloud.settle();
    const sold = await cloud.firestore.collection("sales").get();
    expect(sold.docs.map((sale) => sale.get("lobby_ids"))).toEqual([[lobby.id]]);
    await tab.click(labelled("tbody", "Send with a wrong signature"));
    await tab.until(`${first("tbody .badge.bad")} !== null`);
    expect(await tab.evaluate(`${first("tbody .badge.bad")}.textContent`)).toBe("401");
    await tab.close();
  });
}
