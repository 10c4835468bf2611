import { beforeEach, describe, expect, test } from "@jest/globals";
import { operator } from "../../support/cli/ops.ts";
import { community, useCloud } from "../../support/cloud.ts";
import { parcels } from "../../support/fulfilment/parcels.ts";
import { type Sale, sales } from "../../support/races/sales.ts";

const NUMBER = "1Z999AA10123456784";

const cloud = await useCloud({ rateLimits: false });
cloud.stripe.topUp(100_000);
const shipping = await parcels(cloud);
const { people } = shipping;
const books = sales(cloud, people);
const context = operator(cloud);
beforeEach(async () => {
  context.answer = undefined;
  await cloud.clock.advance(5000);
});

const ops = (...words: readonly string[]) => context.ops("orders", ...words);
const refundsOf = ({ chargeId }: Sale) =>
  books.happened("refund.created").filter(({ charge }) => charge === chargeId);

/** A paid order in a parcel that waits to be sent. */
async function parcelSale() {
  const { id: builder } = await shipping.sender();
  return { builder, ...(await shipping.buy(await people.drop(builder))) };
}

describe("an order that is looked for", () => {
  test("is found by its id, its people, its payment, its status and its parcel's number", async () => {
    const sale = await parcelSale();
    await ops("move", sale.orderId, "sent", "--reason", "Typed.", "--tracking", NUMBER, "--yes");
    const order = await people.order(sale.orderId);
    const ids = async (...words: string[]) => {
      const { code, out } = await ops("find", ...words, "--json");
      return [code, JSON.parse(out).map(({ id }: { id: string }) => id)];
    };
    const found = [0, [sale.orderId]];
    expect(await ids(sale.orderId)).toEqual(found);
    expect(await ids("--buyer", sale.buyer)).toEqual(found);
    expect(await ids("--builder", sale.builder, "--status", "shipped")).toEqual(found);
    expect(await ids("--payment", String(order["payment_intent_id"]))).toEqual(found);
    expect(await ids("--tracking", NUMBER.toLowerCase(), "--buyer", sale.buyer)).toEqual(found);
    expect(await ids("--builder", sale.builder, "--status", "paid")).toEqual([1, []]);
    expect((await ops("find", "--buyer", sale.buyer)).out).toContain("1 order.");
    expect((await ops("find")).code).toBe(2);
  });
});

describe("an operator's refund", () => {
  test("of a part is made once, however often it is typed", async () => {
    const sale = await books.sale("split");
    const refund = ["refund", sale.orderId, "--of", "3.33", "--yes"];
    expect(await ops(...refund)).toMatchObject({ code: 0, out: expect.stringMatching(/\$3\.33/) });
    expect((await ops(...refund)).out).toContain("is made. Nothing was changed.");
    await cloud.settle();
    expect(refundsOf(sale)).toMatchObject([{ amount: 333 }]);
    expect((await ops(...refund, "--id", "again")).code).toBe(0);
    expect(await people.order(sale.orderId)).toMatchObject({ refunded: 666 });
  });

  test("that Stripe refused is not called made, and can be made under another name", async () => {
    const sale = await books.sale("split");
    const operation = /^POST .v1.refunds/;
    const refused = { kind: "fail", code: 400 } as const;
    cloud.faults.add({ target: "stripe", operation, fault: refused, times: 1 });
    const refund = ["refund", sale.orderId, "--yes"];
    expect(await ops(...refund)).toMatchObject({ code: 1 });
    const again = await ops(...refund);
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining("another name") });
    expect((await ops(...refund, "--id", "second")).code).toBe(0);
    expect(refundsOf(sale)).toMatchObject([{ amount: 3333 }]);
  });

  test("of everything returns the order, and what is not left is refused", async () => {
    const sale = await books.sale("split");
    const nothing = await ops("refund", sale.orderId, "--of", "shipping", "--yes");
    expect(nothing).toMatchObject({ code: 1, err: expect.stringContaining("$0.00 is left") });
    context.answer = false;
    const no = await ops("refund", sale.orderId);
    expect(no).toMatchObject({ code: 1, out: expect.stringContaining("Nothing was changed.") });
    expect((await ops("refund", sale.orderId, "--yes")).out).toContain("Status   refunded");
    expect(await ops("refund", sale.orderId, "--of", "soon", "--yes")).toMatchObject({ code: 2 });
  });
});

