import { beforeEach, describe, expect, test } from "@jest/globals";
import { upload } from "../../../support/calls/upload.ts";
import { codesOf, openApiClient, readOperations } from "../../../support/clients/openapi-client.ts";
import { community, useCloud } from "../../../support/cloud.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const cloud = await useCloud();
const people = shoppers(cloud);
const client = openApiClient(cloud);
const builder = await people.builder({ isLive: true });
beforeEach(async () => {
  // Discord limits posts to a channel per five seconds.
  await cloud.clock.advance(5000);
});

const stranger = people.person();
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

const pictureAddress = async () =>
  (await upload(cloud, Buffer.from("89504e470d0a1a0a", "hex"), "image/png")).url;

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
      { at: expect.any(String), what: "parcel-opened" },
    ]);
    expect(JSON.stringify(order)).not.toMatch(/"(pi|ch|cs|acct)_/);

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
    const limit = { limit_per_buyer: 2 };
    expect(await changed({ kind: "limit", ...limit })).toMatchObject(limit);
    const pictures = [await pictureAddress(), await pictureAddress()];
    expect(await changed({ kind: "pictures", pictures })).toMatchObject({ pictures: 2 });
    expect(people.post(String(drop_id)).attachments).toHaveLength(2);
    expect(await changed({ kind: "pictures", pictures: [] })).toMatchObject({ pictures: 0 });
    expect(people.post(String(drop_id)).attachments).toEqual([]);
  });

  test("shows how a drop ships, and changes parts of it once", async () => {
    const { drop_id, shipping } = (await client.call("createDrop", newDrop())).body;
    expect(shipping).toMatchObject({ from: expect.any(String), zones: expect.any(Array) });
    const change = (fields: object, key: string) => {
      const asked = changeOf(drop_id, { kind: "shipping", ...fields });
      return client.call("changeDrop", asked, { key });
    };
    const fields = {
      from: "DE",
      home: 500,
      countries: ["FR", "AT"],
      countries_price: 900,
      world: null,
      further: 200,
      free_from: 5000,
      dispatch_days: 4,
      bundle_hours: 0,
    };
    const zones = [
      { kind: "home", countries: [], price: 500, further: 200 },
      { kind: "listed", countries: ["FR", "AT"], price: 900, further: 200 },
    ];
    const terms = { from: "DE", zones, free_from: 5000, dispatch_days: 4, bundle_hours: 0 };
    for (let time = 0; time < 2; time += 1) {
      expect((await change(fields, "ships")).body).toMatchObject({ shipping: terms });
    }
    const less = { countries: null, further: null, free_from: null };
    expect((await change(less, "ships less")).body).toMatchObject({
      shipping: { zones: [{ kind: "home", price: 500, further: 500 }], free_from: null },
    });
    for (const [wrong, code] of [
      [{ home: null }, "bad-terms"],
      [{ countries: ["FR"] }, "bad-terms"],
      [{ home: 10_000_001 }, "bad-terms"],
      [{ from: "XX" }, "bad-request"],
    ] as const) {
      const { status, body } = await change(wrong, JSON.stringify(wrong));
      expect([status, body["code"]]).toEqual([400, code]);
    }
  });

  test("copies the pictures of a drop into its post, once", async () => {
    const pictures = await Promise.all([1, 2, 3].map(() => pictureAddress()));
    const drop = newDrop({ pictures });
    const first = await client.call("createDrop", drop, { key: "pictured" });
    expect(first.body).toMatchObject({ state: "open", pictures: 3, limit_per_buyer: 1 });
    expect(await client.call("createDrop", drop, { key: "pictured" })).toEqual(first);
    expect(people.post(String(first.body.drop_id)).attachments).toHaveLength(3);
  });

  test("makes a draft that opens by itself, with the pictures that its builder's DMs keep", async () => {
    const at = new Date(cloud.clock.nowMs() + 3_600_000).toISOString();
    const drop = newDrop({ pictures: [await pictureAddress()], opens_at: at });
    const first = await client.call("createDrop", drop, { key: "later" });
    expect(first.body).toMatchObject({ state: "draft", opens_at: at });
    expect(await client.call("createDrop", drop, { key: "later" })).toEqual(first);
    await cloud.clock.advance(3_600_000);
    await cloud.settle();
    expect(people.post(String(first.body.drop_id)).attachments).toHaveLength(1);
    const again = await client.call("createDrop", drop, { key: "later" });
    expect(again.body).toMatchObject({ state: "open", opens_at: null });
  });

  test("opens, schedules and discards drafts", async () => {
    const draft = async () =>
      (await client.call("createDrop", newDrop({ draft: true }))).body.drop_id;
    const changed = async (drop_id: unknown, change: object, key: string = crypto.randomUUID()) =>
      (await client.call("changeDrop", changeOf(drop_id, change), { key })).body;
    const [one, other] = [await draft(), await draft()];
    const opens_at = new Date(cloud.clock.nowMs() + 7_200_000).toISOString();
    const later = { kind: "schedule", opens_at };
    expect(await changed(one, later, "scheduled")).toMatchObject({ state: "draft", opens_at });
    const never = { kind: "schedule", opens_at: null };
    expect(await changed(one, never)).toMatchObject({ opens_at: null });
    expect(await changed(one, { kind: "open" }, "opened")).toMatchObject({ state: "open" });
    expect(await changed(one, { kind: "open" }, "opened")).toMatchObject({ state: "open" });
    expect(people.post(String(one)).embeds[0]?.title).toContain("Brass weight");
    expect(await changed(other, { kind: "discard" })).toMatchObject({ state: "discarded" });
  });

  test("reads all of a builder's open orders and parcels page by page, each once", async () => {
    const busy = await people.builder();
    for (let number = 100; number < 360; number += 1) {
      // Several have the same time, which one page may end in.
      const at = new Date(Date.UTC(2026, 0, 1, 0, Math.floor(number / 7)));
      const both = { builder_id: busy.id, buyer_id: stranger, updated_at: at };
      const paid = number < 103 ? {} : { paid_at: at };
      const order = { ...both, ...paid, title: "Old", fulfillment_status: "paid" };
      await cloud.firestore.doc(`orders/open-${number}`).set(order);
      const parcel = { ...both, state: "open", version: 1, lines: [], destination: "US" };
      const times = { opened_at: at, dispatch_by: at, bundle_hours: 0 };
      await cloud.firestore.doc(`parcels/open-${number}`).set({ ...parcel, ...times });
    }
    const orders: unknown[] = [];
    const parcels: unknown[] = [];
    let cursors: Record<string, unknown> | undefined = {};
    while (cursors) {
      const input: object = { builder_discord_id: busy.id, ...cursors };
      const { body } = await client.call("readBuilderDashboard", input);
      orders.push(...(body.open_orders as { order_id: string }[]).map((each) => each.order_id));
      parcels.push(
        ...(body.parcels_to_send as { parcel_id: string }[]).map((each) => each.parcel_id),
      );
      const { next_orders_cursor: orders_cursor, next_parcels_cursor: parcels_cursor } = body;
      cursors = orders_cursor && parcels_cursor ? { orders_cursor, parcels_cursor } : undefined;
    }
    const ids = Array.from({ length: 260 }, (_, index) => `open-${index + 100}`);
    expect(parcels).toEqual(ids);
    expect([...orders].sort()).toEqual(ids);
    expect(orders.slice(0, 257)).toEqual(ids.slice(3).reverse());
  });

  test("refuses a cursor of a time that Firestore does not have", async () => {
    const cursor = Buffer.from("999999999999999.x").toString("base64url");
    const asked = { buyer_discord_id: people.person(), cursor };
    expect(await client.call("listBuyerOrders", asked)).toMatchObject({ status: 400 });
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

/** A draft of the builder's, changed. */
async function changedDraft(change: object, fields: object = {}) {
  const { drop_id } = (await client.call("createDrop", newDrop({ draft: true, ...fields }))).body;
  return client.call("changeDrop", changeOf(drop_id, change));
}

/** A builder whom the bot can't send DMs. */
async function silentBuilder(): Promise<string> {
  const silent = await people.builder();
  cloud.discord.addUser({ id: silent.id, username: "silent", dmsClosed: true });
  return silent.id;
}
const PAST = "2020-01-01T00:00:00Z";

/** How each refusal of the operations on drops and orders comes about, by `operation code`. */
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
  "createDrop no-terms": async () => {
    const other = await people.builder({ terms: "none" });
    return client.call("createDrop", newDrop({ builder_discord_id: other.id }));
  },
  "createDrop bad-time": () => client.call("createDrop", newDrop({ opens_at: PAST })),
  "createDrop bad-picture": () =>
    client.call("createDrop", newDrop({ pictures: [`${cloud.url("web")}/terms`] })),
  "createDrop needs-dms": async () => {
    const fields = { builder_discord_id: await silentBuilder(), draft: true };
    return client.call("createDrop", newDrop({ ...fields, pictures: [await pictureAddress()] }));
  },
  "createDrop cannot-post": () => withoutMarketplace(() => client.call("createDrop", newDrop())),
  "changeDrop bad-request": () => client.call("changeDrop", changeOf("d1", { kind: "sell" })),
  "changeDrop bad-key": () =>
    client.call("changeDrop", changeOf("d1", { kind: "close" }), { key: "" }),
  "changeDrop bad-text": () =>
    client.call("changeDrop", changeOf("d1", { kind: "edit", title: "", description: "" })),
  "changeDrop bad-terms": () => changedDraft({ kind: "shipping", home: 10_000_001 }),
  "changeDrop bad-time": () => changedDraft({ kind: "schedule", opens_at: PAST }),
  "changeDrop bad-picture": () =>
    changedDraft({ kind: "pictures", pictures: [`${cloud.url("web")}/nothing/here`] }),
  "changeDrop no-draft": async () => {
    const { drop_id } = (await client.call("createDrop", newDrop())).body;
    return client.call("changeDrop", changeOf(drop_id, { kind: "open" }));
  },
  "changeDrop not-opened": () => withoutMarketplace(() => changedDraft({ kind: "open" })),
  "changeDrop needs-dms": async () => {
    const silent = await silentBuilder();
    const fields = { builder_discord_id: silent, draft: true };
    const { drop_id } = (await client.call("createDrop", newDrop(fields))).body;
    const change = { kind: "pictures", pictures: [await pictureAddress()] };
    return client.call("changeDrop", changeOf(drop_id, change, silent));
  },
  "changeDrop post-gone": async () => {
    const { drop_id } = (await client.call("createDrop", newDrop())).body;
    const change = { kind: "pictures", pictures: [await pictureAddress()] };
    return withoutMarketplace(() => client.call("changeDrop", changeOf(drop_id, change)));
  },
  "changeDrop not-approved": () =>
    client.call("changeDrop", changeOf("d1", { kind: "reopen" }, stranger)),
  "changeDrop not-found": () => client.call("changeDrop", changeOf("d1", { kind: "close" })),
  "changeDrop never-posted": async () => {
    const title = "Nobody sees it";
    await withoutMarketplace(() => client.call("createDrop", newDrop({ title })));
    const found = await cloud.firestore.collection("inventory").where("title", "==", title).get();
    return client.call("changeDrop", changeOf(found.docs[0]?.id, { kind: "reopen" }));
  },
  "changeDrop no-terms": async () => {
    const { drop_id } = (await client.call("createDrop", newDrop())).body;
    await cloud.firestore.doc(`inventory/${drop_id}`).update({ shipping: null });
    return client.call("changeDrop", changeOf(drop_id, { kind: "restock", quantity: 1 }));
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
