import { describe, expect, test } from "@jest/globals";
import { bidders } from "../../../support/auctions/auctions.ts";
import { upload } from "../../../support/calls/upload.ts";
import { community, useCloud } from "../../../support/cloud.ts";
import { shoppers } from "../../../support/shop/shop.ts";
import { auctionSeeder } from "../../../web/auctions.ts";

const cloud = await useCloud({ rateLimits: false });
const people = shoppers(cloud);
const room = bidders(cloud, people);
await room.registerCommands();
const builder = (await people.builder({ isLive: true })).id;

const stored = (id: string) => room.stored(id);

const hammered = (
  amounts: readonly string[],
  fields?: Parameters<typeof room.start>[2],
  who?: readonly string[],
) => room.hammered(builder, amounts, fields, who);

describe("a builder's other commands", () => {
  test("cancel ends it without a winner, and a later hammer changes nothing", async () => {
    const channelId = room.channel(community.guildId);
    const id = await room.start(builder, channelId, { duration: "30s" });
    const ann = people.person();
    await room.bid(ann, channelId, "50");
    const stranger = await room.control(ann, channelId, "cancel", { auction: id });
    expect(stranger.text).toContain("can't find an auction of yours");
    const cancelled = await room.control(builder, channelId, "cancel", { auction: id });
    expect(cancelled.text).toContain("is cancelled");
    expect((await room.bid(people.person(), channelId, "60")).text).toMatch(/cancelled|no auction/);
    await room.pass(45);
    expect(await stored(id)).toMatchObject({ state: "cancelled", standing: { bids: 1 } });
    expect(room.board(channelId).text).toContain("Cancelled");
    expect(people.messagesTo(ann)).toEqual([]);
  });

  test("void takes back a result: the Checkout Session is expired, or the payment refunded", async () => {
    const open = await hammered(["50"]);
    const answer = await room.control(builder, open.channelId, "void", { auction: open.id });
    expect(answer.text).toContain("Nobody pays");
    expect(await people.order(`auction-${open.id}-0`)).toMatchObject({
      fulfillment_status: "cancelled",
    });
    const owed = "The result of **Brass C500** was taken back. That isn't your doing";
    expect(people.messagesTo(open.who[0] ?? "").at(-1)).toContain(owed);
    const paid = await hammered(["50", "60"]);
    const order = await people.order(`auction-${paid.id}-0`);
    cloud.stripe.pay(String(order["checkout_session_id"]));
    await cloud.settle();
    const undone = await room.control(builder, paid.channelId, "void", { auction: paid.id });
    expect(undone.text).toContain("gets everything back");
    expect(await people.order(`auction-${paid.id}-0`)).toMatchObject({ refunded: 6000 });
    expect(people.messagesTo(paid.who[1] ?? "").join()).not.toContain("you owe nothing");
    await people.pass(45);
    expect(await stored(paid.id)).toMatchObject({ state: "void", claim: { round: 0 } });
    const late = await room.control(builder, paid.channelId, "cancel", { auction: paid.id });
    expect(late.text).toContain("already over");
  });

  test("history sends every bid as a CSV file, and list shows the auctions", async () => {
    const { channelId, id, who } = await hammered(["50", "60"]);
    const { interactionId } = await room.control(builder, channelId, "history", { auction: id });
    const [file] = cloud.discord.interaction(interactionId)?.original?.attachments ?? [];
    const csv = await (await cloud.fetch(file?.url ?? "")).text();
    const rows = csv
      .trim()
      .split("\r\n")
      .map((line) => line.split(","));
    expect(rows.map((row) => row[3])).toEqual(["bidder", who[0], who[1]]);
    expect(rows.map((row) => row[4])).toEqual(["amount", "5000", "6000"]);
    const { embeds } = await room.control(builder, channelId, "list");
    expect(embeds).toContain("sold");
  });

  test("a title cannot change the text direction of its board, and an invisible one is refused", async () => {
    const channelId = room.channel(community.guildId);
    const id = await room.start(builder, channelId, { title: "Brass\u202e\u200b 005C" });
    await room.pass(2);
    expect(room.board(channelId).text).toContain("Brass 005C");
    expect((await room.stored(id))?.["title"]).toBe("Brass 005C");
    const options = { title: "\u200b\u3164", price: "50", duration: "5m" };
    const other = room.channel(community.guildId);
    expect((await room.control(builder, other, "start", options)).text).toContain(
      "write what it is",
    );
  });

  test("list shows others' auctions, with their ids, only to staff", async () => {
    const channelId = room.channel(community.guildId);
    const id = await room.start(builder, channelId);
    const staff = people.person({ permissions: "32" });
    expect((await room.control(staff, channelId, "list")).embeds).toContain(id);
    const nobody = await room.control(people.person(), channelId, "list");
    expect(nobody.text).toContain("You have no auctions yet");
  });

  test("list has room for the longest titles, and says if it is incomplete", async () => {
    const staff = people.person({ permissions: "32" });
    const seed = auctionSeeder(cloud.firestore, cloud.clock);
    const title = "[".repeat(100);
    for (let count = 0; count < 20; count += 1) {
      await seed.auction({ title, builder_id: staff });
      await seed.auction({ title });
    }
    const { embeds } = await room.control(staff, room.channel(community.guildId), "list");
    expect(embeds).toContain("… and older ones");
    expect(embeds).toContain("… and others that end later");
    await seed.clear();
  });

  test("autocomplete offers builders their own auctions, and staff everyone's", async () => {
    const { channelId, id } = await hammered([], { title: "Walnut case" });
    const typed = async (user: string) => {
      const use = { user, channelId, name: "c500 auction rerun", focused: "auction" };
      const endpoint = cloud.url("discord-interactions");
      const options = { auction: "walnut" };
      const seen = await cloud.discord.client.autocomplete(endpoint, { ...use, options });
      return seen.response?.type === 8 ? seen.response.data.choices : undefined;
    };
    const choice = { name: "Walnut case · unsold", value: id };
    expect(await typed(builder)).toEqual([choice]);
    expect(await typed(people.person({ permissions: "32" }))).toEqual([choice]);
    expect(await typed(people.person())).toEqual([]);
  });

  test("an auction shown in a partner's server accepts bids there, and both boards show them", async () => {
    const channelId = room.channel(community.guildId);
    const id = await room.start(builder, channelId);
    const partner = "500000000000077777";
    cloud.discord.addGuild({ id: partner, name: "Partner" });
    const there = room.channel(partner);
    expect((await room.control(builder, there, "show", { auction: id })).text).toContain(
      "shown here",
    );
    await room.bid(people.person(), there, "50");
    await room.pass(3);
    for (const place of [channelId, there]) expect(room.board(place).text).toContain("$50.00");
    const busy = await room.control(builder, there, "start", {
      title: "x",
      price: "1",
      duration: "1m",
    });
    expect(busy.text).toContain("Another auction is running");
  });

  test("a picture is on the board, even after the file's own address has expired", async () => {
    const channelId = room.channel(community.guildId);
    const picture = Buffer.from("89504e470d0a1a0a", "hex");
    const image = await upload(cloud, picture, "image/png");
    const id = await room.start(builder, channelId, { image });
    await room.pass(2);
    expect(room.board(channelId).attachments).toHaveLength(1);
    await room.bid(people.person(), channelId, "50");
    await room.pass(2);
    expect(room.board(channelId)).toMatchObject({ attachments: [{ filename: "auction.png" }] });
    await room.control(builder, channelId, "cancel", { auction: id });
    const film = await upload(cloud, picture, "video/mp4");
    const terms = { title: "x", price: "5", duration: "1m", image: film };
    const refused = await room.control(builder, channelId, "start", terms);
    expect(refused.text).toContain("PNG, JPEG, GIF or WebP");
  });

  test("the picture is on the site too, as long as Discord renews its address", async () => {
    const channelId = room.channel(community.guildId);
    const picture = Buffer.from("89504e470d0a1a0a", "hex");
    const image = await upload(cloud, picture, "image/png");
    const id = await room.start(builder, channelId, { image, duration: "2d" });
    const site = `${cloud.settings.PUBLIC_SITE_URL}/auction/${id}`;
    const isShown = async () =>
      (await (await cloud.fetch(site)).text()).includes(`src="/auction/${id}/picture?`);
    expect(await isShown()).toBe(true);
    const shown = await cloud.fetch(`${site}/picture`);
    expect(shown.headers.get("content-type")).toBe("image/png");
    expect(Buffer.from(await shown.arrayBuffer())).toEqual(picture);
    const readAgo = (hours: number) =>
      cloud.firestore
        .doc(`auctions/${id}`)
        .update({ image_url_at: new Date(cloud.clock.nowMs() - hours * 3_600_000) });
    await readAgo(25);
    expect(await isShown()).toBe(false);
    await cloud.fetch(cloud.url("sweeper"), { method: "POST" });
    expect((await stored(id))?.["image_url"]).not.toBe(image.url);
    expect(await isShown()).toBe(true);
    await room.control(builder, channelId, "cancel", { auction: id });
    const none = await room.start(builder, channelId);
    const missing = await cloud.fetch(`${cloud.settings.PUBLIC_SITE_URL}/auction/${none}/picture`);
    expect(missing.status).toBe(404);
  });

  test("an auction that opens with the stream waits for it", async () => {
    const offline = await people.builder();
    const channelId = room.channel(community.guildId);
    const id = await room.start(offline.id, channelId, { opens: "live" });
    await room.pass(2);
    expect(room.board(channelId).text).toContain("Opens when the builder goes live");
    expect((await room.bid(people.person(), channelId, "50")).text).toContain("no auction");
    cloud.twitch.goLive(offline.login, { title: "At the bench" });
    await cloud.settle();
    expect(await stored(id)).toMatchObject({ state: "live" });
    expect((await room.bid(people.person(), channelId, "50")).text).toContain("You lead");
  });

  test.each([
    [{ duration: "10s" }, "from 30 seconds to 7 days"],
    [{ duration: "8d" }, "from 30 seconds to 7 days"],
    [{ duration: "soon" }, "write it like 90s"],
    [{ price: "-1" }, "price: write it like"],
    [{ reserve: "10" }, "reserve: make it at least the price"],
    [{ increment: "0" }, "increment: write it like"],
  ])("terms such as %j are refused with an explanation", async (fields, words) => {
    const channelId = room.channel(community.guildId);
    const options = { title: "x", price: "50", duration: "5m", ...fields };
    expect((await room.control(builder, channelId, "start", options)).text).toContain(words);
  });
});
