import { expect, test } from "@jest/globals";
import { redeliver } from "../../../support/calls/redeliver.ts";
import { useCloud } from "../../../support/cloud.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const cloud = await useCloud();
const people = shoppers(cloud);

const reasons = async () => {
  const { docs } = await cloud.firestore.collection("dead_letters").get();
  return docs.map((letter) => String(letter.get("reason")));
};

test.each([
  ["without a required option", "c500 refund", {}],
  ["with an option of another type", "c500 drops", { restock: "many" }],
  ["with a number out of range", "c500 drops", { restock: 401 }],
  ["with a choice that is not offered", "drop-form", { plan: "free", limitPerBuyer: 1 }],
  ["that no definition has", "c500 dance", {}],
])("a command %s is kept as a dead letter, and its user reads that it failed", async (...row) => {
  const [, command, options] = row;
  const { id } = await people.builder();
  const asked = await people.command(id, "c500 profile");
  const before = await reasons();
  await redeliver(cloud, asked, { command, handler: "shop", options });
  expect((await reasons()).slice(before.length)).toEqual([expect.stringContaining(`"${command}"`)]);
  expect(people.readAnswer(asked.interactionId).text).toContain("I'm sorry: that didn't work");
});
