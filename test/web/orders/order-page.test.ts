import { describe, expect, test } from "@jest/globals";
import { createOrderLinks } from "../../../functions/shop/store/order-links.ts";
import { linkToOrder } from "../../../functions/shop/web/order-link.ts";
import { community, useCloud } from "../../support/cloud.ts";
import { visitor, wordsOf } from "../visitor.ts";
import { orderBuyers, TRACKING } from "./orders.ts";

const cloud = await useCloud({ rateLimits: false });
const { people, shippingBuilder, buy, sentTogether } = orderBuyers(cloud);
const site = cloud.settings["PUBLIC_SITE_URL"] ?? "";
const { read } = visitor(site, cloud);
const orderLinks = createOrderLinks(async () => cloud.firestore);

/** An order's page. */
async function open(orderId: string): Promise<string> {
  const link = await linkToOrder(orderId, { orderLinks, config: { PUBLIC_SITE_URL: site } });
  return read((link ?? "").slice(site.length));
}

/** Whether a page has a button with this text that leads to Discord. */
function leads(html: string, text: string): boolean {
  const [, url] = new RegExp(`<a class="button[^"]*" href="([^"]*)">${text}</a>`).exec(html) ?? [];
  return url === `https://discord.com/channels/${community.guildId}`;
}

const words = async (orderId: string) => wordsOf(await open(orderId));
const builder = await shippingBuilder();

describe("the page of a paid order", () => {
  test("shows what was bought from whom, the parts of its price and the promised day", async () => {
    const dropId = await people.drop(builder.id, { title: "Cozy65", price: "100.00" });
    const { orderId } = await buy(dropId);
    const html = await open(orderId);
    const text = wordsOf(html);
    expect(text).toContain(`Cozy65 from ${builder.login}`);
    expect(html).toContain(`https://www.twitch.tv/${builder.login}`);
    expect(text).toContain("Item $100.00 Shipping $8.00 You paid $108.00");
    expect(text).toMatch(/Parcel Your builder sends it by \w+ \d+, \d{4}\./);
    expect(text).toMatch(/What happened Reserved for you .* Paid /);
    expect(text).toContain("/c500 cancel asks your builder to cancel it");
    expect(leads(html, "Cancel it in Discord")).toBe(true);
    expect(leads(html, "Report it in Discord")).toBe(false);
  });

  test("shows until when held money waits for the stream", async () => {
    const dropId = await people.drop(builder.id, { payment: "held" });
    const { orderId } = await buy(dropId);
    const text = await words(orderId);
    expect(text).toMatch(
      /We hold it until your builder shows your order on stream; .* by June 15, 2026/,
    );
    expect(text).toContain("Work Not on stream yet.");
  });

  test("links to Stripe's receipt, and is shown without it while Stripe does not answer", async () => {
    const dropId = await people.drop(builder.id);
    const { orderId } = await buy(dropId);
    const { charge_id: charge } = await people.order(orderId);
    expect(await open(orderId)).toContain(`/receipts/${charge}"`);
    await cloud.firestore.doc(`orders/${orderId}`).update({ charge_id: "ch_unknown" });
    const html = await open(orderId);
    expect(html).not.toContain("/receipts/");
    expect(wordsOf(html)).toContain("You paid $20.50");
  });

  test("says that its parcel is late", async () => {
    const dropId = await people.drop(builder.id);
    const { orderId } = await buy(dropId);
    const dispatchBy = new Date(cloud.clock.nowMs() - 1000);
    await cloud.firestore.doc(`parcels/${orderId}`).update({ dispatch_by: dispatchBy });
    expect(await words(orderId)).toContain("It is late: your builder promised to send it by");
  });

  test("shows that all of it was refunded, and that nothing is sent any more", async () => {
    const dropId = await people.drop(builder.id);
    const { orderId } = await buy(dropId);
    await people.command(builder.id, "c500 refund", { order: orderId });
    const text = await words(orderId);
    expect(text).toContain("This order was refunded");
    expect(text).toContain("Money All of it went back to you.");
    expect(text).toContain("Parcel Nothing is sent any more.");
    expect(text).toContain("Refunded for the item −$12.50 Refunded for shipping −$8.00");
    expect(text).toContain("What remains $0.00");
    expect(text).not.toContain("Don't want it any more?");
  });
});

