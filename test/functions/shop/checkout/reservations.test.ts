import { beforeEach, describe, expect, test } from "@jest/globals";
import { createReservations } from "../../../../functions/shop/store/reservations.ts";
import { community, useCloud } from "../../../support/cloud.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const cloud = await useCloud();
const people = shoppers(cloud);
const builder = await people.builder();
beforeEach(async () => {
  // Discord limits posts to a channel per five seconds.
  await cloud.clock.advance(5000);
});

const statusOf = async (orderId: string) => (await people.order(orderId))["fulfillment_status"];
const oneLeft = { free: 1, reserved: 0, sold: 0 };
const oneReserved = { free: 0, reserved: 1, sold: 0 };
const oneSold = { free: 0, reserved: 0, sold: 1 };

/** What builder and platform hold, in cents. */
async function money(): Promise<{ builder: number; platform: number }> {
  const { accounts, platform } = cloud.stripe.balances();
  const account = accounts[await people.accountOf(builder.id)];
  return { builder: account?.["usd"] ?? 0, platform: platform["usd"] ?? 0 };
}

/** A drop of one unit, reserved and unpaid. */
async function reservation(fields: { quantity?: string; payment?: "split" | "held" } = {}) {
  const dropId = await people.drop(builder.id, { quantity: "1", ...fields });
  const buyer = people.person();
  const answer = await people.buyNow(buyer, dropId);
  return { dropId, buyer, orderId: answer.interactionId, page: people.sessionOf(answer) };
}

/** Buys and pays, even if the post already says that nothing is left. */
async function someoneElseBuys(dropId: string): Promise<string> {
  const answer = await people.buyFromOldPost(people.person(), dropId);
  cloud.stripe.pay(people.sessionOf(answer));
  await cloud.settle();
  return answer.interactionId;
}

const apologies = (buyer: string) =>
  people.messagesTo(buyer).filter((text) => text.includes("I'm sorry: your payment")).length;

/** The id of the newest charge at Stripe. */
function lastCharge(): string {
  const { data } = cloud.stripe.events().findLast(({ type }) => type === "charge.succeeded") ?? {};
  return String((data?.object as { id?: unknown } | undefined)?.id);
}

/** Ends a reservation in the shop's books while its Checkout Session is still open. */
async function endTooEarly(orderId: string): Promise<void> {
  const reservations = createReservations(async () => cloud.firestore);
  expect(await reservations.giveBack(orderId, "expired", cloud.clock.now())).toBe(true);
}

