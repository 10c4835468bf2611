import { describe, expect, test } from "@jest/globals";
import { parcelDocument } from "../../../../functions/shipping/documents/parcel.ts";
import { useCloud } from "../../../support/cloud.ts";
import { parcels } from "../../../support/fulfilment/parcels.ts";

const cloud = await useCloud({ rateLimits: false });
const post = await parcels(cloud);
const { people } = post;
const builder = await post.sender();
const streamer = await post.sender({ isLive: true });

/** A buyer has asked to cancel an order that they paid. */
async function ask(of = builder) {
  const dropId = await people.drop(of.id);
  const bought = await post.buy(dropId);
  const answer = await people.command(bought.buyer, "c500 cancel", { order: bought.orderId });
  return { dropId, ...bought, answer };
}

const isRefunded = { fulfillment_status: "refunded", parcel_state: "canceled", refunded: 2050 };

describe("a request to cancel", () => {
  test("gives everything back when the builder accepts, and puts the unit on sale again", async () => {
    const { orderId, buyer, dropId, answer } = await ask();
    expect(answer.text).toContain("I've asked");
    const accepted = await post.press(builder.id, `cancel-accept:${orderId}`);
    expect(accepted.text).toContain("gets everything back");
    expect(await people.order(orderId)).toMatchObject({ ...isRefunded, cancel_state: "accepted" });
    expect(await people.stock(dropId)).toMatchObject({ free: 3, sold: 0 });
    expect(await post.parcel(orderId)).toMatchObject({ state: "canceled" });
    expect(people.messagesTo(buyer).at(-1)).toContain("$20.50");
  });

  test("is made, accepted and refunded once, however often it is asked and answered", async () => {
    const { orderId, buyer } = await ask();
    await people.command(buyer, "c500 cancel", { order: orderId });
    const questions = () => post.dms(builder.id).filter((text) => text.includes(`<@${buyer}>`));
    expect(questions().filter((text) => text.includes("would like to cancel"))).toHaveLength(1);
    await post.press(builder.id, `cancel-accept:${orderId}`);
    await post.press(builder.id, `cancel-accept:${orderId}`);
    await post.letCome("cancel-answer", orderId);
    expect(await people.order(orderId)).toMatchObject(isRefunded);
    const refunds = await cloud.firestore.collection(`orders/${orderId}/refunds`).get();
    expect(refunds.size).toBe(1);
  });

  test("counts as accepted after two days of silence", async () => {
    const { orderId } = await ask();
    await post.letCome("cancel-answer", orderId);
    expect(await people.order(orderId)).toMatchObject(isRefunded);
  });

  test("waits while a bank decides about the payment, and is accepted once the dispute is won", async () => {
    const { orderId } = await ask();
    const { charge_id: charge } = await people.order(orderId);
    const { id: dispute } = cloud.stripe.openDispute(String(charge));
    await cloud.settle();
    await post.letCome("cancel-answer", orderId);
    expect(await people.order(orderId)).toMatchObject({ cancel_state: "asked", refunded: 0 });
    cloud.stripe.closeDispute(dispute, "won");
    await cloud.settle();
    await post.letCome("cancel-answer", orderId);
    expect(await people.order(orderId)).toMatchObject({ ...isRefunded, cancel_state: "accepted" });
  });

  test("leaves nothing to wait for once the bank has taken the money", async () => {
    const { orderId } = await ask();
    const { charge_id: charge } = await people.order(orderId);
    const { id: dispute } = cloud.stripe.openDispute(String(charge));
    await cloud.settle();
    await post.letCome("cancel-answer", orderId);
    cloud.stripe.closeDispute(dispute, "lost");
    await cloud.settle();
    await post.letCome("cancel-answer", orderId);
    expect((await cloud.firestore.doc(`deadlines/cancel-answer.${orderId}`).get()).exists).toBe(
      false,
    );
    expect(await people.order(orderId)).toMatchObject({ fulfillment_status: "charged_back" });
  });

  test("is refunded after a won dispute if a bank had disputed it before the accepted refund was decided", async () => {
    cloud.faults.add({
      target: "stripe",
      operation: /^POST \/v1\/transfers$/,
      fault: { kind: "drop" },
    });
    const { orderId } = await ask();
    const { charge_id: charge } = await people.order(orderId);
    // The refund waits for the outcome of the transfer.
    await post.press(builder.id, `cancel-accept:${orderId}`);
    expect(await people.order(orderId)).toMatchObject({
      cancel_state: "accepted",
      hold: "releasing",
      refund_requested: 0,
    });
    const { id: dispute } = cloud.stripe.openDispute(String(charge));
    await cloud.settle();
    cloud.faults.clear();
    await people.pass(60);
    expect(await people.order(orderId)).toMatchObject({ hold: "released", refunded: 0 });
    cloud.stripe.closeDispute(dispute, "won");
    await cloud.settle();
    const messages = post.dms(builder.id).filter((text) => text.includes(orderId));
    expect(messages.filter((text) => text.includes("is yours"))).toEqual([]);
    expect(messages.at(-1)).toContain("still goes back to the buyer");
    await people.pass(25 * 60);
    expect(await people.order(orderId)).toMatchObject({ ...isRefunded, cancel_state: "accepted" });
  });

  test("leaves the order as it is when the builder declines, and silence later changes nothing", async () => {
    const { orderId, buyer } = await ask();
    await post.press(builder.id, `cancel-decline:${orderId}`);
    expect(post.dms(buyer).at(-1)).toContain("was declined, so it isn't cancelled");
    await post.letCome("cancel-answer", orderId);
    expect(await people.order(orderId)).toMatchObject({
      fulfillment_status: "paid",
      cancel_state: "declined",
      refunded: 0,
    });
    const again = await people.command(buyer, "c500 cancel", { order: orderId });
    expect(again.text).toContain("declined");
  });

  test("is declined by building that begins before it is answered", async () => {
    const { orderId, buyer } = await ask(streamer);
    await people.proveOnStream(streamer.id, orderId);
    await post.letCome("cancel-answer", orderId);
    expect(await people.order(orderId)).toMatchObject({
      fulfillment_status: "building",
      cancel_state: "declined",
    });
    expect(post.dms(buyer).at(-1)).toMatch(/has already begun building .* isn't cancelled/);
  });

  test("is refused once building has begun, or the parcel is sent, with what to do instead", async () => {
    const begun = await post.buy(await people.drop(streamer.id));
    await people.proveOnStream(streamer.id, begun.orderId);
    const tried = await people.command(begun.buyer, "c500 cancel", { order: begun.orderId });
    expect(tried.text).toContain("already begun building");
    const sent = await post.buy(await people.drop(builder.id));
    await people.command(builder.id, "c500 ship", { order: sent.orderId });
    const late = await people.command(sent.buyer, "c500 cancel", { order: sent.orderId });
    expect(late.text).toContain("already on its way");
  });

  test("is decided by staff as well, whether or not anyone asked", async () => {
    const staff = people.person({ permissions: "32" });
    const { orderId } = await post.buy(await people.drop(builder.id));
    const answer = { order: orderId, answer: "accept" };
    expect((await people.command(staff, "c500 cancel", answer)).text).toContain("is cancelled");
    expect(await people.order(orderId)).toMatchObject(isRefunded);
  });

  test("cannot be answered by its buyer or by another builder", async () => {
    const { orderId, buyer } = await ask();
    for (const user of [buyer, streamer.id]) {
      const tried = await post.press(user, `cancel-accept:${orderId}`);
      expect(tried.text).toContain("can't find that order");
    }
    expect(await people.order(orderId)).toMatchObject({ cancel_state: "asked", refunded: 0 });
  });

  test("once accepted keeps the parcel from being sent, even before the refund is made", async () => {
    const { orderId } = await ask();
    await cloud.firestore.doc(`orders/${orderId}`).update({ cancel_state: "accepted" });
    const sent = await people.command(builder.id, "c500 ship", { order: orderId, anyway: true });
    expect(sent.text).toContain("can't be sent now");
    await post.letCome("cancel-answer", orderId);
    expect(await people.order(orderId)).toMatchObject(isRefunded);
  });
});

describe("an order that is late", () => {
  test("is cancelled by its buyer at once, a week after it should have been sent", async () => {
    const { orderId, buyer } = await post.buy(await people.drop(streamer.id));
    await people.proveOnStream(streamer.id, orderId);
    const early = await people.command(buyer, "c500 cancel", { order: orderId });
    expect(early.text).toContain("already begun building");
    await post.makeLate(orderId);
    const { text } = await people.command(buyer, "c500 cancel", { order: orderId });
    expect(text).toContain("is cancelled, and everything you paid is going back to you");
    expect(await people.order(orderId)).toMatchObject(isRefunded);
  });
});

describe("a parcel whose buyer asked to wait", () => {
  test("is not sent before, unless its builder insists, and has to be sent later", async () => {
    const { orderId, buyer } = await post.buy(await people.drop(builder.id));
    const { text } = await people.command(buyer, "c500 wait", { order: orderId, days: 20 });
    expect(text).toContain("I've asked");
    expect(post.dms(builder.id).at(-1)).toContain("asks you to keep");
    const tried = await people.command(builder.id, "c500 ship", { order: orderId });
    expect(tried.text).toContain("the buyer asked you to wait");
    const stored = parcelDocument.read(await cloud.firestore.doc(`parcels/${orderId}`).get());
    expect(stored.dispatchBy.getTime()).toBeGreaterThan(stored.waitUntil?.getTime() ?? Infinity);
    await post.letCome("dispatch-late", orderId);
    const insisted = await people.command(builder.id, "c500 ship", {
      order: orderId,
      anyway: true,
    });
    expect(insisted.text).toContain("is on its way");
  });

  test("is waited with for its own buyer alone", async () => {
    const { orderId } = await post.buy(await people.drop(builder.id));
    const tried = await people.command(people.person(), "c500 wait", { order: orderId, days: 3 });
    expect(tried.text).toContain("isn't yours");
    expect(await post.parcel(orderId)).toMatchObject({ version: 1 });
  });
});
