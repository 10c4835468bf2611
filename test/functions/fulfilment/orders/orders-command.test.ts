import { describe, expect, test } from "@jest/globals";
import { bidders } from "../../../support/auctions/auctions.ts";
import { community, useCloud } from "../../../support/cloud.ts";
import { parcels } from "../../../support/fulfilment/parcels.ts";
import { choosers } from "../../../support/shipping/choosers.ts";
import { type Answer, toAnswer } from "../../../support/shop/shop.ts";

const NUMBER = "1Z999AA10123456784";

const cloud = await useCloud({ rateLimits: false });
const post = await parcels(cloud);
const { people } = post;
const list = choosers(cloud);
await bidders(cloud, people).registerCommands();
const staff = people.person({ permissions: "32" });

interface Embed {
  readonly title: string;
  readonly description?: string;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
}

/** The answer's lists by their names, without their counts. */
function listsIn({ embeds }: Answer): Readonly<Record<string, string>> {
  const [embed] = JSON.parse(embeds) as Embed[];
  return Object.fromEntries(
    (embed?.fields ?? []).map(({ name, value }) => [name.split(":")[0], `${name}\n${value}`]),
  );
}

const orders = (user: string, options = {}) => people.command(user, "c500 orders", options);
const labelsOf = ({ buttons }: Answer) => buttons.flatMap(({ label }) => label ?? []);
/** Sends a form as if it had been shown. */
async function submit(user: string, customId: string, texts: Readonly<Record<string, string>>) {
  const components = Object.entries(texts).map(([name, value]) => ({
    type: 18,
    component: { type: 4, custom_id: name, value },
  }));
  const data = { custom_id: customId, components };
  const use = { user, channelId: community.generalChannelId, type: 5, data };
  const { id } = await cloud.discord.client.raw(cloud.url("discord-interactions"), use);
  await cloud.settle();
  return toAnswer(cloud.discord, id);
}
const sentTo = (buyer: string) => post.dms(buyer).filter((dm) => dm.includes("on its way"));

