import { describe, expect, test } from "@jest/globals";
import { upload } from "../../../support/calls/upload.ts";
import { useCloud } from "../../../support/cloud.ts";
import { parcels } from "../../../support/fulfilment/parcels.ts";
import { choosers } from "../../../support/shipping/choosers.ts";

const cloud = await useCloud({ rateLimits: false });
const post = await parcels(cloud);
const list = choosers(cloud);
const { people } = post;
const builder = await post.sender();

const found = async (id: string) => (await cloud.firestore.doc(`cases/${id}`).get()).data();
const picture = () => upload(cloud, Buffer.from("89504e470d0a1a0a01", "hex"), "image/png");

async function receive() {
  const bought = await post.buy(await people.drop(builder.id));
  await people.command(builder.id, "c500 ship", { order: bought.orderId });
  return bought;
}

/** Presses "Something is wrong" under the message about a parcel. */
const wrong = (user: string, parcelId: string) => post.press(user, `parcel-wrong:${parcelId}`);

describe("the button under a parcel's message", () => {
  test("leads by presses to a form with words and pictures, which opens a case", async () => {
    const { orderId, buyer } = await receive();
    const asked = await wrong(buyer, orderId);
    expect(asked.text).toContain("What is wrong with **Brass weight**?");
    expect(asked.buttons.map(({ label }) => label)).toEqual([
      "It hasn't arrived",
      "It's damaged",
      "It isn't what was described",
    ]);
    const { interactionId } = await people.pressIn(buyer, asked, "It's damaged");
    expect(Object.keys(people.shownForm(interactionId))).toEqual(["text", "pictures"]);
    const values = { text: "A corner is torn.", pictures: [await picture()] };
    const answer = await people.fillIn(interactionId, values);
    expect(answer.text).toContain("I've asked");
    expect(await found(orderId)).toMatchObject({ state: "open", kind: "damaged" });
    expect(post.dms(builder.id).join()).toContain("A corner is torn.");
  });

  test("needs neither words nor pictures, and a second form finds the case", async () => {
    const { orderId, buyer } = await receive();
    const asked = await wrong(buyer, orderId);
    const shown = await people.pressIn(buyer, asked, "It hasn't arrived");
    const first = await people.fillIn(shown.interactionId, { text: "", pictures: [] });
    expect(first.text).toContain("I've asked");
    const again = await people.fillIn(
      (await people.pressIn(buyer, asked, "It's damaged")).interactionId,
      { text: "", pictures: [] },
    );
    expect(again.text).toContain("already reported");
    expect(await found(orderId)).toMatchObject({ kind: "not-arrived" });
  });

  test("asks which order it is about whatever its title is made of", async () => {
    const together = await people.builder({ isLive: true });
    await people.command(together.id, "c500 shipping", { from: "US", home: "8.00" });
    const title = "*".repeat(100);
    const dropId = await people.drop(together.id, { title, limit: 2 });
    const first = await post.buy(dropId);
    await post.buy(dropId, first.buyer);
    await people.command(together.id, "c500 ship", { order: first.orderId, anyway: true });
    const asked = list.answerOf(await wrong(first.buyer, first.orderId));
    expect(list.selectOf(asked).options.map(({ label }) => label)).toEqual([title, title]);
  });

  test("asks which order it is about when the parcel has several", async () => {
    const together = await people.builder({ isLive: true });
    await people.command(together.id, "c500 shipping", { from: "US", home: "8.00" });
    const first = await post.buy(await people.drop(together.id));
    const other = await people.drop(together.id, { title: "Walnut case" });
    const second = await post.buy(other, first.buyer);
    await people.command(together.id, "c500 ship", { order: first.orderId, anyway: true });
    const asked = list.answerOf(await wrong(first.buyer, first.orderId));
    const { options } = list.selectOf(asked);
    expect(options.map(({ label }) => label)).toEqual(["Brass weight", "Walnut case"]);
    const kinds = await list.choose(first.buyer, asked, second.orderId);
    expect(kinds.text).toContain("**Walnut case**");
    const { interactionId } = await people.pressIn(first.buyer, kinds, "It's damaged");
    await people.fillIn(interactionId, { text: "", pictures: [] });
    expect(await found(second.orderId)).toMatchObject({ state: "open" });
    expect(await found(first.orderId)).toBeUndefined();
  });

  test("takes nothing but pictures", async () => {
    const { orderId, buyer } = await receive();
    const shown = await people.pressIn(buyer, await wrong(buyer, orderId), "It's damaged");
    const script = await upload(cloud, Buffer.from("#!/bin/sh"), "text/x-sh");
    const answer = await people.fillIn(shown.interactionId, { text: "", pictures: [script] });
    expect(answer.text).toContain("use a PNG, JPEG, GIF or WebP file");
    expect(await found(orderId)).toBeUndefined();
  });
});
