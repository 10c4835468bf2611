import { expect, test } from "@jest/globals";
import { redeliver } from "../../../support/calls/redeliver.ts";
import { useCloud } from "../../../support/cloud.ts";
import { parcels } from "../../../support/fulfilment/parcels.ts";

/** A gRPC status that the client does not retry. https://grpc.io/docs/guides/status-codes/ */
const PERMISSION_DENIED = 7;
const DAY_MS = 24 * 60 * 60_000;

const cloud = await useCloud({ rateLimits: false });
const post = await parcels(cloud);
const { people } = post;
const builder = await post.sender();
const streamer = await post.sender({ isLive: true });

/** Lets a deadline come while no notice can be published, and then the sweeper run again. */
async function dieAt(kind: string, orderId: string, isDone: () => Promise<boolean>): Promise<void> {
  const fault = { kind: "fail", code: PERMISSION_DENIED } as const;
  cloud.faults.add({ target: "pubsub", operation: /^Publish$/, fault });
  await post.letCome(kind, orderId);
  expect(await isDone()).toBe(true);
  cloud.faults.clear();
  for (const _ of [1, 2]) {
    await cloud.clock.advance(16 * 60_000);
    await cloud.settle();
  }
}

test("a buyer hears once that building has begun, although the sweeper died before it said so", async () => {
  const { orderId, buyer } = await post.buy(await people.drop(streamer.id));
  await people.command(buyer, "c500 cancel", { order: orderId });
  await people.proveOnStream(streamer.id, orderId);
  await dieAt(
    "cancel-answer",
    orderId,
    async () => (await people.order(orderId))["cancel_state"] === "declined",
  );
  expect(post.dms(buyer).filter((text) => text.includes("isn't cancelled"))).toHaveLength(1);
});

test("a builder hears once that a parcel counts as arrived, although the sweeper died before it said so", async () => {
  const { orderId } = await post.buy(await people.drop(builder.id, { title: "Slow boat" }));
  await people.command(builder.id, "c500 ship", { order: orderId });
  await dieAt("arrival", orderId, async () => (await post.parcel(orderId))["state"] === "arrived");
  const about = post.dms(builder.id).filter((text) => text.includes("Slow boat"));
  expect(about.filter((text) => text.includes("arrived"))).toHaveLength(1);
});

test("a late repeat of an older request to wait does not bring its time back", async () => {
  const { orderId, buyer } = await post.buy(await people.drop(builder.id));
  const wait = (days: number) => people.command(buyer, "c500 wait", { order: orderId, days });
  const older = await wait(30);
  await cloud.clock.advance(1000);
  await wait(2);
  const options = { order: orderId, days: 30 };
  await redeliver(cloud, older, { command: "c500 wait", handler: "fulfilment", options });
  const { wait_until: until } = await post.parcel(orderId);
  const untilMs = (until as { toMillis(): number }).toMillis();
  expect(untilMs).toBeLessThan(cloud.clock.now().getTime() + 3 * DAY_MS);
});

test("a repeat of the command that sent a parcel says so, although the parcel has arrived since", async () => {
  const { orderId, buyer } = await post.buy(await people.drop(builder.id));
  const options = { order: orderId, tracking: "1Z999AA10123456784" };
  const sent = await people.command(builder.id, "c500 ship", options);
  const dm = cloud.discord.dms(buyer).at(-1);
  await cloud.discord.client.component(cloud.url("discord-interactions"), {
    user: buyer,
    channelId: dm?.channel_id ?? "",
    message: dm?.id ?? "",
    customId: `parcel-arrived:${orderId}`,
  });
  await cloud.settle();
  expect(await post.parcel(orderId)).toMatchObject({ state: "arrived" });
  await redeliver(cloud, sent, { command: "c500 ship", handler: "fulfilment", options });
  const answer = cloud.discord.interaction(sent.interactionId)?.original?.content;
  expect(answer).toContain("is on its way");
});