describe("the page of a sent order", () => {
  test("shows the stream, the tracking link, a refund, and what it ships together with", async () => {
    const { orderId } = await sentTogether();
    const html = await open(orderId);
    const text = wordsOf(html);
    expect(text).toContain("Your order is on its way to you");
    expect(text).toContain("Ships together with Brass weight");
    expect(html).toContain(`https://www.ups.com/track?tracknum=${TRACKING}`);
    expect(text).toMatch(/Live on the workbench\. Watch the moment .* Sent\. UPS 1Z/);
    expect(text).toContain("Refunded for the item −$3.00 What remains $245.00");
    expect(text).toContain("Press the green button under our Discord message about this parcel");
    expect(text).toContain("/c500 problem asks your builder, and then the team");
    expect(leads(html, "Report it in Discord")).toBe(true);
    expect(leads(html, "Cancel it in Discord")).toBe(false);
  });

  test("shows nobody's id, no payment's id and no address", async () => {
    const { orderId, otherId, buyer, builder: seller } = await sentTogether();
    const { payment_intent_id, charge_id, checkout_session_id } = await people.order(orderId);
    const html = (await open(orderId)).replace(/\/receipts\/[^"]+/, "");
    const secrets = [buyer, seller.id, orderId, otherId, payment_intent_id, charge_id];
    for (const secret of [...secrets, checkout_session_id]) expect(html).not.toContain(secret);
    expect(html).not.toContain("Main Street");
  });
});

describe("the link to a page", () => {
  /** The address behind the button of a buyer's last message. */
  const buttonOf = (user: string) =>
    /"(https?:[^"]*\/order\/[\w-]{32})"/.exec(
      JSON.stringify(cloud.discord.dms(user).at(-1)?.components),
    )?.[1];

  test("is under the receipt, the message about a sent parcel and the question whether it arrived", async () => {
    const dropId = await people.drop(builder.id);
    const { orderId, buyer } = await buy(dropId);
    const link = await linkToOrder(orderId, { orderLinks, config: { PUBLIC_SITE_URL: site } });
    expect(buttonOf(buyer)).toBe(link);
    await people.command(builder.id, "c500 ship", { order: orderId });
    expect(cloud.discord.dms(buyer).at(-1)?.content).toContain("on its way");
    expect(buttonOf(buyer)).toBe(link);
    const dueAt = new Date(cloud.clock.nowMs() - 1000);
    await cloud.firestore.doc(`deadlines/arrival-question.${orderId}`).update({ due_at: dueAt });
    await cloud.pass(16 * 60_000);
    expect(cloud.discord.dms(buyer).at(-1)?.content).toMatch(/^📦 Has/);
    expect(buttonOf(buyer)).toBe(link);
  });

  test("is under the message about a late parcel, and not under the builder's", async () => {
    const dropId = await people.drop(builder.id);
    const { orderId, buyer } = await buy(dropId);
    const dueAt = new Date(cloud.clock.nowMs() - 1000);
    await cloud.firestore.doc(`deadlines/dispatch-late.${orderId}`).update({ due_at: dueAt });
    await cloud.pass(16 * 60_000);
    expect(cloud.discord.dms(buyer).at(-1)?.content).toContain("should have been on its way");
    expect(buttonOf(buyer)).toContain(`${site}/order/`);
    expect(JSON.stringify(cloud.discord.dms(builder.id))).not.toContain("/order/");
  });

  test("is on the page after Checkout and in the buyer's profile", async () => {
    const dropId = await people.drop(builder.id);
    const { orderId, buyer } = await buy(dropId);
    const link = await linkToOrder(orderId, { orderLinks, config: { PUBLIC_SITE_URL: site } });
    const { checkout_session_id: sessionId } = await people.order(orderId);
    const success = await read(`/success?session_id=${sessionId}`);
    expect(success).toContain(`href="${link?.slice(site.length)}"`);
    expect((await people.command(buyer, "c500 profile")).embeds).toContain(`[follow](${link})`);
  });

  test("is in no log", async () => {
    const dropId = await people.drop(builder.id);
    const { orderId } = await buy(dropId);
    const link = await linkToOrder(orderId, { orderLinks, config: { PUBLIC_SITE_URL: site } });
    const key = link?.split("/").at(-1) ?? "none";
    expect(cloud.logLines.join("\n")).not.toContain(key);
  });
});
