import { describe, expect, test } from "@jest/globals";
import { orderDisputed } from "../../../../functions/fulfilment/events/order-disputed.ts";
import { cookieBrowser } from "../../../../local/browser/cookie-browser.ts";
import { stripeClient } from "../../../support/clients/stripe-client.ts";
import { community, useCloud } from "../../../support/cloud.ts";
import { parcels } from "../../../support/fulfilment/parcels.ts";

const cloud = await useCloud({ rateLimits: false });
const post = await parcels(cloud);
const { people } = post;
const builder = await post.sender();

const operators = () =>
  cloud.discord.messages(community.operatorsChannelId).map(({ content }) => content ?? "");
/** Staff in Stripe's dashboard. */
const dashboard = stripeClient(cloud);
const draftOf = (id: string) => cloud.clock.drive(dashboard.disputes.retrieve(id));
const answer = (id: string, evidence: Record<string, string>, submit: boolean) =>
  cloud.clock.drive(dashboard.disputes.update(id, { evidence, submit }));

/** A parcel with a number arrived, something was wrong with it, and the buyer's bank disputes the payment. */
async function dispute(options: { isInquiry?: boolean } = {}) {
  const bought = await post.buy(await people.drop(builder.id));
  const { orderId, buyer } = bought;
  const tracking = "1Z999AA10123456784";
  await people.command(builder.id, "c500 ship", { order: orderId, tracking });
  await post.press(buyer, `parcel-arrived:${orderId}`);
  const problem = { order: orderId, what: "damaged", text: "A corner is torn." };
  await people.command(buyer, "c500 problem", problem);
  const { charge_id: charge } = await people.order(orderId);
  const { id } = cloud.stripe.openDispute(String(charge), options);
  await cloud.settle();
  return { ...bought, dispute: id };
}

describe("the evidence for a dispute", () => {
  test.each([[{}], [{ isInquiry: true }]])(
    "is drafted at Stripe and not submitted, and staff are notified once (%j)",
    async (options) => {
      const { orderId, buyer, dispute: id } = await dispute(options);
      const { evidence, evidence_details: details } = await draftOf(id);
      expect(evidence).toMatchObject({
        product_description: expect.stringContaining("Brass weight"),
        shipping_carrier: "UPS",
        shipping_tracking_number: "1Z999AA10123456784",
        shipping_date: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
      });
      const text = String(evidence.uncategorized_text);
      expect(text).toContain("The buyer paid.");
      expect(text).toContain("The buyer confirmed that it arrived.");
      expect(text).toContain("The buyer wrote: A corner is torn.");
      expect(text).toMatch(/the receipt: message \d+ in channel \d+/);
      expect(text).not.toContain(buyer);
      expect(text).not.toContain(builder.id);
      expect(details).toMatchObject({ has_evidence: true, submission_count: 0 });
      await cloud.publisher.publish(orderDisputed, { id: "again", orderId, disputeId: id });
      await cloud.settle();
      const notices = operators().filter((text) => text.includes(`orders evidence ${orderId}`));
      expect(notices).toHaveLength(1);
    },
  );

  test("names the messages about both parcels of an order that was sent again", async () => {
    const { orderId, buyer } = await post.buy(await people.drop(builder.id));
    await people.command(builder.id, "c500 ship", { order: orderId });
    await people.command(buyer, "c500 problem", { order: orderId, what: "not-arrived" });
    await post.press(builder.id, `case:replace:${orderId}`);
    await people.command(builder.id, "c500 ship", { order: orderId });
    const { charge_id: charge } = await people.order(orderId);
    const { id } = cloud.stripe.openDispute(String(charge));
    await cloud.settle();
    const [first, second] = cloud.discord
      .dms(buyer)
      .filter(({ content }) => content?.includes("on its way"));
    const text = String((await draftOf(id)).evidence.uncategorized_text);
    expect(text).toContain(`that its parcel is on its way: message ${first?.id}`);
    expect(text).toContain(`that its parcel, sent again, is on its way: message ${second?.id}`);
  });

  test("does not say that the buyer confirmed what staff recorded", async () => {
    const { orderId } = await post.buy(await people.drop(builder.id));
    await people.command(builder.id, "c500 ship", { order: orderId });
    const arrived = { state: "arrived", arrived_by: "staff", arrived_at: cloud.clock.now() };
    await cloud.firestore.doc(`parcels/${orderId}`).update(arrived);
    const { charge_id: charge } = await people.order(orderId);
    const { id } = cloud.stripe.openDispute(String(charge));
    await cloud.settle();
    const text = String((await draftOf(id)).evidence.uncategorized_text);
    expect(text).toContain("It counts as arrived: the platform recorded it.");
    expect(text).not.toContain("confirmed that it arrived");
  });

  test("leaves alone what staff wrote, and what was submitted", async () => {
    const { orderId, dispute: id } = await dispute();
    await answer(id, { uncategorized_text: "Ours." }, false);
    await cloud.settle();
    const again = { id: "again", orderId, disputeId: id };
    await cloud.publisher.publish(orderDisputed, again);
    await cloud.settle();
    expect((await draftOf(id)).evidence).toMatchObject({ uncategorized_text: "Ours." });
    await answer(id, { shipping_carrier: "Ours" }, true);
    await cloud.publisher.publish(orderDisputed, again);
    await cloud.settle();
    expect(await draftOf(id)).toMatchObject({
      status: "under_review",
      evidence_details: { submission_count: 1 },
    });
  });

  test("that Stripe refuses is reported, with the command that prints it", async () => {
    cloud.faults.add({
      target: "stripe",
      operation: /^POST \/v1\/disputes/,
      fault: { kind: "fail", code: 400 },
    });
    const { orderId } = await dispute();
    cloud.faults.clear();
    expect(operators().at(-1)).toContain("Stripe takes no draft");
    expect(operators().at(-1)).toContain(`./dev ops orders evidence ${orderId}`);
  });

  test("is on the desk of the order's builder, and of nobody else", async () => {
    const { orderId } = await dispute();
    const other = await people.builder();
    const [own, stranger] = [cookieBrowser(cloud), cookieBrowser(cloud)];
    await own.signIn(builder.id);
    await stranger.signIn(other.id);
    const page = await own.open(`/desk/order?order=${orderId}`);
    expect(page.html).toContain("The buyer wrote: A corner is torn.");
    const refused = await stranger.open(`/desk/order?order=${orderId}`);
    expect(refused.status).toBe(404);
    expect(refused.html).not.toContain("A corner is torn.");
  });
});
