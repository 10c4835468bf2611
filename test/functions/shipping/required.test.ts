import { describe, expect, test } from "@jest/globals";
import { bidders } from "../../support/auctions/auctions.ts";
import { community, useCloud } from "../../support/cloud.ts";
import { freeShipping, shoppers } from "../../support/shop/shop.ts";

const cloud = await useCloud({ rateLimits: false });
const people = shoppers(cloud);
const room = bidders(cloud, people);

const FIRST = "Say where you ship first";
const AUCTION = { title: "Brass C500", price: "50", duration: "5m" };
const count = async (collection: string) =>
  (await cloud.firestore.collection(collection).count().get()).data().count;

/** Another service puts a drop on sale. */
async function createDrop(builderId: string, key: string) {
  const response = await cloud.fetch(`${cloud.url("internal-api")}/api/internal/create-drop`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": key },
    body: JSON.stringify({
      builder_discord_id: builderId,
      title: "Weight",
      price: 1250,
      quantity: 2,
      payment_plan: "split",
    }),
  });
  await cloud.settle();
  return { status: response.status, body: JSON.stringify(await response.json()) };
}

/** Sends the form of a draft. */
async function draft(user: string, options: Readonly<Record<string, string>> = {}) {
  const asked = await cloud.discord.client.command(cloud.url("discord-interactions"), {
    user,
    channelId: community.generalChannelId,
    name: "c500 drop",
    options: { payment: "split", draft: true, ...options },
  });
  return people.fillIn(asked.id, { title: "Weight", price: "9", quantity: "1", description: "" });
}

/** Makes something one that was made when terms were not required. */
const withoutTerms = (path: string) => cloud.firestore.doc(path).update({ shipping: null });

describe("a builder who has not said where they ship", () => {
  test("puts nothing on sale, and reads what to type", async () => {
    const { id } = await people.builder({ terms: "none" });
    const channelId = room.channel(community.guildId);
    const before = [await count("inventory"), await count("auctions")];
    for (const { text } of [
      await people.sendDropForm(id),
      await draft(id),
      await draft(id, { opens: "in 2 hours" }),
      await room.control(id, channelId, "start", AUCTION),
      await room.control(id, channelId, "start", { ...AUCTION, opens: "live" }),
    ]) {
      expect(text).toContain(FIRST);
      expect(text).toContain("`/c500 shipping from:US home:9 world:25`");
    }
    const refused = await createDrop(id, "first");
    expect(refused).toMatchObject({ status: 409, body: expect.stringContaining("no-terms") });
    expect([await count("inventory"), await count("auctions")]).toEqual(before);

    await people.command(id, "c500 shipping", { from: "US", home: "9", world: "25" });
    expect((await draft(id)).text).toContain("is a draft");
    expect((await createDrop(id, "second")).status).toBe(200);
    await room.start(id, channelId);
  });

  test("has terms again once they are set in the shop's currency", async () => {
    const { id } = await people.builder();
    await cloud.firestore.doc(`shipping_terms/${id}`).update({ "shipping.currency": "eur" });
    expect((await people.sendDropForm(id)).text).toContain(FIRST);
    await people.command(id, "c500 shipping", freeShipping);
    expect((await people.sendDropForm(id)).text).toContain("is up in");
  });
});

describe("what was made before terms were required", () => {
  test("can't be bought, restocked or reopened", async () => {
    const { id } = await people.builder();
    const dropId = await people.drop(id);
    await withoutTerms(`inventory/${dropId}`);
    expect((await people.buyNow(people.person(), dropId)).text).toContain("This drop is closed");
    const change = (options: Readonly<Record<string, string | number | boolean>>) =>
      people.command(id, "c500 drops", { drop: dropId, ...options });
    expect((await change({ restock: 2 })).text).toContain("doesn't say where it ships");
    await change({ close: true });
    expect((await change({ reopen: true })).text).toContain("doesn't say where it ships");
    expect(await people.stock(dropId)).toEqual({ free: 3, reserved: 0, sold: 0 });
  });

  test("stays a draft, and its builder reads why", async () => {
    const { id } = await people.builder();
    const [answer, timed] = [await draft(id), await draft(id, { opens: "in 1 hour" })];
    await withoutTerms(`inventory/${answer.interactionId}`);
    await withoutTerms(`inventory/${timed.interactionId}`);
    const opened = await people.pressIn(id, answer, "Open now");
    expect(opened.text).toContain("could not open, because it doesn't say where it ships");
    await people.pass(61);
    expect(people.messagesTo(id).join()).toContain("because it doesn't say where it ships");
    const drops = await people.command(id, "c500 drops");
    expect(drops.embeds.match(/· draft/g)).toHaveLength(2);
  });

  test("is auctioned again on the terms that its builder has now", async () => {
    const { id } = await people.builder();
    const { channelId, id: auctionId } = await room.hammered(id, []);
    await withoutTerms(`auctions/${auctionId}`);
    await cloud.firestore.doc(`shipping_terms/${id}`).delete();
    const rerun = (user: string) => room.control(user, channelId, "rerun", { auction: auctionId });
    expect((await rerun(id)).text).toContain(FIRST);
    const staff = people.person({ permissions: "32" });
    expect((await rerun(staff)).text).toContain("Its builder hasn't said where they ship");
    await people.command(id, "c500 shipping", freeShipping);
    const { interactionId, text } = await rerun(id);
    expect(text).toContain("is up in");
    expect(await room.stored(interactionId)).toMatchObject({ shipping: { from: "US" } });
  });
});

test("what can only be picked up is sold to someone whose parcels go elsewhere", async () => {
  const { id } = await people.builder({ terms: { from: "US", pickup: true } });
  const dropId = await people.drop(id);
  const buyer = people.person();
  await people.command(buyer, "c500 country", { country: "Germany" });
  const { orderId } = await people.purchase(dropId, buyer);
  expect(await people.order(orderId)).toMatchObject({ destination: "pickup", shipping_amount: 0 });
});