describe("the orders of a shop", () => {
  test("are listed like at the desk: to build, to ship with reasons, shipped, problems, the month", async () => {
    const builder = await post.sender();
    const open = await post.buy(await people.drop(builder.id, { title: "Brass weight" }));
    const held = await post.buy(await people.drop(builder.id, { title: "Cap", payment: "held" }));
    const sent = await post.buy(await people.drop(builder.id, { title: "Plate" }));
    await people.command(builder.id, "c500 ship", { order: sent.orderId, tracking: NUMBER });
    await people.command(sent.buyer, "c500 problem", { order: sent.orderId, what: "damaged" });
    await post.makeLate(open.orderId);
    const lists = listsIn(await orders(builder.id));
    expect(lists["To build"]).toMatch(/^To build: 1\n\*\*Cap\*\* · `\d+` · show it live <t:/);
    expect(lists["To ship"]).toMatch(/^To ship: 2\n/);
    expect(lists["To ship"]).toMatch(
      new RegExp(`Cap\\*\\* · \`${held.orderId}\` · due <t:\\d+:R> · ⏸️ build it on stream first`),
    );
    expect(lists["Shipped"]).toMatch(
      new RegExp(`\`${sent.orderId}\` · sent .* · UPS \`${NUMBER}\``),
    );
    expect(lists["Problems"]).toMatch(
      /^Problems: 2\n.*Plate.*it's damaged · waits for the builder/,
    );
    expect(lists["Problems"]).toMatch(new RegExp(`\`${open.orderId}\` · should have been sent`));
    const [month = ""] = Object.keys(lists).slice(-1);
    expect(lists[month]).toContain("3 orders · sales $37.50 · shipping $24.00");
  });

  test("lead to the desk, privately", async () => {
    const builder = await post.sender();
    const { buttons } = await orders(builder.id);
    expect(buttons.find(({ label }) => label === "Your desk")?.url).toMatch(/\/desk$/);
  });

  test("are paged, and each order is on one page", async () => {
    const builder = await post.sender();
    const dropId = await people.drop(builder.id, { quantity: "12" });
    const bought: string[] = [];
    for (let count = 0; count < 12; count += 1) bought.push((await post.buy(dropId)).orderId);
    const first = await orders(builder.id);
    const second = await people.pressIn(builder.id, first, "More");
    const third = await people.pressIn(builder.id, second, "More");
    expect(labelsOf(third)).not.toContain("More");
    const pages = [first, second, third].map((answer) => listsIn(answer)["To ship"] ?? "");
    const shown = pages.map((page) => bought.filter((id) => page.includes(id)));
    expect(shown.map(({ length }) => length)).toEqual([5, 5, 2]);
    expect(shown.flat().toSorted()).toEqual(bought.toSorted());
    expect(list.selectOf(list.answerOf(first)).options).toHaveLength(12);
  });

  test("fit into a message, whatever their titles are", async () => {
    const builder = await post.sender();
    const title = "*_~|".repeat(25);
    const dropId = await people.drop(builder.id, { title, payment: "held", quantity: "6" });
    for (let count = 0; count < 6; count += 1) {
      const { orderId } = await post.buy(dropId);
      await post.makeLate(orderId);
    }
    const shown = listsIn(await orders(staff, { builder: builder.id }));
    for (const name of ["To build", "To ship", "Problems"]) {
      expect(shown[name]?.split("\n")).toHaveLength(1 + 5);
      expect(shown[name]).toMatch(/(show it live|due|sent) <t:\d+:R>/);
    }
  });

  test("are nobody else's to see, except the team's", async () => {
    const [builder, other] = [await post.sender(), await post.sender()];
    const { orderId } = await post.buy(await people.drop(builder.id));
    const theirs = await orders(builder.id);
    expect(theirs.embeds).toContain(orderId);
    expect((await orders(other.id)).embeds).not.toContain(orderId);
    for (const user of [other.id, people.person()]) {
      const refused = await orders(user, { builder: builder.id });
      expect(refused).toMatchObject({
        text: expect.stringContaining("That's for the team"),
        embeds: "[]",
      });
    }
    expect((await orders(people.person())).text).toContain("That's for C500 builders");
    const seen = await orders(staff, { builder: builder.id });
    expect(seen.embeds).toContain(orderId);
    expect(labelsOf(seen)).toEqual(["The team's desk"]);
    const seller = await post.sender();
    cloud.discord.addUser({ id: seller.id, username: "seller", permissions: "32" });
    const own = await orders(seller.id);
    expect(labelsOf(own)).toEqual(["Ship several", "Your desk", "The team's desk"]);
    const teams = own.buttons.find(({ label }) => label === "The team's desk")?.url;
    expect(teams).toMatch(/\/desk\/team\/[^?]+$/);
    const all = await orders(staff);
    expect(all.embeds).toContain("All builders");
    expect(listsIn(all)["To ship"]).toMatch(/ · <@\d+> · due /);
  });
});

describe("an order that is chosen from the list", () => {
  test("is shipped with the form, once, and a repeat says the same", async () => {
    const builder = await post.sender();
    const { orderId, buyer } = await post.buy(await people.drop(builder.id));
    const answer = list.answerOf(await orders(builder.id));
    const form = await list.choose(builder.id, answer, orderId);
    for (const _time of ["first", "again"]) {
      const said = await people.fillIn(form.interactionId, { tracking: NUMBER, carrier: "" });
      expect(said.text).toContain("is on its way");
    }
    expect(await post.parcel(orderId)).toMatchObject({ state: "sent", tracking: NUMBER });
    expect(sentTo(buyer)).toHaveLength(1);
  });

  test("with a number that is none, gives the form back as it was", async () => {
    const builder = await post.sender();
    const { orderId } = await post.buy(await people.drop(builder.id));
    const answer = list.answerOf(await orders(builder.id));
    const form = await list.choose(builder.id, answer, orderId);
    const refused = await people.fillIn(form.interactionId, { tracking: "12!", carrier: "pigeon" });
    expect(refused.text).toMatch(/can't read that tracking number[\s\S]*don't know that carrier/);
    const again = await people.pressIn(builder.id, refused, "Fix it");
    expect(people.shownForm(again.interactionId)).toEqual({ tracking: "12!", carrier: "pigeon" });
    const sent = await people.fillIn(again.interactionId, { tracking: NUMBER, carrier: "" });
    expect(sent.text).toContain("is on its way");
  });

  test("is not somebody else's to ship", async () => {
    const [builder, other] = [await post.sender(), await post.sender()];
    const { orderId } = await post.buy(await people.drop(builder.id));
    const said = await submit(other.id, `ship-form:${orderId}`, { tracking: NUMBER });
    expect(said.text).toContain("can't find that order among those you have to send");
    expect(await post.parcel(orderId)).toMatchObject({ state: "open" });
  });
});

