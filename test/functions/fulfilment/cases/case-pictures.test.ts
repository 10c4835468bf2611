import { describe, expect, test } from "@jest/globals";
import { redeliver } from "../../../support/calls/redeliver.ts";
import { upload } from "../../../support/calls/upload.ts";
import { community, useCloud } from "../../../support/cloud.ts";
import { parcels } from "../../../support/fulfilment/parcels.ts";

const cloud = await useCloud({ rateLimits: false });
const post = await parcels(cloud);
const { people } = post;
const builder = await post.sender();
const HOUR_MS = 60 * 60_000;

const png = (number: number) => Buffer.from(`89504e470d0a1a0a0${number}`, "hex");
const notPicture = Buffer.from("#!/bin/sh");
const stored = async (id: string) => (await cloud.firestore.doc(`cases/${id}`).get()).data() ?? {};
/** The messages with what was shown of an order. */
const shownOf = (orderId: string) => ({
  operators: cloud.discord
    .messages(community.operatorsChannelId)
    .filter(
      ({ content }) =>
        content?.includes(`pictures about order \`${orderId}`) ||
        content?.includes(`(\`${orderId}\`)`),
    ),
  builder: cloud.discord
    .dms(builder.id)
    .filter(
      ({ content }) =>
        content?.includes(`pictures about order \`${orderId}`) ||
        content?.includes(`(\`${orderId}\`)`),
    ),
});
const countsOf = (orderId: string) => {
  const { operators, builder: theirs } = shownOf(orderId);
  return [operators, theirs].map((messages) =>
    messages.map(({ attachments }) => attachments.length),
  );
};

/** A buyer shows pictures of what is wrong with a parcel. */
async function show(pictures: readonly Buffer<ArrayBuffer>[], prepare?: () => void) {
  const bought = await post.buy(await people.drop(builder.id));
  const { orderId, buyer } = bought;
  await people.command(builder.id, "c500 ship", { order: orderId });
  await post.press(buyer, `parcel-arrived:${orderId}`);
  const asked = await post.press(buyer, `parcel-wrong:${orderId}`);
  const form = await people.pressIn(buyer, asked, "It's damaged");
  const files = await Promise.all(pictures.map((bytes) => upload(cloud, bytes, "image/png")));
  prepare?.();
  const answer = await people.fillIn(form.interactionId, { text: "", pictures: files });
  return { ...bought, answer, files };
}

describe("the pictures of a report", () => {
  test("are copied to the operators and the builder, once", async () => {
    const { orderId, answer, files } = await show([png(1), png(2)]);
    expect(countsOf(orderId)).toEqual([[2], [2]]);
    expect((await stored(orderId))["pictures"]).toHaveLength(2);
    const options = {
      what: "damaged",
      orderId,
      pictures: files.map(({ url }) => url).join("\n"),
    };
    const again = { command: "problem-form", handler: "fulfilment", options } as const;
    await redeliver(cloud, answer, again);
    expect(countsOf(orderId)).toEqual([[2], [2]]);
    expect((await stored(orderId))["pictures"]).toHaveLength(2);
  });

  test("that are none, or gone, are reported to both sides, and the case is open", async () => {
    const { orderId, answer } = await show([png(1), notPicture]);
    expect(answer.text).toContain("One picture couldn't be copied");
    expect(countsOf(orderId)).toEqual([[1], [1]]);
    expect(shownOf(orderId).builder[0]?.content).toContain("One more could not be copied");
    expect(await stored(orderId)).toMatchObject({ state: "open" });
    const none = await show([notPicture]);
    expect(none.answer.text).toContain("I've asked");
    expect(none.answer.text).toContain("One picture couldn't be copied");
    expect(countsOf(none.orderId)).toEqual([[], []]);
    expect(await stored(none.orderId)).toMatchObject({ state: "open" });
  });

  test("that Discord refuses to take leave the case open, and the answer says so", async () => {
    const refuse = () =>
      cloud.faults.add({
        target: "discord",
        operation: new RegExp(`/channels/${community.operatorsChannelId}/messages$`),
        fault: { kind: "fail", code: 400 },
      });
    const { orderId, answer } = await show([png(1)], refuse);
    cloud.faults.clear();
    expect(await stored(orderId)).toMatchObject({ state: "open" });
    expect(answer.text).toContain("couldn't be copied");
  });

  test("are deleted a month after the case is over, and not before", async () => {
    const { orderId, buyer } = await show([png(1)]);
    await post.press(buyer, `case:withdraw:${orderId}`);
    const due = await cloud.firestore.doc(`deadlines/case-pictures.${orderId}`).get();
    const dueAt = due.get("due_at") as { toDate(): Date };
    const days = (dueAt.toDate().getTime() - cloud.clock.now().getTime()) / 86_400_000;
    expect(Math.round(days)).toBe(30);
    expect(countsOf(orderId)).toEqual([[1], [1]]);
    await post.letCome("case-pictures", orderId);
    expect(countsOf(orderId)).toEqual([[0], [0]]);
    expect((await stored(orderId))["pictures"]).toEqual([]);
  });

  test("stay when the case was opened again meanwhile", async () => {
    const { orderId, buyer } = await show([png(1)]);
    await post.press(buyer, `case:withdraw:${orderId}`);
    await people.command(buyer, "c500 problem", { order: orderId, what: "damaged" });
    await post.letCome("case-pictures", orderId);
    expect(countsOf(orderId)).toEqual([[1], [1]]);
  });

  test("are deleted when their buyer is forgotten", async () => {
    const { orderId, buyer } = await show([png(1)]);
    await post.press(buyer, `case:withdraw:${orderId}`);
    await people.pressIn(buyer, await people.command(buyer, "c500 forget me"), "Forget me");
    await cloud.pass(2 * HOUR_MS);
    expect(countsOf(orderId)).toEqual([[0], [0]]);
    expect(await stored(orderId)).toMatchObject({ pictures: [] });
  });
});
