import { beforeEach, describe, expect, test } from "@jest/globals";
import { useCloud } from "../../../support/cloud.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const cloud = await useCloud();
const people = shoppers(cloud);
const builder = await people.builder();
beforeEach(async () => {
  // Discord limits posts to a channel per five seconds.
  await cloud.clock.advance(5000);
});

const stored = async (dropId: string) =>
  (await cloud.firestore.doc(`inventory/${dropId}`).get()).data();
const panelOf = (dropId: string, user = builder.id) =>
  people.command(user, "c500 drops", { drop: dropId });
const labels = ({ buttons }: { buttons: readonly { label: string }[] }) =>
  buttons.map(({ label }) => label);

/** Presses Edit in the drop's control panel and sends the form. */
async function edit(dropId: string, values: Readonly<Record<string, string>>) {
  const { interactionId } = await people.pressIn(builder.id, await panelOf(dropId), "Edit");
  return people.fillIn(interactionId, values);
}

describe("a drop's control panel", () => {
  test("shows its builder everything about the drop, and what they can do with it", async () => {
    const dropId = await people.drop(builder.id, { title: "Wrist rest", limit: 2 });
    const panel = await panelOf(dropId);
    expect(panel.text).toContain("Your drop: 0 sold, 0 reserved.");
    expect(panel.embeds).toContain("2 for each buyer");
    expect(labels(panel)).toEqual(["Edit", "Close", "Open its post"]);
    expect(labels(await people.command(builder.id, "c500 drops", { drop: dropId }))).toHaveLength(
      3,
    );
  });

  test("closes and reopens the drop; what is reserved meanwhile stays reserved", async () => {
    const dropId = await people.drop(builder.id, { quantity: "2" });
    const { interactionId: orderId } = await people.buyNow(people.person(), dropId);
    const closed = await people.pressIn(builder.id, await panelOf(dropId), "Close");
    expect(closed.text).toContain("is off sale");
    expect((await people.buyFromOldPost(people.person(), dropId)).text).toContain("is closed");

    const panel = await panelOf(dropId);
    expect(labels(panel)).toContain("Reopen");
    const reopened = await people.pressIn(builder.id, panel, "Reopen");
    expect(reopened.text).toContain("is on sale again: 1 unit left.");
    await people.pass(0.1);
    expect(people.shown(dropId, "Units left")).toBe("1 of 2");
    expect(await people.order(orderId)).toMatchObject({ fulfillment_status: "reserved" });
    await people.purchase(dropId);
  });

  test("of a drop whose units are all taken says how to add some when it is reopened", async () => {
    const dropId = await people.drop(builder.id, { quantity: "1" });
    await people.purchase(dropId);
    await people.command(builder.id, "c500 drops", { drop: dropId, close: true });
    const answer = await people.command(builder.id, "c500 drops", { drop: dropId, reopen: true });
    expect(answer.text).toContain("Add some with `restock`");
  });

  test("does not put a drop on sale that nobody can see", async () => {
    const dropId = await people.drop(builder.id);
    // As if its post had been refused.
    await cloud.firestore
      .doc(`inventory/${dropId}`)
      .update({ is_closed: true, channel_id: null, message_id: null });
    for (const options of [{ reopen: true }, { restock: 1 }]) {
      const { text } = await people.command(builder.id, "c500 drops", { drop: dropId, ...options });
      expect(text).toContain("That drop was never posted");
    }
    expect(await stored(dropId)).toMatchObject({ is_closed: true, stock: 3 });
  });

  test("of another builder's drop is not shown, nor is its form", async () => {
    const dropId = await people.drop(builder.id, { description: "A secret" });
    const other = await people.builder();
    const panel = await panelOf(dropId, other.id);
    expect(panel.text).toContain("I can't find that drop among yours");
    expect(panel.buttons).toEqual([]);
  });
});

describe("editing a drop", () => {
  test("starts from what the drop says, and changes the post, the details and the page", async () => {
    const dropId = await people.drop(builder.id, { title: "Brass wieght", description: "Heavy." });
    const shown = await people.pressIn(builder.id, await panelOf(dropId), "Edit");
    expect(people.shownForm(shown.interactionId)).toMatchObject({
      title: "Brass wieght",
      description: "Heavy.",
    });
    const answer = await people.fillIn(shown.interactionId, {
      title: "Brass weight",
      description: "Heavy,\nand warm.",
    });
    expect(answer.text).toContain("**Brass weight** is up to date");
    await people.pass(0.1);
    expect(people.post(dropId).embeds[0]).toMatchObject({
      title: "Brass weight",
      description: "Heavy,\nand warm.",
    });
    const page = await cloud.fetch(`${cloud.settings.PUBLIC_SITE_URL}/drop/${dropId}`);
    expect(await page.text()).toContain("<h1><bdi>Brass weight</bdi></h1>");
  });

  test("never changes what somebody has bought or is paying for", async () => {
    const dropId = await people.drop(builder.id, { title: "Black lamp", quantity: "3" });
    const bought = await people.purchase(dropId);
    const paying = await people.buyNow(people.person(), dropId);
    await edit(dropId, { title: "White lamp" });
    await people.command(builder.id, "c500 drops", { drop: dropId, price: "99" });
    for (const orderId of [bought.orderId, paying.interactionId]) {
      expect(await people.order(orderId)).toMatchObject({ title: "Black lamp", amount: 1250 });
    }
    cloud.stripe.pay(people.sessionOf(paying));
    await cloud.settle();
    expect(await people.order(paying.interactionId)).toMatchObject({
      title: "Black lamp",
      amount: 1250,
      fulfillment_status: "paid",
    });
    const { orderId } = await people.purchase(dropId);
    expect(await people.order(orderId)).toMatchObject({ title: "White lamp", amount: 9900 });
  });

  test("with invalid text changes nothing, and Fix it shows the form as it was filled in", async () => {
    const dropId = await people.drop(builder.id, { title: "Lamp" });
    const before = await stored(dropId);
    const answer = await edit(dropId, { title: "   ", description: "Warm light" });
    expect(answer.text).toContain("Title: write what it is.");
    expect(await stored(dropId)).toEqual(before);
    const again = await people.pressIn(builder.id, answer, "Fix it");
    expect(people.shownForm(again.interactionId)["description"]).toBe("Warm light");
    const fixed = await people.fillIn(again.interactionId, { title: "Table lamp" });
    expect(fixed.text).toContain("**Table lamp** is up to date");
  });

  test("delivered three times by Discord is one edit", async () => {
    const dropId = await people.drop(builder.id, { title: "First" });
    const fault = { kind: "duplicate", copies: 3 } as const;
    cloud.faults.add({ target: "discord", operation: /deliver submit drop-edit/, fault, times: 1 });
    await edit(dropId, { title: "Second" });
    expect(await stored(dropId)).toMatchObject({ title: "Second" });
    expect((await stored(dropId))?.["applied_ids"]).toHaveLength(1);
  });

  test("that the database cannot serve in time says so instead of showing an empty form", async () => {
    const dropId = await people.drop(builder.id);
    const panel = await panelOf(dropId);
    cloud.faults.add({ target: "firestore", fault: { kind: "fail", code: 14 } });
    const { text } = await people.pressIn(builder.id, panel, "Edit");
    cloud.faults.clear();
    expect(text).toContain("I couldn't read that quickly enough, so nothing has changed.");
  });
});
