import { expect, test } from "@jest/globals";
import { redeliver } from "../../../support/calls/redeliver.ts";
import { useCloud } from "../../../support/cloud.ts";
import { parcels } from "../../../support/fulfilment/parcels.ts";

const FIRST = "1Z999AA10123456784";
const SECOND = "1Z999AA10123456795";
/** A gRPC status that the client does not retry. https://grpc.io/docs/guides/status-codes/ */
const PERMISSION_DENIED = 7;

const cloud = await useCloud({ rateLimits: false });
const post = await parcels(cloud);
const { people } = post;
const builder = await post.sender();

const ship = (order: string, tracking: string) =>
  people.command(builder.id, "c500 ship", { order, tracking });
const noticesTo = (buyer: string, words: string) =>
  post.dms(buyer).filter((text) => text.includes(words));

test("a late repeat of an older command does not bring its tracking number back", async () => {
  const { orderId, buyer } = await post.buy(await people.drop(builder.id));
  const older = await ship(orderId, FIRST);
  await cloud.clock.advance(1000);
  const newer = await ship(orderId, SECOND);
  expect(newer.text).toContain("has a new tracking number");
  const options = { order: orderId, tracking: FIRST };
  await redeliver(cloud, older, { command: "c500 ship", handler: "fulfilment", options });
  expect(await post.parcel(orderId)).toMatchObject({ state: "sent", tracking: SECOND });
  expect(noticesTo(buyer, "has changed")).toHaveLength(1);
  expect(noticesTo(buyer, "on its way")).toHaveLength(1);
});

test("a repeat of an older command is answered as done, however late, and changes nothing", async () => {
  const { orderId, buyer } = await post.buy(await people.drop(builder.id));
  const older = await ship(orderId, FIRST);
  await cloud.clock.advance(1000);
  await ship(orderId, SECOND);
  await cloud.clock.advance(10 * 60_000);
  const options = { order: orderId, tracking: FIRST };
  await redeliver(cloud, older, { command: "c500 ship", handler: "fulfilment", options });
  const answer = cloud.discord.interaction(older.interactionId)?.original?.content;
  expect(answer).toContain("is on its way");
  expect(await post.parcel(orderId)).toMatchObject({ state: "sent", tracking: SECOND });
  expect(noticesTo(buyer, "on its way")).toHaveLength(1);
  expect(noticesTo(buyer, "has changed")).toHaveLength(1);
});

test("an older command that comes too late gives no number to a parcel that was sent without one", async () => {
  const { orderId } = await post.buy(await people.drop(builder.id));
  const fault = { kind: "delay", ms: 20 * 60_000 } as const;
  cloud.faults.add({ target: "pubsub", operation: /^deliver fulfilment$/, fault, times: 1 });
  await ship(orderId, FIRST);
  await cloud.clock.advance(1000);
  await people.command(builder.id, "c500 ship", { order: orderId });
  await cloud.clock.advance(30 * 60_000);
  await cloud.settle();
  expect(await post.parcel(orderId)).toMatchObject({ state: "sent" });
  expect((await post.parcel(orderId))["tracking"]).toBeNull();
});

test("an older command still gives its number when the newer one, which sent the parcel, had none", async () => {
  const { orderId, buyer } = await post.buy(await people.drop(builder.id));
  const fault = { kind: "delay", ms: 20_000 } as const;
  cloud.faults.add({ target: "pubsub", operation: /^deliver fulfilment$/, fault, times: 1 });
  await ship(orderId, FIRST);
  await cloud.clock.advance(1000);
  await people.command(builder.id, "c500 ship", { order: orderId });
  expect(await post.parcel(orderId)).toMatchObject({ state: "sent" });
  await cloud.clock.advance(60_000);
  await cloud.settle();
  expect(await post.parcel(orderId)).toMatchObject({ tracking: FIRST });
  expect(noticesTo(buyer, "on its way")).toHaveLength(1);
});

test.each([
  ["while a command may still begin", 60_000],
  ["long after that", 10 * 60_000],
])(
  "a repeat of the command that sent a parcel does not send the one that replaces it, %s",
  async (_when, afterMs) => {
    const { orderId, buyer } = await post.buy(await people.drop(builder.id));
    const sent = await ship(orderId, FIRST);
    await people.command(buyer, "c500 problem", { order: orderId, what: "damaged" });
    await cloud.clock.advance(afterMs);
    await post.press(builder.id, `case:replace:${orderId}`);
    const { parcel_id: again } = await people.order(orderId);
    const options = { order: orderId, tracking: FIRST };
    await redeliver(cloud, sent, { command: "c500 ship", handler: "fulfilment", options });
    const answer = cloud.discord.interaction(sent.interactionId)?.original?.content;
    expect(answer).toContain("is being sent again, in a new parcel");
    expect(await post.parcel(String(again))).toMatchObject({ state: "open" });
    expect(noticesTo(buyer, "on its way")).toHaveLength(1);
    await people.command(builder.id, "c500 ship", { order: orderId });
    await redeliver(cloud, sent, { command: "c500 ship", handler: "fulfilment", options });
    const resent = await post.parcel(String(again));
    expect(resent).toMatchObject({ state: "sent" });
    expect(resent["tracking"]).toBeNull();
    await ship(orderId, SECOND);
    expect(await post.parcel(String(again))).toMatchObject({ tracking: SECOND });
  },
);

test.each([
  ["at once", 1_000],
  ["only when the command is too old to begin", 10 * 60_000],
])(
  "a process that dies before it has published the notice still notifies the buyer once, %s",
  async (_when, downMs) => {
    const { orderId, buyer } = await post.buy(await people.drop(builder.id));
    const publish = { target: "pubsub", operation: /^Publish$/ } as const;
    // The command itself is published.
    cloud.faults.add({ ...publish, fault: { kind: "delay", ms: 0 }, times: 1 });
    cloud.faults.add({ ...publish, fault: { kind: "fail", code: PERMISSION_DENIED } });
    await ship(orderId, FIRST);
    await cloud.clock.advance(downMs);
    expect(await post.parcel(orderId)).toMatchObject({ state: "sent", tracking: FIRST });
    expect(noticesTo(buyer, "on its way")).toHaveLength(0);
    cloud.faults.clear();
    await cloud.clock.advance(10 * 60_000);
    await cloud.settle();
    expect(noticesTo(buyer, "on its way")).toHaveLength(1);
  },
);
