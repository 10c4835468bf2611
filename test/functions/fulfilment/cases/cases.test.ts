import { describe, expect, test } from "@jest/globals";
import { orderDisputed } from "../../../../functions/fulfilment/events/order-disputed.ts";
import { community, useCloud } from "../../../support/cloud.ts";
import { parcels } from "../../../support/fulfilment/parcels.ts";

const cloud = await useCloud({ rateLimits: false });
const post = await parcels(cloud);
const { people } = post;
const builder = await post.sender();
const staff = people.person({ permissions: "32" });

const found = async (id: string) => (await cloud.firestore.doc(`cases/${id}`).get()).data() ?? {};

/** A buyer has got a parcel, and says that it is damaged. */
async function report() {
  const bought = await post.buy(await people.drop(builder.id));
  const { orderId, buyer } = bought;
  await people.command(builder.id, "c500 ship", { order: orderId });
  const problem = { order: orderId, what: "damaged", text: "A corner is torn." };
  const answer = await people.command(buyer, "c500 problem", problem);
  return { ...bought, answer, problem };
}

const refuseNextRefund = () =>
  cloud.faults.add({
    target: "stripe",
    operation: /^POST \/v1\/refunds/,
    times: 1,
    fault: { kind: "fail", code: 400 },
  });

const act = (user: string, order: string, options: Record<string, string>) =>
  people.command(user, "c500 case", { order, ...options });

