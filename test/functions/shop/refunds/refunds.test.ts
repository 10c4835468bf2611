import { beforeEach, describe, expect, test } from "@jest/globals";
import { community, useCloud } from "../../../support/cloud.ts";
import { sales } from "../../../support/races/sales.ts";
import { shoppers } from "../../../support/shop/shop.ts";
import { refundCommand } from "./refund-command.ts";

const MANAGE_SERVER = String(1n << 5n);

const cloud = await useCloud();
const people = shoppers(cloud);
const books = sales(cloud, people);
const { refund, refundsOf } = refundCommand(cloud, people, books);
beforeEach(async () => {
  // Discord limits posts to a channel per five seconds.
  await cloud.clock.advance(5000);
});

describe("who may refund", () => {
  test("the order's builder and the server's managers; for anyone else the order does not exist", async () => {
    const sale = await books.sale("split");
    const { id: otherBuilder } = await people.builder();
    for (const user of [sale.buyer, otherBuilder]) {
      const { text } = await refund(sale, {}, user);
      expect(text).toContain("can't find that order");
    }
    expect(refundsOf(sale)).toEqual([]);
    const staff = people.person({ permissions: MANAGE_SERVER });
    expect((await refund(sale, { amount: "1.00" }, staff)).text).toContain("Done: $1.00");
    expect((await refund(sale, { amount: "2.00" })).text).toContain("Done: $2.00");
    expect(refundsOf(sale)).toEqual([100, 200]);
  });

  test("a manager of another server has no permission here", async () => {
    const sale = await books.sale("split");
    const elsewhere = { id: "510000000000000001", guildId: "510000000000000000" };
    cloud.discord.addChannel(elsewhere);
    const user = people.person({ permissions: MANAGE_SERVER });
    const use = { user, channelId: elsewhere.id, name: "c500 refund" };
    await cloud.discord.client.command(cloud.url("discord-interactions"), {
      ...use,
      options: { order: sale.orderId },
    });
    await cloud.settle();
    expect(refundsOf(sale)).toEqual([]);
  });

  test("an unpaid order has nothing to refund", async () => {
    const { id: builder } = await people.builder();
    const dropId = await people.drop(builder);
    const { interactionId } = await people.buyNow(people.person(), dropId);
    const { text } = await people.command(builder, "c500 refund", { order: interactionId });
    expect(text).toContain("never paid here");
  });
});

describe("how much", () => {
  test("amounts are read as people write them, and anything else changes nothing", async () => {
    const sale = await books.sale("split");
    for (const amount of ["abc", "-1", "0", "0.00", "1.234", "1e1", "10,50", "$"]) {
      expect((await refund(sale, { amount })).text).toContain("can't read that amount");
    }
    expect(refundsOf(sale)).toEqual([]);
    for (const amount of ["0.01", "$1", "1.5", "2.00 USD", " 3 "]) await refund(sale, { amount });
    expect(refundsOf(sale)).toEqual([1, 100, 150, 200, 300]);
  });

  test("an amount that can't be read is answered with one that can be read in the order's currency", async () => {
    const sale = await books.sale("split");
    await cloud.firestore.doc(`orders/${sale.orderId}`).update({ currency: "jpy" });
    expect((await refund(sale, { amount: "12.50" })).text).toContain("Write it like 1250,");
    expect((await refund(sale, { amount: "125000" })).text).toContain("At most ¥3,333");
  });

  test("a refund is never more than what is left, which the answer shows", async () => {
    const sale = await books.sale("split");
    expect((await refund(sale, { amount: "33.34" })).text).toContain("At most $33.33");
    await refund(sale, { amount: "30" });
    expect((await refund(sale, { amount: "3.34" })).text).toContain("At most $3.33");
    await refund(sale);
    expect((await refund(sale)).text).toContain("nothing left to give back");
    expect((await refund(sale, { amount: "0.01" })).text).toContain("nothing left");
    expect(refundsOf(sale)).toEqual([3000, 333]);
  });

  test("of a part of which nothing was paid, the answer says what can be refunded", async () => {
    const sale = await books.sale("split");
    const { text } = await refund(sale, { of: "shipping", amount: "5" });
    expect(text).toContain("Nothing is left of that part, but $33.33 of the rest");
    expect(refundsOf(sale)).toEqual([]);
  });

  test("while Stripe has not made a refund of everything, another one is not called refunded", async () => {
    const sale = await books.sale("split");
    const operation = /^POST .v1.refunds/;
    cloud.faults.add({ target: "stripe", operation, fault: { kind: "drop" } });
    await refund(sale);
    const staff = people.person({ permissions: MANAGE_SERVER });
    const { text } = await refund(sale, { amount: "10" }, staff);
    expect(text).toContain("$33.33 of that order is already being refunded");
    cloud.faults.clear();
    await people.pass(10);
    expect(refundsOf(sale)).toEqual([3333]);
  });

  test("two concurrent full refunds are made once", async () => {
    const sale = await books.sale("split");
    const staff = people.person({ permissions: MANAGE_SERVER });
    const answers = await Promise.all([refund(sale), refund(sale, {}, staff)]);
    expect(refundsOf(sale)).toEqual([3333]);
    const texts = answers.map(({ text }) => text).join();
    expect(texts).toContain("Done: $33.33");
    expect(texts).toMatch(/nothing left to give back|Only the newer command counts/);
  });
});

test("no refund is mentioned in the community's channels", async () => {
  const sale = await books.sale("split");
  await refund(sale);
  const said = [community.generalChannelId, community.ordersChannelId].flatMap((channel) =>
    cloud.discord.messages(channel).map(({ content }) => content),
  );
  expect(said.filter((text) => text.includes(sale.orderId))).toEqual([]);
});