describe("Give it back", () => {
  test("frees the unit and expires the Checkout Session, so that nobody can pay for what they gave back", async () => {
    const { dropId, buyer, orderId, page } = await reservation();
    const { text } = await people.giveBack(buyer, orderId);
    expect(text).toContain("It's back on the shelf, and nothing was charged.");
    expect(await statusOf(orderId)).toBe("cancelled");
    expect(await people.stock(dropId)).toEqual(oneLeft);
    expect(() => cloud.stripe.pay(page)).toThrow("expired");
  });

  test("pressed twice gives back one unit, even if someone else has reserved it meanwhile", async () => {
    const { dropId, buyer, orderId } = await reservation();
    await people.giveBack(buyer, orderId);
    await people.pass(0.1);
    const next = await people.buyNow(people.person(), dropId);
    expect((await people.giveBack(buyer, orderId)).text).toContain("back on the shelf");
    expect(await people.stock(dropId)).toEqual(oneReserved);
    expect(await statusOf(next.interactionId)).toBe("reserved");
  });

  test("lets the same buyer reserve again", async () => {
    const { dropId, buyer, orderId } = await reservation();
    await people.giveBack(buyer, orderId);
    await people.pass(0.1);
    const again = await people.buyFromOldPost(buyer, dropId);
    expect(again.text).toContain("is reserved for you");
    expect(again.interactionId).not.toBe(orderId);
  });

  test("after paying changes nothing", async () => {
    const { dropId, buyer, orderId, page } = await reservation();
    cloud.stripe.pay(page);
    await cloud.settle();
    expect((await people.giveBack(buyer, orderId)).text).toContain("There is nothing to give back");
    expect(await statusOf(orderId)).toBe("paid");
    expect(await people.stock(dropId)).toEqual(oneSold);
  });

  test("after a payment whose event has not arrived yet sells the unit instead", async () => {
    const { dropId, buyer, orderId, page } = await reservation();
    const operation = /deliver checkout.session.completed/;
    const late = { kind: "delay", ms: 60_000 } as const;
    cloud.faults.add({ target: "stripe", operation, fault: late, times: 1 });
    cloud.stripe.pay(page);
    expect((await people.giveBack(buyer, orderId)).text).toContain("There is nothing to give back");
    expect(await statusOf(orderId)).toBe("paid");
    await people.pass(2);
    expect(await people.stock(dropId)).toEqual(oneSold);
    expect(people.messagesTo(buyer).filter((text) => text.includes("Thank you!"))).toHaveLength(1);
  });

  test("of someone else's reservation changes nothing, however it is requested", async () => {
    const { dropId, orderId } = await reservation();
    const { id } = await cloud.discord.client.raw(cloud.url("discord-interactions"), {
      user: people.person(),
      channelId: community.marketplaceChannelId,
      type: 3,
      data: { custom_id: `order-cancel:${orderId}`, component_type: 2 },
    });
    await cloud.settle();
    expect(people.readAnswer(id).text).toContain("There is nothing to give back");
    expect(await people.stock(dropId)).toEqual(oneReserved);
  });
});

describe("a reservation that is not paid", () => {
  test("lasts as long as its Checkout Session and then frees its unit, once", async () => {
    const { dropId, buyer, orderId, page } = await reservation();
    await people.pass(29);
    expect(await statusOf(orderId)).toBe("reserved");
    await people.pass(4);
    expect(await statusOf(orderId)).toBe("expired");
    expect(await people.stock(dropId)).toEqual(oneLeft);
    expect(() => cloud.stripe.pay(page)).toThrow("expired");
    const { embeds } = await people.command(buyer, "c500 profile");
    expect(embeds).toContain("not paid in time");
  });

  test("shows no link any more once its time is over, even before anything has ended it", async () => {
    const { dropId, buyer, orderId } = await reservation();
    cloud.faults.add({ target: "stripe", operation: /^deliver checkout/, fault: { kind: "drop" } });
    const { checkout_expires_at: end } = await people.order(orderId);
    await cloud.clock.advance((end as { toMillis(): number }).toMillis() - cloud.clock.nowMs());
    const late = await people.buyFromOldPost(buyer, dropId);
    expect(await statusOf(orderId)).toBe("reserved");
    expect(late.text).toContain("That reservation is over");
    expect(late.buttons).toEqual([]);
    await people.pass(1);
    const again = await people.buyFromOldPost(buyer, dropId);
    expect(again.interactionId).not.toBe(orderId);
    expect(() => cloud.stripe.pay(people.sessionOf(again))).not.toThrow();
  });

  test("frees its unit once even if the clock, Stripe and the sweeper all report its end twice", async () => {
    const { dropId, orderId } = await reservation();
    const fault = { kind: "duplicate", copies: 3 } as const;
    cloud.faults.add({ target: "tasks", fault });
    cloud.faults.add({ target: "stripe", operation: /deliver/, fault });
    await people.pass(33);
    await people.pass(0.1);
    const next = await people.buyNow(people.person(), dropId);
    for (const event of cloud.stripe.events()) {
      const isOurs = JSON.stringify(event.data.object).includes(orderId);
      if (isOurs) await cloud.stripe.repeat(event.id);
    }
    await people.pass(25);
    expect(await people.stock(dropId)).toEqual(oneReserved);
    expect(await statusOf(next.interactionId)).toBe("reserved");
    expect(await statusOf(orderId)).toBe("expired");
  });

  test.each([
    ["Stripe's event is lost", { target: "stripe", operation: /deliver checkout.session/ }],
    ["its task is lost", { target: "tasks", operation: /reservation-end/ }],
  ] as const)("frees its unit even if %s", async (_what, lost) => {
    const { dropId, orderId } = await reservation();
    cloud.faults.add({ ...lost, fault: { kind: "drop" } });
    await people.pass(60);
    expect(await statusOf(orderId)).toBe("expired");
    expect(await people.stock(dropId)).toEqual(oneLeft);
  });

  test("stays reserved when a card is declined, and another card can pay", async () => {
    const { dropId, orderId, page } = await reservation();
    cloud.stripe.pay(page, "declined");
    await cloud.settle();
    expect(await statusOf(orderId)).toBe("reserved");
    expect(await people.stock(dropId)).toEqual(oneReserved);
    cloud.stripe.pay(page);
    await cloud.settle();
    expect(await statusOf(orderId)).toBe("paid");
    expect(await people.stock(dropId)).toEqual(oneSold);
  });

  test("frees its unit in the end if the card was declined and no other was used", async () => {
    const { dropId, orderId, page } = await reservation();
    cloud.stripe.pay(page, "declined");
    await people.pass(33);
    expect(await statusOf(orderId)).toBe("expired");
    expect(await people.stock(dropId)).toEqual(oneLeft);
  });

  test("keeps its price even if the drop's price changes", async () => {
    const { dropId, orderId, page } = await reservation({ quantity: "2" });
    await people.command(builder.id, "c500 drops", { drop: dropId, price: "99" });
    expect(cloud.stripe.pay(page)).toMatchObject({ amount_total: 1250 });
    await cloud.settle();
    expect(await people.order(orderId)).toMatchObject({ fulfillment_status: "paid", amount: 1250 });
    const next = await people.purchase(dropId);
    expect(await people.order(next.orderId)).toMatchObject({ amount: 9900 });
  });
});