describe("several that are pasted", () => {
  test("are shipped, each line is answered, and pasting again changes nothing", async () => {
    const builder = await post.sender();
    const dropId = await people.drop(builder.id);
    const [one, two] = [await post.buy(dropId), await post.buy(dropId)];
    const held = await post.buy(await people.drop(builder.id, { payment: "held" }));
    const lines = `${one.orderId} ${NUMBER}\n${two.orderId}, 123456789012, FedEx\n${held.orderId} ${NUMBER}\nnothing`;
    for (const _time of ["first", "again"]) {
      const form = await people.pressIn(builder.id, await orders(builder.id), "Ship several");
      const said = await people.fillIn(form.interactionId, { lines });
      expect(said.text).toBe("2 of 4 parcels are marked as sent.");
      expect(said.embeds).toContain("held until you build it on stream");
      expect(said.embeds).toContain("The tracking number is missing");
    }
    expect(await post.parcel(one.orderId)).toMatchObject({ state: "sent", carrier: "ups" });
    expect(await post.parcel(two.orderId)).toMatchObject({ state: "sent", carrier: "fedex" });
    expect(sentTo(one.buyer)).toHaveLength(1);
    expect(sentTo(two.buyer)).toHaveLength(1);
  });

  test("have one number for each parcel", async () => {
    const builder = await post.sender({ isLive: true });
    await people.command(builder.id, "c500 shipping", { "bundle-hours": 24 });
    const dropId = await people.drop(builder.id, { limit: 2 });
    const one = await post.buy(dropId);
    const two = await post.buy(dropId, one.buyer);
    await cloud.firestore.doc(`parcels/${one.orderId}`).update({ stream_id: null });
    const form = await people.command(builder.id, "c500 ship");
    const lines = `${one.orderId} ${NUMBER}\n${two.orderId} 1Z999AA10123456795`;
    const said = await people.fillIn(form.interactionId, { lines });
    expect(said.embeds).toContain("ships together with an order in a line above");
    expect(await post.parcel(one.orderId)).toMatchObject({ tracking: NUMBER });
  });

  test("are taken by /c500 ship without options; without an order alone it asks for one", async () => {
    const builder = await post.sender();
    const { orderId } = await post.buy(await people.drop(builder.id));
    const form = await people.command(builder.id, "c500 ship");
    const said = await people.fillIn(form.interactionId, { lines: `${orderId} ${NUMBER}` });
    expect(said.text).toBe("1 of 1 parcel is marked as sent.");
    const half = await people.command(builder.id, "c500 ship", { tracking: NUMBER });
    expect(half.text).toContain("Pick the order as well");
  });

  test("are at most twenty, and the answer fits into a message", async () => {
    const builder = await post.sender();
    const form = await people.command(builder.id, "c500 ship");
    const lines = Array.from({ length: 120 }, (_, index) => `*_~*_~*_~*_~*_~ ${index}`).join("\n");
    const said = await people.fillIn(form.interactionId, { lines });
    expect(said.text).toBe("No parcel was marked as sent.");
    expect(said.embeds).toContain("100 more: Only 20 lines");
  });
});
