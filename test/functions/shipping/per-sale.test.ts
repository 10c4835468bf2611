import { describe, expect, test } from "@jest/globals";
import { bidders } from "../../support/auctions/auctions.ts";
import { redeliver } from "../../support/calls/redeliver.ts";
import { community, useCloud } from "../../support/cloud.ts";
import { shoppers } from "../../support/shop/shop.ts";

const cloud = await useCloud({ rateLimits: false });
const people = shoppers(cloud);
const room = bidders(cloud, people);
const builder = await people.builder({ terms: { from: "US", home: "8" } });

type Options = Readonly<Record<string, string | number | boolean>>;

const set = (options: Options, user = builder.id) => people.command(user, "c500 shipping", options);
const shippingOf = async (path: string) => (await cloud.firestore.doc(path).get()).get("shipping");
const pageOf = async (dropId: string) =>
  (await cloud.fetch(`${cloud.settings.PUBLIC_SITE_URL}/drop/${dropId}`)).text();

describe("the terms of one drop", () => {
  test("change alone, and its post and its page show them", async () => {
    const [drop, other] = [await people.drop(builder.id), await people.drop(builder.id)];
    expect(people.shown(drop, "Shipping")).toBe("United States: $8.00");
    expect(await pageOf(drop)).toContain("United States: $8.00");
    const { text, embeds } = await set({ drop, home: "20", world: "45" });
    expect(text).toContain("**Brass weight** ships like this from now on.");
    expect(embeds).toContain("Everywhere else: $45.00");
    await people.pass(1);
    expect(people.shown(drop, "Shipping")).toBe("United States: $20.00\nEverywhere else: $45.00");
    expect(await pageOf(drop)).toContain("Ships from United States within 3 days");
    expect(people.shown(other, "Shipping")).toBe("United States: $8.00");
    expect(await shippingOf(`shipping_terms/${builder.id}`)).toMatchObject({
      zones: [{ kind: "home", price: 800 }],
    });
    expect((await set({ drop })).embeds).toBe(embeds);
  });

  test("count for new orders; those reserved and paid keep what they were shown", async () => {
    const drop = await people.drop(builder.id);
    const paid = await people.purchase(drop);
    const buyer = people.person();
    const reserved = await people.buyNow(buyer, drop);
    await set({ drop, home: "20" });
    cloud.stripe.pay(people.sessionOf(await people.buyNow(buyer, drop)));
    await cloud.settle();
    for (const id of [paid.orderId, reserved.interactionId]) {
      expect(await people.order(id)).toMatchObject({ shipping_amount: 800, amount: 2050 });
    }
    const { orderId } = await people.purchase(drop);
    expect(await people.order(orderId)).toMatchObject({ shipping_amount: 2000, amount: 3250 });
  });

  test("are changed by its builder alone, and by nothing that makes no sense", async () => {
    const drop = await people.drop(builder.id);
    const before = await shippingOf(`inventory/${drop}`);
    const other = await people.builder();
    expect((await set({ drop, home: "1" }, other.id)).text).toContain("I can't find that drop");
    expect((await set({ drop })).text).toContain("ships like this.");
    expect((await set({ drop, home: "no" })).text).toContain("nothing would ship anywhere");
    expect((await set({ drop: "?", home: "1" })).text).toContain("I can't find that drop");
    const both = await set({ drop, auction: "1", home: "1" });
    expect(both.text).toContain("One at a time");
    expect(await shippingOf(`inventory/${drop}`)).toEqual(before);
  });

  test("are changed once, however often the command is delivered", async () => {
    const drop = await people.drop(builder.id);
    const first = await set({ drop, home: "20" });
    await set({ drop, home: "30" });
    const command = { command: "c500 shipping", handler: "fulfilment" } as const;
    await redeliver(cloud, first, { ...command, options: { drop, home: "20" } });
    expect(await shippingOf(`inventory/${drop}`)).toMatchObject({ zones: [{ price: 3000 }] });
  });

  test("put a drop from before they were required on sale again", async () => {
    const drop = await people.drop(builder.id);
    await cloud.firestore.doc(`inventory/${drop}`).update({ shipping: null });
    expect((await set({ drop })).text).toContain("It doesn't say where it ships.");
    await set({ drop, "dispatch-days": 9 });
    expect(await shippingOf(`inventory/${drop}`)).toMatchObject({
      zones: [{ kind: "home", price: 800 }],
      dispatch_days: 9,
    });
    await people.purchase(drop);
  });
});

describe("the terms of one auction", () => {
  test("change while it waits for the stream, and not once it has begun", async () => {
    const channelId = room.channel(community.guildId);
    const auction = await room.start(builder.id, channelId, { opens: "live" });
    const first = await set({ auction, home: "20" });
    expect(first.text).toContain("**Brass C500** ships like this from now on.");
    await set({ auction, home: "30" });
    const command = { command: "c500 shipping", handler: "fulfilment" } as const;
    await redeliver(cloud, first, { ...command, options: { auction, home: "20" } });
    expect(await shippingOf(`auctions/${auction}`)).toMatchObject({ zones: [{ price: 3000 }] });
    expect(people.readAnswer(first.interactionId).text).toContain("changed nothing");
    const other = await people.builder();
    expect((await set({ auction, home: "1" }, other.id)).text).toContain("can't find an auction");

    cloud.twitch.goLive(builder.login, { title: "At the bench" });
    await people.pass(1);
    expect(await room.stored(auction)).toMatchObject({ state: "live" });
    expect((await set({ auction, home: "40" })).text).toContain("has begun or is over");
    expect((await set({ auction })).embeds).toContain("$30.00");
    expect(await shippingOf(`auctions/${auction}`)).toMatchObject({ zones: [{ price: 3000 }] });
    cloud.twitch.endStream(builder.login);
    await cloud.settle();
  });
});
