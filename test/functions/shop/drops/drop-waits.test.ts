import { beforeEach, describe, expect, test } from "@jest/globals";
import { useCloud } from "../../../support/cloud.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const cloud = await useCloud();
const people = shoppers(cloud);
const builder = await people.builder();
beforeEach(async () => {
  // Discord limits posts to a channel per five seconds.
  await cloud.clock.advance(5000);
});

const waits = async (dropId: string) =>
  (await cloud.firestore.collection("drop_waits").where("drop_id", "==", dropId).get()).docs;
const news = (user: string, title: string) =>
  people.messagesTo(user).filter((text) => text.includes(`**${title}** is back`));
const postLabels = (dropId: string) =>
  (people.post(dropId).components as unknown as { components: { label: string }[] }[])
    .flatMap(({ components }) => components)
    .map(({ label }) => label);
const drops = (options: Record<string, string | number | boolean>) =>
  people.command(builder.id, "c500 drops", options);

/** Presses Notify me under a drop. */
async function join(user: string, dropId: string) {
  const { id } = await people.press(user, dropId, "drop-notify");
  await cloud.settle();
  return people.readAnswer(id);
}

/** Polls until the condition holds while a call hangs; waiting for all work would end the hang. */
async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  for (let turns = 0; turns < 100_000; turns += 1) {
    if (await check()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error("The condition did not become true.");
}

/** A drop that is sold out. */
async function soldOut(title: string) {
  const dropId = await people.drop(builder.id, { title, quantity: "1" });
  const sale = await people.purchase(dropId);
  await people.pass(0.1);
  return { dropId, ...sale };
}

describe("Notify me", () => {
  test("is under a drop that is sold out, and sends one message when it is restocked", async () => {
    const dropId = await people.drop(builder.id, { title: "Lamp", quantity: "1" });
    expect(postLabels(dropId)).toEqual(["Buy Now", "Details"]);
    await people.purchase(dropId);
    await people.pass(0.1);
    expect(postLabels(dropId)).toEqual(["Sold out", "Notify me", "Details"]);

    const fan = people.person();
    expect((await join(fan, dropId)).text).toContain("You're on the list");
    expect((await join(fan, dropId)).text).toContain("You're on the list already");
    expect(await waits(dropId)).toHaveLength(1);
    await drops({ drop: dropId, restock: 2 });
    await people.pass(2);
    expect(news(fan, "Lamp")).toEqual([expect.stringContaining("2 units at $12.50")]);
    expect(await waits(dropId)).toEqual([]);
    const stored = await cloud.firestore.doc(`inventory/${dropId}`).get();
    expect(stored.get("has_waiting")).toBe(false);

    await drops({ drop: dropId, restock: 2 });
    await people.pass(40);
    expect(news(fan, "Lamp")).toHaveLength(1);
  });

  test("answers a reservation that expires, one given back that stays free, and a refund that restocks", async () => {
    const dropId = await people.drop(builder.id, { title: "Cable", quantity: "1" });
    const [one, two, three] = [people.person(), people.person(), people.person()];
    await people.buyNow(people.person(), dropId);
    await people.pass(0.1);
    await join(one, dropId);
    await people.pass(40);
    expect(news(one, "Cable")).toHaveLength(1);

    const buyer = people.person();
    const { interactionId } = await people.buyNow(buyer, dropId);
    await people.pass(0.1);
    await join(two, dropId);
    await people.giveBack(buyer, interactionId);
    await people.pass(2);
    expect(news(two, "Cable")).toHaveLength(1);

    const { orderId } = await people.purchase(dropId);
    await people.pass(0.1);
    await join(three, dropId);
    await people.command(builder.id, "c500 refund", { order: orderId, restock: true });
    await people.pass(2);
    expect(news(three, "Cable")).toHaveLength(1);
    expect(news(one, "Cable")).toHaveLength(1);
  });

  test("says nothing of a unit that is given back and taken again at once", async () => {
    const dropId = await people.drop(builder.id, { title: "Flapping", quantity: "1" });
    const fan = people.person();
    const buyer = people.person();
    const { interactionId } = await people.buyNow(buyer, dropId);
    await people.pass(0.1);
    await join(fan, dropId);
    await people.giveBack(buyer, interactionId);
    await cloud.clock.advance(2000);
    await people.purchase(dropId);
    await people.pass(20);
    expect(news(fan, "Flapping")).toEqual([]);
    expect(await waits(dropId)).toHaveLength(1);
  });

  test("keeps someone on the list who joins it again while an earlier batch stands still", async () => {
    const { dropId } = await soldOut("Stalled");
    const fan = people.person();
    await join(fan, dropId);
    await drops({ drop: dropId, restock: 1 });
    const notifyBatch = () =>
      cloud.fetch(cloud.url("drop-back"), {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ id: "by-hand", dropId }),
      });
    const hang = { kind: "delay", ms: 4000 } as const;
    cloud.faults.add({ target: "pubsub", operation: /^Publish$/, fault: hang, times: 1 });
    const stalled = notifyBatch();
    await until(() => cloud.faults.rules().length === 0);
    expect((await notifyBatch()).status).toBe(204);
    expect(await waits(dropId)).toEqual([]);
    // The unit is sold, and the fan waits for the next one.
    await cloud.firestore.doc(`inventory/${dropId}/units/2`).update({ state: "sold" });
    await cloud.clock.advance(1000);
    await people.press(fan, dropId, "drop-notify");
    await until(async () => (await waits(dropId)).length === 1);
    await cloud.clock.advance(4000);
    expect((await stalled).status).toBe(204);
    await cloud.settle();
    expect(await waits(dropId)).toHaveLength(1);
    expect(news(fan, "Stalled")).toHaveLength(1);
  });

  test("notifies many in batches, the first to wait first, and stops when the units are gone", async () => {
    const { dropId } = await soldOut("Rush");
    const fans = Array.from({ length: 60 }, () => people.person());
    for (const fan of fans) {
      await join(fan, dropId);
      await cloud.clock.advance(10);
    }
    await drops({ drop: dropId, restock: 1 });
    const notified = () => fans.filter((fan) => news(fan, "Rush").length > 0);
    for (let second = 0; second < 90 && notified().length === 0; second += 1) {
      await cloud.clock.advance(1000);
      await cloud.settle();
    }
    expect(notified()).toEqual(fans.slice(0, 25));
    await people.purchase(dropId);
    await people.pass(20);
    expect(notified()).toEqual(fans.slice(0, 25));
    await drops({ drop: dropId, restock: 1 });
    await people.pass(5);
    expect(notified()).toEqual(fans);
    expect(fans.flatMap((fan) => news(fan, "Rush"))).toHaveLength(fans.length);
  });

  test("waits while a drop is closed, and answers when it is reopened with units", async () => {
    const { dropId } = await soldOut("Reopened");
    const fan = people.person();
    await join(fan, dropId);
    await drops({ drop: dropId, restock: 1 });
    await drops({ drop: dropId, close: true });
    await people.pass(20);
    expect(news(fan, "Reopened")).toEqual([]);
    await drops({ drop: dropId, reopen: true });
    await people.pass(2);
    expect(news(fan, "Reopened")).toHaveLength(1);
  });

  test("reaches nobody whose DMs are closed, and takes them off the list without trouble", async () => {
    const { dropId } = await soldOut("Closed");
    const shut = people.person({ dmsClosed: true });
    const fan = people.person();
    await join(shut, dropId);
    await join(fan, dropId);
    await drops({ drop: dropId, restock: 1 });
    await people.pass(2);
    expect(news(fan, "Closed")).toHaveLength(1);
    expect(await waits(dropId)).toEqual([]);
  });

  test("can be taken back, and joined again after the message", async () => {
    const { dropId } = await soldOut("Second thoughts");
    const fan = people.person();
    const answer = await join(fan, dropId);
    expect((await people.pressIn(fan, answer, "Don't notify me")).text).toContain("off the list");
    await drops({ drop: dropId, restock: 1 });
    await people.pass(2);
    expect(news(fan, "Second thoughts")).toEqual([]);
    expect((await drops({ drop: dropId, close: true })).text).toContain("off sale");
    await drops({ drop: dropId, reopen: true });
    await people.purchase(dropId);
    await people.pass(0.1);
    await join(fan, dropId);
    await drops({ drop: dropId, restock: 1 });
    await people.pass(2);
    expect(news(fan, "Second thoughts")).toHaveLength(1);
  });

  test("comes although its task is lost, by the sweeper, and once although it is repeated", async () => {
    const { dropId } = await soldOut("Lost");
    const fan = people.person();
    await join(fan, dropId);
    cloud.faults.add({
      target: "tasks",
      operation: /drop-back/,
      fault: { kind: "fail", code: 14 },
    });
    await drops({ drop: dropId, restock: 1 });
    await people.pass(1);
    expect(news(fan, "Lost")).toEqual([]);
    cloud.faults.clear();
    await people.pass(31);
    expect(news(fan, "Lost")).toHaveLength(1);
  });

  test("comes although the press died behind its commit, and its repeat found units", async () => {
    const { dropId } = await soldOut("Died");
    const fan = people.person();
    const commit = { target: "firestore", operation: /^Commit/ } as const;
    cloud.faults.add({ ...commit, fault: { kind: "lose-answer" }, times: 1 });
    cloud.faults.add({ ...commit, fault: { kind: "fail", code: 7 }, times: 1 });
    await join(fan, dropId);
    expect(cloud.faults.rules()).toEqual([]);
    expect(await waits(dropId)).toHaveLength(1);
    await drops({ drop: dropId, restock: 1 });
    await people.pass(31);
    expect(await waits(dropId)).toEqual([]);
    expect(news(fan, "Died")).toHaveLength(1);
  });

  test("does not take the builder, nor anyone while there are units", async () => {
    const { dropId } = await soldOut("Own");
    expect((await join(builder.id, dropId)).text).toContain("This is your own drop.");
    const fan = people.person();
    const { interactionId } = await join(fan, dropId);
    expect(interactionId).toBeTruthy();
    expect(await waits(dropId)).toHaveLength(1);
  });

  test("is in the file of my-data, and is forgotten with the person", async () => {
    const { dropId } = await soldOut("Private");
    const fan = people.person();
    await join(fan, dropId);
    await people.command(fan, "c500 my-data");
    const file = cloud.discord.dms(fan).at(-1)?.attachments[0]?.url ?? "";
    const data = await (await cloud.fetch(file)).text();
    expect(JSON.parse(data)).toMatchObject({ drops_waited_for: [{ drop_id: dropId }] });
    const asked = await people.command(fan, "c500 forget me");
    const label = asked.buttons[0]?.label ?? "";
    await people.pressIn(fan, asked, label);
    await people.pass(90);
    expect(await waits(dropId)).toEqual([]);
  });
});