describe("an order that is moved by hand", () => {
  test("to sent and arrived tells its people once, and keeps the reason", async () => {
    const { orderId, buyer } = await parcelSale();
    const sent = ["move", orderId, "sent", "--reason", "Dropped off.", "--by", "Ada", "--yes"];
    const first = await ops(...sent, "--tracking", NUMBER);
    expect(first).toMatchObject({ code: 0, out: expect.stringContaining("now  Parcel   sent") });
    expect(first.out).toContain("now  Status   shipped");
    expect((await ops(...sent)).out).toContain("It is so already. Nothing was changed.");
    await cloud.settle();
    const dms = cloud.discord.dms(buyer).filter(({ content }) => content.includes(NUMBER));
    expect(dms).toHaveLength(1);
    const arrived = ["move", orderId, "arrived", "--reason", "Seen on its page.", "--yes"];
    expect((await ops(...arrived)).out).toContain("now  Status   delivered");
    const shown = (await ops("show", orderId)).out;
    expect(shown).toContain("moved to sent by Ada: Dropped off.");
    expect(shown).toMatch(/moved to arrived by .*: Seen on its page\./);
    await cloud.settle();
    const notices = cloud.discord.messages(community.operatorsChannelId);
    expect(notices.filter(({ content }) => content.includes(orderId))).toHaveLength(2);
  });

  test("obeys the rules of the commands, and keeps no reason for what was refused", async () => {
    const { orderId } = await parcelSale();
    const move = (what: string, ...words: string[]) =>
      ops("move", orderId, what, "--reason", "Because.", "--yes", ...words);
    expect(await move("arrived")).toMatchObject({
      code: 1,
      err: expect.stringContaining("hasn't been sent yet"),
    });
    expect((await ops("show", orderId)).out).not.toContain("Because.");
    expect(await ops("move", orderId, "sent", "--yes")).toMatchObject({ code: 2 });
    expect(await move("sent", "--stream", "1")).toMatchObject({ code: 2 });
    expect(await move("lost")).toMatchObject({ code: 2 });
    expect((await move("sent")).code).toBe(0);
    expect(await move("canceled")).toMatchObject({
      code: 1,
      err: expect.stringContaining("already on its way"),
    });
  });

  test("to canceled gives everything back", async () => {
    const { orderId } = await parcelSale();
    const cancel = ["move", orderId, "canceled", "--reason", "Nobody answers.", "--yes"];
    const { code, out } = await ops(...cancel);
    expect([code, out]).toEqual([0, expect.stringContaining("now  Status   refunded")]);
    expect(out).toContain("now  Parcel   canceled");
    expect((await ops(...cancel)).out).toContain("Nothing was changed.");
  });

  test("to building needs a video of its builder's channel, and releases the money", async () => {
    const { id: builder, login } = await people.builder();
    const dropId = await people.drop(builder, { payment: "held", price: "33.33" });
    const { orderId } = await people.purchase(dropId);
    cloud.twitch.publishVideo(cloud.twitch.goLive(login, { keepsVideo: false }).id);
    const build = ["move", orderId, "building", "--reason", "Twitch was down.", "--yes"];
    const none = await ops(...build, "--stream", "nothing");
    expect(none).toMatchObject({ code: 1, err: expect.stringContaining("Twitch has: http") });
    const video = /\/videos\/(\w+)/.exec(none.err)?.[1] ?? "";
    expect((await ops(...build, "--stream", video)).out).toContain("now  Status   building");
    await cloud.settle();
    expect(await people.order(orderId)).toMatchObject({ hold: "released", vod_is_permanent: true });
  });
});
