import { expect, test } from "@jest/globals";
import { community, useCloud } from "../../../support/cloud.ts";
import { parcels } from "../../../support/fulfilment/parcels.ts";

const cloud = await useCloud({ rateLimits: false });
const post = await parcels(cloud);
const { people } = post;
const HOUR_MS = 60 * 60_000;

const found = async (id: string) => (await cloud.firestore.doc(`cases/${id}`).get()).data() ?? {};

/** A buyer has a parcel, and says that it is damaged. */
async function report(builder: string, { isReported = true } = {}) {
  const bought = await post.buy(await people.drop(builder));
  await people.command(builder, "c500 ship", { order: bought.orderId });
  await post.press(bought.buyer, `parcel-arrived:${bought.orderId}`);
  if (isReported) await complain(bought);
  return bought;
}

const complain = ({ buyer, orderId }: { buyer: string; orderId: string }) =>
  people.command(buyer, "c500 problem", { order: orderId, what: "damaged", text: "It's torn." });

async function forget(user: string) {
  const question = await people.command(user, "c500 forget me");
  await people.pressIn(user, question, "Forget me");
  await cloud.pass(2 * HOUR_MS);
}

test("a buyer takes back what they reported before they are forgotten, and the builder is notified", async () => {
  const builder = await post.sender();
  const { orderId, buyer } = await report(builder.id);
  const refused = await people.command(buyer, "c500 forget me");
  expect(refused.text).toMatch(/A report that something is wrong.*\/c500 case/);
  await people.command(buyer, "c500 case", { order: orderId, do: "withdraw" });
  expect(post.dms(builder.id).at(-1)).toContain("is fine");
  await forget(buyer);
  const { buyer_id: alias, text, state } = await found(orderId);
  expect(alias).not.toBe(buyer);
  expect(text).toBeNull();
  expect(state).toBe("withdrawn");
});

test("a builder is forgotten once the team has decided, and the buyer is notified", async () => {
  const builder = await post.sender();
  const staff = people.person({ permissions: "32" });
  const { orderId, buyer } = await report(builder.id);
  const refused = await people.command(builder.id, "c500 forget me");
  expect(refused.text).toContain("A report that something is wrong");
  await post.letCome("case-answer", orderId);
  await post.press(staff, `case:refund:${orderId}`);
  expect(people.messagesTo(buyer).at(-1)).toContain("$20.50");
  const { text } = await people.command(builder.id, "c500 forget me");
  expect(text).not.toContain("A report that something is wrong");
});

test("what is reported after its builder was forgotten goes to the team", async () => {
  const builder = await post.sender();
  const bought = await report(builder.id, { isReported: false });
  const { drop_id: drop } = await people.order(bought.orderId);
  await people.pressIn(
    builder.id,
    await people.command(builder.id, "c500 drops", { drop: String(drop) }),
    "Close",
  );
  await forget(builder.id);
  expect((await people.order(bought.orderId))["builder_id"]).not.toBe(builder.id);
  const answer = await complain(bought);
  expect(answer.text).toContain("the team decides");
  expect(await found(bought.orderId)).toMatchObject({ state: "escalated" });
  const operators = cloud.discord.messages(community.operatorsChannelId);
  expect(operators.at(-1)?.content).toContain("need a decision");
});