describe("a bank debit", () => {
  test("keeps the unit for the days it takes, long after the Checkout Session has expired", async () => {
    const { dropId, buyer, orderId, page } = await reservation();
    cloud.stripe.pay(page, "bank-debit");
    await people.pass(120);
    expect(await statusOf(orderId)).toBe("processing");
    expect(await people.stock(dropId)).toEqual(oneReserved);
    expect(people.messagesTo(buyer).join()).toContain("Your bank is processing the payment");
    cloud.stripe.settleBankDebit(page, "succeeded");
    await cloud.settle();
    expect(await statusOf(orderId)).toBe("paid");
    expect(await people.stock(dropId)).toEqual(oneSold);
  });

  test("that the bank refuses frees the unit and notifies the buyer once", async () => {
    const { dropId, buyer, orderId, page } = await reservation();
    cloud.stripe.pay(page, "bank-debit");
    await cloud.settle();
    const fault = { kind: "duplicate", copies: 3 } as const;
    cloud.faults.add({ target: "stripe", operation: /deliver/, fault });
    cloud.stripe.settleBankDebit(page, "failed");
    await cloud.settle();
    expect(await statusOf(orderId)).toBe("cancelled");
    expect(await people.stock(dropId)).toEqual(oneLeft);
    expect(people.messagesTo(buyer).filter((text) => text.includes("refused"))).toHaveLength(1);
  });
});

