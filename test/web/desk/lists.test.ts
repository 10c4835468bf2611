import { beforeEach, describe, expect, test } from "@jest/globals";
import { type CookieBrowser, cookieBrowser } from "../../../local/browser/cookie-browser.ts";
import { useCloud } from "../../support/cloud.ts";
import { choosers } from "../../support/shipping/choosers.ts";
import { shoppers } from "../../support/shop/shop.ts";
import { wordsOf } from "../visitor.ts";

const cloud = await useCloud({ rateLimits: false });
const people = shoppers(cloud);
const list = choosers(cloud);
const builder = await people.builder({
  terms: { from: "US", home: "8.00", world: "25.00" },
});
const other = await people.builder();

/** Buys a unit that ships to the United States, and pays for it. */
async function buy(dropId: string): Promise<string> {
  const buyer = people.person();
  const asked = await people.buyNow(buyer, dropId);
  const answer = await list.choose(buyer, list.answerOf(asked), "US");
  cloud.stripe.pay(people.sessionOf(answer));
  await cloud.settle();
  return answer.interactionId;
}

const brass = await people.drop(builder.id, { title: "Brass weight", price: "100.00" });
const plate = await people.drop(builder.id, { title: "Built to order", payment: "held" });
const [open, sent, unbuilt] = [await buy(brass), await buy(brass), await buy(plate)];
await people.command(builder.id, "c500 ship", { order: sent, tracking: "1Z999AA10123456784" });

let browser: CookieBrowser;
beforeEach(async () => {
  browser = cookieBrowser(cloud);
  await browser.signIn(builder.id);
});
const words = async (path: string) => wordsOf((await browser.open(path)).html);

describe("a builder's desk", () => {
  test("lists what is to be sent with the reasons to wait, and what is to be built", async () => {
    const ship = await words("/desk");
    expect(ship).toContain(
      `Brass weight Order ${open} Pick this parcel Destination: United States, due`,
    );
    expect(ship).toMatch(new RegExp(`${unbuilt}.*held until you build it on stream`));
    expect(ship).not.toContain(sent);
    const build = await words("/desk?list=build");
    expect(build).toMatch(new RegExp(`Built to order Order ${unbuilt} Show it live by`));
    expect(build).not.toContain(open);
  });

  test("lists what was shipped and has arrived", async () => {
    expect(await words("/desk?list=sent")).toMatch(new RegExp(`${sent} Sent .* UPS: 1Z999AA1`));
    expect(await words("/desk?list=arrived")).toContain("There is nothing here");
  });

  test("finds orders by id and by title", async () => {
    expect(await words(`/desk?search=${open}`)).not.toContain(unbuilt);
    expect(await words("/desk?search=BRASS")).toContain(open);
    expect(await words("/desk?search=nothing+like+it")).toContain("Nothing waits to be sent");
  });

  test("shows its beginning for a place in the list that cannot be", async () => {
    for (const after of ["999999999999999.x", "1.__x__", "-1.x"]) {
      expect(await words(`/desk?after=${after}`)).toContain(open);
    }
  });

  test("adds up the month", async () => {
    const page = await words("/desk");
    expect(page).toMatch(/Orders 3 Sales \$212\.50 Shipping \$24\.00 Tax \$0\.00 Fees \$\d/);
    expect(await words("/desk?month=2020-01")).toContain("Nobody paid for an order in this month");
  });

  test("shows nobody else's orders, whatever is asked for", async () => {
    const theirs = cookieBrowser(cloud);
    await theirs.signIn(other.id);
    for (const path of ["ship", "build", "sent", "arrived"]) {
      for (const more of ["", `&search=${open}`, `&after=0.${open}`]) {
        const page = wordsOf((await theirs.open(`/desk?list=${path}${more}`)).html);
        for (const id of [sent, unbuilt]) expect(page).not.toContain(id);
        expect(page).not.toContain("Brass");
      }
    }
  });

  test("shows more than a hundred parcels part by part, each once", async () => {
    const many = await people.builder();
    const first = (await cloud.firestore.doc(`parcels/${open}`).get()).data() ?? {};
    const order = (await cloud.firestore.doc(`orders/${open}`).get()).data() ?? {};
    const ids = Array.from({ length: 130 }, (_, index) => `many-${String(index).padStart(3, "0")}`);
    const batch = cloud.firestore.batch();
    for (const id of ids) {
      const lines = [{ order_id: id, quantity: 1 }];
      batch.set(cloud.firestore.doc(`parcels/${id}`), { ...first, builder_id: many.id, lines });
      batch.set(cloud.firestore.doc(`orders/${id}`), { ...order, builder_id: many.id });
    }
    await batch.commit();
    const theirs = cookieBrowser(cloud);
    await theirs.signIn(many.id);
    const seen: string[] = [];
    for (let path: string | undefined = "/desk"; path !== undefined; ) {
      const { html } = await theirs.open(path);
      seen.push(...[...html.matchAll(/class="id">([^<]+)</g)].map(([, id = ""]) => id));
      path = /href="(\/desk\?[^"]*after[^"]*)"/.exec(html)?.[1]?.replaceAll("&amp;", "&");
    }
    expect(seen).toEqual(ids);
  });
});
