import { beforeEach, describe, expect, test } from "@jest/globals";
import { community, useCloud } from "../../../support/cloud.ts";
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
const drops = (options: Record<string, string | number | boolean> = {}, user = builder.id) =>
  people.command(user, "c500 drops", options);

describe("/c500 drops", () => {
  test("lists only the builder's own drops, with the state of their units", async () => {
    const [one, other] = [await people.builder(), await people.builder()];
    expect((await drops({}, one.id)).text).toContain("You have no drops yet.");
    const dropId = await people.drop(one.id, { title: "Wrist rest", quantity: "3" });
    await people.drop(other.id, { title: "Not theirs" });
    await people.purchase(dropId);
    await people.buyNow(people.person(), dropId);
    const { embeds } = await drops({}, one.id);
    expect(embeds).toContain("**Wrist rest** · $12.50 · 1 left · 1 sold, 1 reserved");
    expect(embeds).not.toContain("Not theirs");
  });

  test("limit sets how many one buyer may have, for who buys next", async () => {
    const dropId = await people.drop(builder.id, { quantity: "3" });
    const buyer = people.person();
    await people.buyNow(buyer, dropId);
    const answer = await drops({ drop: dropId, limit: 2 });
    expect(answer.text).toContain("One buyer may have 2 units");
    expect(await stored(dropId)).toMatchObject({ limit_per_buyer: 2 });
    expect((await drops({ drop: dropId, limit: 2, restock: 1 })).text).toContain(
      "One change at a time",
    );
  });

  test("close takes it off sale in the post and for everyone who presses; restock opens it again", async () => {
    const dropId = await people.drop(builder.id, { quantity: "2" });
    const late = await people.buyNow(people.person(), dropId);
    expect((await drops({ drop: dropId, close: true })).text).toContain("is off sale");
    const answer = await people.buyFromOldPost(people.person(), dropId);
    expect(answer.text).toContain("This drop is closed.");
    await people.pass(0.1);
    expect(people.shown(dropId, "Units left")).toBe("Closed");
    expect(people.buyButton(dropId)).toMatchObject({ label: "Closed", disabled: true });

    cloud.stripe.pay(people.sessionOf(late));
    await cloud.settle();
    expect(await people.order(late.interactionId)).toMatchObject({ fulfillment_status: "paid" });

    expect((await drops({ drop: dropId, restock: 2 })).text).toContain("has 2 more: 4 in all.");
    await people.pass(0.1);
    expect(people.shown(dropId, "Units left")).toBe("3 of 4");
    expect(await people.stock(dropId)).toEqual({ free: 3, reserved: 0, sold: 1 });
  });

  test("a restock delivered three times adds its units once", async () => {
    const dropId = await people.drop(builder.id, { quantity: "1" });
    const fault = { kind: "duplicate", copies: 3 } as const;
    cloud.faults.add({ target: "discord", operation: /deliver \/c500 drops/, fault, times: 1 });
    await drops({ drop: dropId, restock: 5 });
    expect(await people.stock(dropId)).toEqual({ free: 6, reserved: 0, sold: 0 });
    expect(await stored(dropId)).toMatchObject({ stock: 6 });
  });

  test("a redelivered older change does not undo a newer one", async () => {
    const dropId = await people.drop(builder.id, { quantity: "1" });
    const { interactionId } = await drops({ drop: dropId, close: true });
    await drops({ drop: dropId, restock: 1 });
    const { token = "" } = cloud.discord.interaction(interactionId) ?? {};
    const closeAgain = {
      id: interactionId,
      token,
      type: 2,
      guild_id: community.guildId,
      member: { user: { id: builder.id } },
      data: {
        name: "c500",
        options: [
          {
            name: "drops",
            type: 1,
            options: [
              { name: "drop", type: 3, value: dropId },
              { name: "close", type: 5, value: true },
            ],
          },
        ],
      },
    };
    const endpoint = cloud.url("discord-interactions");
    await cloud.discord.client.post(endpoint, { body: JSON.stringify(closeAgain) });
    await cloud.settle();
    expect(await stored(dropId)).toMatchObject({ is_closed: false, stock: 2 });
  });

  test("restocks up to the maximum, and says how many units were added", async () => {
    const dropId = await people.drop(builder.id, { quantity: "390" });
    expect((await drops({ drop: dropId, restock: 11 })).text).toContain("There is room for 10");
    expect(await people.stock(dropId)).toMatchObject({ free: 390 });
    expect((await drops({ drop: dropId, restock: 9 })).text).toContain("399 in all");
    expect((await drops({ drop: dropId, restock: 2 })).text).toContain("room for 1 more unit in");
    expect((await drops({ drop: dropId, restock: 1 })).text).toContain("400 in all");
    expect((await drops({ drop: dropId, restock: 1 })).text).toContain("as many units as a drop");
    expect(await people.stock(dropId)).toMatchObject({ free: 400 });
  });

  test("a new price applies to new Checkout Sessions, and is shown in the post", async () => {
    const dropId = await people.drop(builder.id);
    expect((await drops({ drop: dropId, price: "$20" })).text).toContain(
      "costs $20.00 from now on",
    );
    await people.pass(0.1);
    expect(people.shown(dropId, "Price")).toBe("$20.00");
    const { orderId } = await people.purchase(dropId);
    expect(await people.order(orderId)).toMatchObject({ amount: 2000, fee: 100 });
  });

  test("a new price is read in the drop's currency, even if the shop sells in another one by now", async () => {
    const dropId = await people.drop(builder.id);
    await cloud.firestore.doc(`inventory/${dropId}`).update({ currency: "jpy", price: 3000 });
    expect((await drops({ drop: dropId, price: "1,500" })).text).toContain("costs ¥1,500 from");
    expect(await stored(dropId)).toMatchObject({ price: 1500 });
    expect((await drops({ drop: dropId, price: "$20" })).text).toContain("Price: I can't read");
    expect((await drops({ drop: dropId, price: "12.50" })).text).toContain("such as 1250 or 1,200");
    expect(await stored(dropId)).toMatchObject({ price: 1500 });
  });

  test.each([
    ["a price that cannot be read", { price: "cheap" }, "Price: I can't read"],
    ["a price out of range", { price: "0.01" }, "Price: write an amount between"],
    ["two changes at once", { close: true, restock: 1 }, "One change at a time"],
  ])("%s is refused with an explanation and changes nothing", async (_what, options, words) => {
    const dropId = await people.drop(builder.id);
    const before = await stored(dropId);
    expect((await drops({ drop: dropId, ...options })).text).toContain(words);
    expect(await stored(dropId)).toEqual(before);
  });

  test("a change without a drop asks which drop", async () => {
    expect((await drops({ close: true })).text).toContain("Pick the drop to change");
  });

  test.each([{ close: true }, { restock: 5 }, { price: "1" }])(
    "%j for another builder's drop finds nothing and changes nothing",
    async (change) => {
      const dropId = await people.drop(builder.id);
      const other = await people.builder();
      const before = await stored(dropId);
      const { text } = await drops({ drop: dropId, ...change }, other.id);
      expect(text).toContain("I can't find that drop among yours");
      expect(await stored(dropId)).toEqual(before);
    },
  );

  test.each(["nothing", "../orders/x", "a/b", "", "x".repeat(100), "💥"])(
    "the id %j finds nothing",
    async (drop) => {
      const { text } = await drops({ drop, close: true });
      expect(text).toContain("I can't find that drop among yours");
    },
  );
});