describe("a case", () => {
  test("reaches the builder once, with the buyer's words", async () => {
    const { orderId, buyer, answer, problem } = await report();
    expect(answer.text).toContain("I've asked");
    const again = await people.command(buyer, "c500 problem", problem);
    expect(again.text).toContain("already reported");
    const notices = post.dms(builder.id).filter((text) => text.includes(`<@${buyer}> says`));
    expect(notices).toHaveLength(1);
    expect(notices[0]).toContain("A corner is torn.");
    expect(await found(orderId)).toMatchObject({ state: "open", kind: "damaged" });
  });

  test("is settled by a full refund, which is made once however often it is pressed", async () => {
    const { orderId, buyer } = await report();
    for (const _ of [1, 2]) await post.press(builder.id, `case:refund:${orderId}`);
    expect(await found(orderId)).toMatchObject({ state: "settled", outcome: "refund" });
    expect(await people.order(orderId)).toMatchObject({ refunded: 2050 });
    const refunds = await cloud.firestore.collection(`orders/${orderId}/refunds`).get();
    expect(refunds.size).toBe(1);
    expect(people.messagesTo(buyer).at(-1)).toContain("$20.50");
  });

  test("is settled by a refund of the shipping alone, or of a part", async () => {
    const shipping = await report();
    await act(builder.id, shipping.orderId, { do: "shipping" });
    expect(await people.order(shipping.orderId)).toMatchObject({ refunded: 800 });
    const known = await report();
    await people.command(builder.id, "c500 refund", { order: known.orderId, of: "shipping" });
    const nothing = await act(builder.id, known.orderId, { do: "shipping" });
    expect(nothing.text).toContain("$12.50 of the rest of the order can still be refunded");
    expect(nothing.text).not.toContain("`of`");
    const part = await report();
    const tooMuch = await act(builder.id, part.orderId, { do: "items", amount: "99" });
    expect(tooMuch.text).not.toContain("It's refunded");
    expect(await found(part.orderId)).toMatchObject({ state: "open" });
    await act(builder.id, part.orderId, { do: "items", amount: "5.00" });
    expect(await people.order(part.orderId)).toMatchObject({ refunded: 500 });
    expect(await found(part.orderId)).toMatchObject({ state: "settled" });
  });

  test("is settled by sending it again, in a parcel of its own", async () => {
    const { orderId, buyer } = await report();
    await post.press(builder.id, `case:replace:${orderId}`);
    expect(post.dms(buyer).at(-1)).toContain("sent to you again");
    expect(await post.parcel(orderId)).toMatchObject({ state: "canceled" });
    const { parcel_id: again } = await people.order(orderId);
    expect(again).not.toBe(orderId);
    await people.command(builder.id, "c500 ship", { order: orderId });
    expect(await post.parcel(String(again))).toMatchObject({ state: "sent" });
    expect(await people.order(orderId)).toMatchObject({ fulfillment_status: "shipped" });
  });

  test("that sends an order again ends a request to cancel from before it was sent", async () => {
    const { orderId, buyer } = await post.buy(await people.drop(builder.id));
    await people.command(buyer, "c500 cancel", { order: orderId });
    await people.command(builder.id, "c500 ship", { order: orderId });
    await people.command(buyer, "c500 problem", { order: orderId, what: "damaged" });
    await post.letCome("cancel-answer", orderId);
    await post.press(builder.id, `case:replace:${orderId}`);
    expect(await people.order(orderId)).toMatchObject({ cancel_state: "declined" });
  });

  test("does not send again what was refunded", async () => {
    const { orderId } = await report();
    await people.command(builder.id, "c500 refund", { order: orderId });
    const { text } = await post.press(builder.id, `case:replace:${orderId}`);
    expect(text).toContain("can't be done now");
    expect(await found(orderId)).toMatchObject({ state: "open" });
    expect(await people.order(orderId)).toMatchObject({ fulfillment_status: "refunded" });
  });

  test("that sends one order again leaves the other one of its parcel on its way", async () => {
    const live = await post.sender({ isLive: true });
    await people.command(live.id, "c500 shipping", { "bundle-hours": 24 });
    const dropId = await people.drop(live.id, { limit: 2 });
    const { orderId, buyer } = await post.buy(dropId);
    const other = await post.buy(dropId, buyer);
    expect(await people.order(other.orderId)).toMatchObject({ parcel_id: orderId });
    await people.command(live.id, "c500 ship", { order: orderId, anyway: true });
    await people.command(buyer, "c500 problem", { order: other.orderId, what: "damaged" });
    await post.letCome("arrival", orderId);
    await post.press(live.id, `case:replace:${other.orderId}`);
    await post.letCome("arrival", orderId);
    expect(await post.parcel(orderId)).toMatchObject({ state: "arrived", arrived_by: "time" });
  });

  test("is answered, and goes to the team when that does not help", async () => {
    const { orderId, buyer } = await report();
    await act(builder.id, orderId, { do: "answer", text: "That's the patina." });
    expect(post.dms(buyer).at(-1)).toContain("That's the patina.");
    await post.press(buyer, `case:escalate:${orderId}`);
    expect(await found(orderId)).toMatchObject({ state: "escalated" });
    const operators = cloud.discord.messages(community.operatorsChannelId);
    expect(operators.at(-1)?.content).toContain("need a decision");
    await post.press(staff, `case:close:${orderId}`);
    expect(await found(orderId)).toMatchObject({ state: "settled", outcome: "none" });
    expect(await people.order(orderId)).toMatchObject({ refunded: 0 });
  });

  test("goes to the team after three days without an answer, and they can refund it", async () => {
    const { orderId } = await report();
    await post.letCome("case-answer", orderId);
    expect(await found(orderId)).toMatchObject({ state: "escalated", moved_by: "time" });
    await post.press(staff, `case:refund:${orderId}`);
    expect(await people.order(orderId)).toMatchObject({ refunded: 2050 });
    expect(await found(orderId)).toMatchObject({ state: "settled", moved_by: "staff" });
  });

  test("is over a week after an answer without a word", async () => {
    const { orderId } = await report();
    await act(builder.id, orderId, { do: "answer", text: "Write to me." });
    await post.letCome("case-answer", orderId);
    expect(await found(orderId)).toMatchObject({ state: "settled", outcome: "none" });
  });

  test("keeps its parcel from counting as arrived, until its buyer withdraws it", async () => {
    const { orderId, buyer } = await report();
    await post.letCome("arrival", orderId);
    expect(await post.parcel(orderId)).toMatchObject({ state: "sent" });
    await post.press(buyer, `case:withdraw:${orderId}`);
    expect(await found(orderId)).toMatchObject({ state: "withdrawn" });
    await post.letCome("arrival", orderId);
    expect(await post.parcel(orderId)).toMatchObject({ state: "arrived", arrived_by: "time" });
  });

  test.each([
    ["open", async (_id: string, _buyer: string) => undefined],
    ["answered", (id) => act(builder.id, id, { do: "answer", text: "It's the patina." })],
    [
      "escalated",
      async (id, buyer) => {
        await act(builder.id, id, { do: "answer", text: "It's the patina." });
        await post.press(buyer, `case:escalate:${id}`);
      },
    ],
  ] satisfies [string, (id: string, buyer: string) => Promise<unknown>][])(
    "that is %s is closed when the buyer's bank takes the money, and both are notified once",
    async (state, bring) => {
      const { orderId, buyer } = await report();
      await bring(orderId, buyer);
      expect(await found(orderId)).toMatchObject({ state });
      const { charge_id: charge } = await people.order(orderId);
      const { id: dispute } = cloud.stripe.openDispute(String(charge));
      await cloud.settle();
      expect(await found(orderId)).toMatchObject({ state: "settled", moved_by: "bank" });
      const pressed = await post.press(builder.id, `case:refund:${orderId}`);
      expect(pressed.text).toContain("That can't be done now");
      expect(await people.order(orderId)).toMatchObject({ refunded: 0 });
      cloud.stripe.closeDispute(dispute, "lost");
      await cloud.settle();
      for (const user of [buyer, builder.id]) {
        const texts = post.dms(user).filter((text) => text.includes("The bank decides"));
        expect(texts.filter((text) => text.includes("Brass weight")).length).toBeGreaterThan(0);
      }
      expect(post.dms(buyer).filter((text) => text.includes("The bank decides"))).toHaveLength(1);
    },
  );

  test("is settled by staff though Stripe refuses the refund, which is made once it can be", async () => {
    const { orderId, buyer } = await report();
    await post.letCome("case-answer", orderId);
    refuseNextRefund();
    const answer = await act(staff, orderId, { do: "items", amount: "5.00" });
    expect(answer.text).toContain("I try again");
    expect(await found(orderId)).toMatchObject({ state: "settled", outcome: "refund" });
    expect(await people.order(orderId)).toMatchObject({ refunded: 0 });
    for (const _ of [1, 2]) {
      await cloud.clock.advance(16 * 60_000);
      await cloud.settle();
    }
    expect(await people.order(orderId)).toMatchObject({ refunded: 500 });
    expect(people.messagesTo(buyer).at(-1)).toContain("$5.00");
  });

  test("goes to the team when its builder's refund is refused, and the builder can try again", async () => {
    const { orderId } = await report();
    refuseNextRefund();
    const refused = await act(builder.id, orderId, { do: "items", amount: "5.00" });
    expect(refused.text).toContain("couldn't make that refund");
    expect(await found(orderId)).toMatchObject({ state: "escalated" });
    expect(await people.order(orderId)).toMatchObject({ refunded: 0 });
    const again = await act(builder.id, orderId, { do: "items", amount: "5.00" });
    expect(again.text).toContain("It's refunded");
    expect(await people.order(orderId)).toMatchObject({ refunded: 500 });
    expect(await found(orderId)).toMatchObject({ state: "settled", moved_by: "builder" });
  });

  test("goes on while the bank only asks, and is closed once it takes the money", async () => {
    const { orderId } = await report();
    const { charge_id: charge } = await people.order(orderId);
    const { id: dispute } = cloud.stripe.openDispute(String(charge), { isInquiry: true });
    await cloud.settle();
    expect(await found(orderId)).toMatchObject({ state: "open" });
    cloud.stripe.escalateDispute(dispute);
    await cloud.settle();
    expect(await found(orderId)).toMatchObject({ state: "settled", moved_by: "bank" });
  });

  test("stays as it is when news of a dispute comes after it was won", async () => {
    const { orderId, buyer } = await report();
    const { charge_id: charge } = await people.order(orderId);
    const { id: dispute } = cloud.stripe.openDispute(String(charge));
    cloud.stripe.closeDispute(dispute, "won");
    await cloud.settle();
    const { state } = await found(orderId);
    expect(["open", "settled"]).toContain(state);
    await cloud.publisher.publish(orderDisputed, { id: "late", orderId, disputeId: dispute });
    await cloud.settle();
    expect(await found(orderId)).toMatchObject({ state });
    expect(post.dms(buyer).filter((text) => text.includes("The bank"))).toHaveLength(
      state === "open" ? 0 : 1,
    );
  });

  test("is nobody else's to open or decide", async () => {
    const { orderId, problem } = await report();
    const stranger = people.person();
    const opened = await people.command(stranger, "c500 problem", problem);
    expect(opened.text).toContain("can't find that order");
    const pressed = await post.press(stranger, `case:refund:${orderId}`);
    expect(pressed.text).toContain("can't find that order");
    for (const [user, move] of [
      [builder.id, "withdraw"],
      [builder.id, "close"],
    ] as const) {
      expect((await post.press(user, `case:${move}:${orderId}`)).text).toContain("isn't yours");
    }
    expect(await found(orderId)).toMatchObject({ state: "open", version: 1 });
  });
});
