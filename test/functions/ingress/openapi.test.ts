import { beforeEach, describe, expect, test } from "@jest/globals";
import { community, useCloud } from "../../support/cloud.ts";
import { codesOf, openApiClient, readOperations } from "../../support/openapi/client.ts";
import { shoppers } from "../../support/shop/shop.ts";

const cloud = await useCloud();
const people = shoppers(cloud);
const client = openApiClient(cloud);
const builder = await people.builder({ isLive: true });
beforeEach(async () => {
  // Discord limits posts to a channel per five seconds.
  await cloud.clock.advance(5000);
});

const newDrop = (fields: object = {}) => ({
  builder_discord_id: builder.id,
  title: "Brass weight",
  price: 1250,
  quantity: 2,
  payment_plan: "split",
  ...fields,
});
const changeOf = (drop_id: unknown, change: object, builder_discord_id = builder.id) => ({
  drop_id,
  builder_discord_id,
  change,
});

/** Makes the bot unable to post in the marketplace while `work` runs. */
async function withoutMarketplace<T>(work: () => Promise<T>): Promise<T> {
  const { guildId, marketplaceChannelId: id } = community;
  cloud.discord.addChannel({ id, guildId, name: "marketplace", botMay: { viewChannel: false } });
  try {
    return await work();
  } finally {
    cloud.discord.addChannel({ id, guildId, name: "marketplace" });
  }
}

