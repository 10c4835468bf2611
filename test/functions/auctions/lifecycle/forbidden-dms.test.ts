import { expect, test } from "@jest/globals";
import { bidders } from "../../../support/auctions/auctions.ts";
import { useCloud } from "../../../support/cloud.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const cloud = await useCloud({ rateLimits: false });
const people = shoppers(cloud);
const room = bidders(cloud, people);
const builder = await people.builder();

/** Discord lets us open no direct messages, for another reason than that somebody takes none. */
const forbid = () =>
  cloud.faults.add({
    target: "discord",
    operation: /^POST .*channels$/,
    fault: { kind: "fail", code: 403 },
  });

async function sweep(): Promise<void> {
  await cloud.fetch(cloud.url("sweeper"), { method: "POST" });
  await cloud.settle();
}

const claims = (channelId: string) =>
  cloud.discord
    .messages(channelId)
    .filter(({ components }) => JSON.stringify(components ?? []).includes("auction-claim"));

test("a winner whose DM is forbidden can pay from the channel at once, and gets the DM once it may be sent", async () => {
  forbid();
  const { channelId, id, who } = await room.hammered(builder.id, ["60"]);
  const order = await people.order(`auction-${id}-0`);
  expect(order).toMatchObject({ fulfillment_status: "reserved" });
  expect(order["checkout_session_id"]).toEqual(expect.any(String));
  expect(claims(channelId)).toHaveLength(1);
  expect(people.messagesTo(who[0] ?? "")).toEqual([]);
  cloud.faults.clear();
  await sweep();
  expect(people.messagesTo(who[0] ?? "")).toHaveLength(1);
  expect(claims(channelId)).toHaveLength(1);
});

test("a payment is booked and its auction settled while the winner's DM is forbidden", async () => {
  forbid();
  const { id } = await room.hammered(builder.id, ["60"]);
  const order = await people.order(`auction-${id}-0`);
  cloud.stripe.pay(String(order["checkout_session_id"]));
  await cloud.settle();
  expect(await people.order(`auction-${id}-0`)).toMatchObject({ fulfillment_status: "paid" });
  expect(await room.stored(id)).toMatchObject({ is_settling: false });
  cloud.faults.clear();
});