describe("a payment that arrives after its reservation has ended", () => {
  test("gets another unit if there is one, as if nothing had happened", async () => {
    const { dropId, buyer, orderId, page } = await reservation({ quantity: "2" });
    await endTooEarly(orderId);
    const other = await someoneElseBuys(dropId);
    cloud.stripe.pay(page);
    await cloud.settle();
    const [late, first] = [await people.order(orderId), await people.order(other)];
    expect(late).toMatchObject({ fulfillment_status: "paid" });
    expect(late["unit"]).not.toBe(first["unit"]);
    expect(await people.stock(dropId)).toEqual({ free: 0, reserved: 0, sold: 2 });
    expect(people.messagesTo(buyer).join()).toContain("Thank you!");
    expect((await people.order(orderId))["buyer_id"]).toBe(buyer);
  });

  test.each(["split", "held"] as const)(
    "for a %s drop with nothing left is refunded automatically, with an apology, and costs nobody anything",
    async (payment) => {
      const { dropId, buyer, orderId, page } = await reservation({ payment });
      await endTooEarly(orderId);
      await someoneElseBuys(dropId);
      const before = await money();
      const notifiedBuilder = people.messagesTo(builder.id).length;
      cloud.stripe.pay(page);
      await cloud.settle();
      await people.pass(20);
      expect(await statusOf(orderId)).toBe("refunded");
      expect(await people.order(orderId)).toMatchObject({ refunded: 1250, is_settling: false });
      expect(await money()).toEqual(before);
      expect(await people.stock(dropId)).toEqual(oneSold);
      expect(apologies(buyer)).toBe(1);
      expect(people.messagesTo(buyer).join()).not.toContain("Thank you!");
      expect(people.messagesTo(builder.id)).toHaveLength(notifiedBuilder);
    },
  );

  test("is refunded by the sweeper if Stripe refuses that at first, and is unsettled until then", async () => {
    const { dropId, buyer, orderId, page } = await reservation();
    await endTooEarly(orderId);
    await someoneElseBuys(dropId);
    const fault = { kind: "fail", code: 400 } as const;
    cloud.faults.add({ target: "stripe", operation: /^POST \/v1\/refunds/, fault });
    cloud.stripe.pay(page);
    await cloud.settle();
    expect(await people.order(orderId)).toMatchObject({ refunded: 0, is_settling: true });
    cloud.faults.clear();
    await people.pass(31);
    expect(await people.order(orderId)).toMatchObject({ refunded: 1250, is_settling: false });
    expect(apologies(buyer)).toBe(1);
  });

  test("is refunded once, however often Stripe reports it", async () => {
    const { dropId, buyer, orderId, page } = await reservation();
    await endTooEarly(orderId);
    await someoneElseBuys(dropId);
    const fault = { kind: "duplicate", copies: 3 } as const;
    cloud.faults.add({ target: "stripe", operation: /deliver/, fault });
    cloud.stripe.pay(page);
    await cloud.eventually(() => apologies(buyer) > 0);
    await people.pass(5);
    const refunds = cloud.stripe
      .events()
      .filter(({ type }) => type === "refund.created")
      .filter(({ data }) => JSON.stringify(data.object).includes(orderId));
    expect(refunds).toHaveLength(1);
    expect(apologies(buyer)).toBe(1);
  });

  test("and is disputed before it is refunded goes back once the dispute is won, and the builder reads that", async () => {
    const { dropId, buyer, orderId, page } = await reservation();
    await endTooEarly(orderId);
    await someoneElseBuys(dropId);
    const fault = { kind: "fail", code: 500 } as const;
    cloud.faults.add({ target: "stripe", operation: /deliver checkout/, fault });
    cloud.stripe.pay(page);
    await cloud.settle();
    const { id: dispute } = cloud.stripe.openDispute(lastCharge());
    await cloud.settle();
    cloud.faults.clear();
    await people.pass(70);
    expect(await people.order(orderId)).toMatchObject({ refunded: 0, is_settling: true });
    cloud.stripe.closeDispute(dispute, "won");
    await cloud.settle();
    await people.pass(31);
    expect(await people.order(orderId)).toMatchObject({ refunded: 1250, is_settling: false });
    expect(apologies(buyer)).toBe(1);
    const notices = people.messagesTo(builder.id).filter((text) => text.includes(orderId));
    expect(notices[0]).toContain("All of it was to go back to the buyer anyway");
    expect(notices.at(-1)).toContain("The money still goes back to the buyer");
    expect(notices.filter((text) => text.includes("is yours"))).toEqual([]);
  });
});