describe("a client that is made from openapi.json", () => {
  test("sells a drop from its creation to the builder's dashboard", async () => {
    const made = await client.call("createDrop", newDrop({ description: "Turned by hand" }));
    expect(made.body).toMatchObject({ state: "open", price: 1250, free: 2, sold: 0 });
    const dropId = String(made.body.drop_id);
    expect(people.post(dropId).embeds[0]?.title).toContain("Brass weight");

    const buyer = people.person();
    const bought = await client.call("createCheckout", {
      drop_id: dropId,
      buyer_discord_id: buyer,
    });
    cloud.stripe.pay(/cs_\w+/.exec(String(bought.body.checkout_url))?.[0] ?? "");
    await cloud.settle();

    const order_id = String(bought.body.order_id);
    const { body: order } = await client.call("readOrder", { order_id });
    expect(order).toMatchObject({ status: "paid", money: { items: 1250, refunded: 0 } });
    expect(order.timeline).toEqual([
      { at: expect.any(String), what: "reserved" },
      { at: expect.any(String), what: "paid" },
    ]);
    expect(JSON.stringify(order)).not.toMatch(/(pi|ch|cs|acct)_/);

    const { body: list } = await client.call("listBuyerOrders", { buyer_discord_id: buyer });
    expect(list).toMatchObject({ orders: [{ order_id }], next_cursor: null });
    const { body: desk } = await client.call("readBuilderDashboard", {
      builder_discord_id: builder.id,
    });
    expect(desk).toMatchObject({
      standing: "approved",
      open_orders: [{ order_id }],
      month: { sales: [{ currency: "usd", orders: 1, total: 1250 }] },
    });
    expect(
      (await client.call("goLive", { builder_discord_id: builder.id, live_context: "chat" }))
        .status,
    ).toBe(200);
  });

  test("gets one drop for repeats with one key, and makes a change once", async () => {
    const first = await client.call("createDrop", newDrop(), { key: "one" });
    const repeats = await Promise.all(
      [1, 2, 3].map(() => client.call("createDrop", newDrop(), { key: "one" })),
    );
    for (const repeat of repeats) expect(repeat).toEqual(first);
    const more = changeOf(first.body.drop_id, { kind: "restock", quantity: 3 });
    for (let time = 0; time < 3; time += 1) {
      const { body } = await client.call("changeDrop", more, { key: "more" });
      expect(body).toMatchObject({ free: 5 });
    }
  });

  test("makes every kind of change", async () => {
    const { drop_id } = (await client.call("createDrop", newDrop())).body;
    const changed = async (change: object) =>
      (await client.call("changeDrop", changeOf(drop_id, change))).body;
    expect(await changed({ kind: "close" })).toMatchObject({ state: "closed" });
    expect(await changed({ kind: "reopen" })).toMatchObject({ state: "open" });
    expect(await changed({ kind: "price", price: 900 })).toMatchObject({ price: 900 });
    const text = { title: "Steel weight", description: "Heavier" };
    expect(await changed({ kind: "edit", ...text })).toMatchObject(text);
  });

  test("reads all of a buyer's orders page by page, each once", async () => {
    const buyer = people.person();
    for (let number = 10; number < 70; number += 1) {
      // Several orders have the same time, which one page may end in.
      const at = new Date(Date.UTC(2026, 0, 1, 0, Math.floor(number / 7)));
      const order = { buyer_id: buyer, builder_id: builder.id, title: "Old", updated_at: at };
      await cloud.firestore.doc(`orders/old-${number}`).set(order);
    }
    const ids: unknown[] = [];
    let cursor: unknown;
    do {
      const { body } = await client.call("listBuyerOrders", { buyer_discord_id: buyer, cursor });
      ids.push(...(body.orders as { order_id: string }[]).map(({ order_id }) => order_id));
      cursor = body.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(ids).toEqual(Array.from({ length: 60 }, (_, index) => `old-${69 - index}`));
  });
});

/** How each refusal of the operations on drops and orders comes about, by `operation code`. */
const stranger = people.person();
const refusals: Readonly<Record<string, () => ReturnType<typeof client.call>>> = {
  "createDrop bad-request": () => client.call("createDrop", newDrop({ price: "12.50" })),
  "createDrop bad-key": () => client.call("createDrop", newDrop(), { key: "" }),
  "createDrop bad-text": () => client.call("createDrop", newDrop({ title: " " })),
  "createDrop not-approved": () =>
    client.call("createDrop", newDrop({ builder_discord_id: stranger })),
  "createDrop no-account": async () => {
    const other = await people.builder();
    cloud.stripe.restrict(await people.accountOf(other.id));
    await cloud.settle();
    return client.call("createDrop", newDrop({ builder_discord_id: other.id }));
  },
  "createDrop cannot-post": () => withoutMarketplace(() => client.call("createDrop", newDrop())),
  "changeDrop bad-request": () => client.call("changeDrop", changeOf("d1", { kind: "sell" })),
  "changeDrop bad-key": () =>
    client.call("changeDrop", changeOf("d1", { kind: "close" }), { key: "" }),
  "changeDrop bad-text": () =>
    client.call("changeDrop", changeOf("d1", { kind: "edit", title: "", description: "" })),
  "changeDrop not-approved": () =>
    client.call("changeDrop", changeOf("d1", { kind: "reopen" }, stranger)),
  "changeDrop not-found": () => client.call("changeDrop", changeOf("d1", { kind: "close" })),
  "changeDrop never-posted": async () => {
    const title = "Nobody sees it";
    await withoutMarketplace(() => client.call("createDrop", newDrop({ title })));
    const found = await cloud.firestore.collection("inventory").where("title", "==", title).get();
    return client.call("changeDrop", changeOf(found.docs[0]?.id, { kind: "reopen" }));
  },
  "changeDrop still-draft": async () => {
    const { drop_id } = (await client.call("createDrop", newDrop())).body;
    await cloud.firestore.doc(`inventory/${drop_id}`).update({ draft_state: "draft" });
    return client.call("changeDrop", changeOf(drop_id, { kind: "close" }));
  },
  "changeDrop too-many": async () => {
    const { drop_id } = (await client.call("createDrop", newDrop())).body;
    return client.call("changeDrop", changeOf(drop_id, { kind: "restock", quantity: 400 }));
  },
  "readBuilderDashboard bad-request": () =>
    client.call("readBuilderDashboard", { builder_discord_id: "someone" }),
  "readBuilderDashboard unregistered": () =>
    client.call("readBuilderDashboard", { builder_discord_id: stranger }),
  "listBuyerOrders bad-request": () =>
    client.call("listBuyerOrders", { buyer_discord_id: stranger, cursor: "page two" }),
  "readOrder bad-request": () => client.call("readOrder", { order_id: "../orders/1" }),
  "readOrder not-found": () => client.call("readOrder", { order_id: "nothing" }),
};

/** Going live and checkouts have tests of their own; the last two come about alike for all operations. */
const elsewhere = ["goLive", "createCheckout"];
const alike = ["wrong-method", "server-error"];

describe("the refusals that openapi.json names", () => {
  test("each have a case", () => {
    const named = Array.from(readOperations().values()).flatMap((operation) =>
      elsewhere.includes(operation.operationId)
        ? []
        : codesOf(operation)
            .filter((code) => !alike.includes(code))
            .map((code) => `${operation.operationId} ${code}`),
    );
    expect(Object.keys(refusals).sort()).toEqual(named.sort());
  });

  test.each(Object.keys(refusals))("come about: %s", async (name) => {
    const { body } = (await refusals[name]?.()) ?? {};
    expect(body).toMatchObject({ code: name.split(" ")[1], error: expect.stringMatching(/.{10}/) });
  });

  test.each(Array.from(readOperations().keys()))(
    "come about for every operation: %s",
    async (name) => {
      const put = await client.call(name, {}, { method: "put" });
      expect(put.body).toMatchObject({ code: "wrong-method" });
    },
  );
});
