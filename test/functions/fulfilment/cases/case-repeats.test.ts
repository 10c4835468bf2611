import { expect, test } from "@jest/globals";
import { redeliver } from "../../../support/calls/redeliver.ts";
import { community, useCloud } from "../../../support/cloud.ts";
import { parcels } from "../../../support/fulfilment/parcels.ts";

/** A gRPC status that the client does not retry. https://grpc.io/docs/guides/status-codes/ */
const PERMISSION_DENIED = 7;

const cloud = await useCloud({ rateLimits: false });
const post = await parcels(cloud);
const { people } = post;
const builder = await post.sender();

const found = async (id: string) => (await cloud.firestore.doc(`cases/${id}`).get()).data() ?? {};
const act = (order: string, options: Record<string, string>) =>
  people.command(builder.id, "c500 case", { order, ...options });
const asksOfTeam = (orderId: string) =>
  cloud.discord
    .messages(community.operatorsChannelId)
    .filter(({ content = "" }) => content?.includes("decision") && content.includes(orderId));

/** A buyer has got a parcel, and says that it is damaged. */
async function report() {
  const bought = await post.buy(await people.drop(builder.id));
  const { orderId: order, buyer } = bought;
  await people.command(builder.id, "c500 ship", { order });
  await people.command(buyer, "c500 problem", { order, what: "damaged" });
  return bought;
}

/** Notices cannot be published from now on, except that commands still come in, so often. */
function failPublishing(commands: number): void {
  const publish = { target: "pubsub", operation: /^Publish$/ } as const;
  if (commands > 0) {
    cloud.faults.add({ ...publish, fault: { kind: "delay", ms: 0 }, times: commands });
  }
  cloud.faults.add({ ...publish, fault: { kind: "fail", code: PERMISSION_DENIED } });
}

test("an answer that is delivered twice reaches the buyer once", async () => {
  const { orderId, buyer } = await report();
  const options = { order: orderId, do: "answer", text: "That's the patina." };
  const answer = await act(orderId, { do: "answer", text: "That's the patina." });
  await redeliver(cloud, answer, { command: "c500 case", handler: "fulfilment", options });
  expect(post.dms(buyer).filter((text) => text.includes("the patina"))).toHaveLength(1);
  expect(await found(orderId)).toMatchObject({ state: "answered", version: 2 });
});

test("a late repeat of an older answer does not replace the newer one", async () => {
  const { orderId } = await report();
  const options = { order: orderId, do: "answer", text: "It has left the post office." };
  const older = await act(orderId, { do: "answer", text: options.text });
  await act(orderId, { do: "answer", text: "It was lost. I'll send another one." });
  await redeliver(cloud, older, { command: "c500 case", handler: "fulfilment", options });
  expect(await found(orderId)).toMatchObject({
    answer: "It was lost. I'll send another one.",
    version: 3,
  });
});

test.each([
  ["at once", 1_000],
  ["only when the press is too old to begin", 20 * 60_000],
])(
  "the team is asked once although the process died before it asked, %s",
  async (_when, downMs) => {
    const { orderId, buyer } = await report();
    await act(orderId, { do: "answer", text: "That's the patina." });
    failPublishing(1);
    await post.press(buyer, `case:escalate:${orderId}`);
    expect(await found(orderId)).toMatchObject({ state: "escalated" });
    await cloud.clock.advance(downMs);
    expect(asksOfTeam(orderId)).toHaveLength(0);
    cloud.faults.clear();
    await cloud.clock.advance(10 * 60_000);
    await cloud.settle();
    expect(asksOfTeam(orderId)).toHaveLength(1);
  },
);

test("the team is asked once although the sweeper died before it asked", async () => {
  const { orderId } = await report();
  failPublishing(0);
  await post.letCome("case-answer", orderId);
  expect(await found(orderId)).toMatchObject({ state: "escalated", moved_by: "time" });
  cloud.faults.clear();
  for (const _ of [1, 2]) {
    await cloud.clock.advance(16 * 60_000);
    await cloud.settle();
  }
  expect(asksOfTeam(orderId)).toHaveLength(1);
});

test("nobody reads of a second refund that a settled case does not make", async () => {
  const { orderId } = await report();
  for (const _ of [1, 2]) {
    const { text } = await act(orderId, { do: "refund", amount: "5.00" });
    expect(text).toContain("It's refunded");
  }
  for (const other of [{ amount: "6.00" }, {}]) {
    const { text } = await act(orderId, { do: "refund", ...other });
    expect(text).toContain("can't be done now");
  }
  expect(await people.order(orderId)).toMatchObject({ refunded: 500 });
});

test("a case that is opened again is refunded again, whatever was refunded before", async () => {
  const { orderId, buyer } = await report();
  // The process dies behind the refund, and the buyer withdraws before the repeat.
  failPublishing(1);
  await act(orderId, { do: "refund", amount: "5.00" });
  cloud.faults.clear();
  await post.press(buyer, `case:withdraw:${orderId}`);
  await cloud.clock.advance(10 * 60_000);
  await cloud.settle();
  expect(await people.order(orderId)).toMatchObject({ refunded: 500 });
  expect(await found(orderId)).toMatchObject({ state: "withdrawn" });
  await people.command(buyer, "c500 problem", { order: orderId, what: "damaged" });
  await act(orderId, { do: "refund" });
  expect(await people.order(orderId)).toMatchObject({ refunded: 2050 });
});
