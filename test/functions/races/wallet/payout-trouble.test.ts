import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { createPayouts } from "../../../../functions/races/store/payouts/payouts.ts";
import { checkLedger } from "../../../../tools/ops/ledger/check.ts";
import { community } from "../../../support/cloud.ts";
import { startPayouts } from "../../../support/races/payouts.ts";

const MINUTE_MS = 60_000;
let world: Awaited<ReturnType<typeof startPayouts>>;
let cloud: (typeof world)["cloud"];

beforeAll(async () => {
  world = await startPayouts();
  cloud = world.cloud;
});
beforeEach(() => cloud.faults.clear());
afterAll(() => cloud.stop());

describe("a payout that crashes midway", () => {
  const store = (operation: RegExp) => ({
    target: "firestore" as const,
    operation,
    fault: { kind: "fail" as const, code: 14 },
  });
  const chat = (operation: RegExp) => ({
    target: "discord" as const,
    operation,
    fault: { kind: "fail" as const, code: 401 },
  });

  test.each([
    ["as its money leaves the wallet", store(/^Commit/)],
    ["as its code is sent", chat(/^POST \/users\/@me\/channels/)],
    ["as it is announced", chat(/^POST \/channels/)],
    ["as the staff member is answered", chat(/^PATCH \/webhooks/)],
  ])("%s is finished once, with the same result", async (_when, trouble) => {
    const user = await world.racer(5000);
    cloud.faults.add({ ...trouble, times: 3 });
    await world.pay(user, "50", { code: "HALF-WAY" });
    await cloud.eventually(() => world.cashOuts(user).length > 0);
    await cloud.clock.advance(5 * MINUTE_MS);
    await cloud.settle();
    expect(await world.left(user)).toBe(0);
    expect(world.cashOuts(user)).toHaveLength(1);
    expect(world.people.messagesTo(user).filter((text) => text.includes("HALF-WAY"))).toHaveLength(
      1,
    );
    expect((await world.payouts(user)).map((payout) => payout.get("state"))).toEqual(["done"]);
  });

  test.each([
    ["fail", { kind: "fail", code: 14 }],
    ["succeed without a response", { kind: "lose-answer" }],
  ] as const)("while half of all writes %s is finished once", async (_what, fault) => {
    const { user, account } = await world.connectedRacer(10_000);
    cloud.faults.add({
      target: "firestore",
      operation: /^Commit/,
      probability: 0.5,
      times: 10,
      fault,
    });
    await world.pay(user, "50", { method: "stripe" });
    await world.pay(user, "40", { code: "STORM" });
    await cloud.eventually(() => world.cashOuts(user).length >= 2);
    cloud.faults.clear();
    await world.shop.nextSweep();
    expect(await world.left(user)).toBe(1000);
    expect(world.shop.has({ account })).toBe(5000);
    expect(world.cashOuts(user)).toHaveLength(2);
    expect(world.shop.timesNotified(user, "STORM")).toBe(1);
    const states = (await world.payouts(user)).map((payout) => payout.get("state"));
    expect(states).toEqual(["done", "done"]);
  });

  test("as it is transferred is transferred once", async () => {
    const { user, account } = await world.connectedRacer(5000);
    cloud.faults.add({
      target: "stripe",
      operation: /^POST \/v1\/transfers/,
      times: 3,
      fault: { kind: "drop" },
    });
    await world.pay(user, "50", { method: "stripe" });
    await cloud.eventually(() => world.cashOuts(user).length > 0);
    expect(world.shop.has({ account })).toBe(5000);
    expect(await world.left(user)).toBe(0);
  });

  test("and is given up by Pub/Sub is finished by the sweeper, which notifies the staff member", async () => {
    const user = await world.racer(5000);
    const asker = world.staffMember();
    cloud.faults.add(chat(new RegExp(`^POST /channels/${community.generalChannelId}/`)));
    const { interactionId } = await world.pay(user, "50", { code: "SWEPT" }, asker);
    await cloud.eventually(async () => (await world.shop.deadLetters()).length > 0);
    await cloud.settle();
    const answer = cloud.discord.interaction(interactionId)?.original?.content;
    const heard = [answer, ...world.people.messagesTo(asker)].join();
    expect(heard).toContain("Don't run it again");
    expect(heard).not.toContain("didn't work");
    const deadLetters = await cloud.firestore.collection("dead_letters").get();
    expect(JSON.stringify(deadLetters.docs.map((deadLetter) => deadLetter.data()))).not.toContain(
      "SWEPT",
    );
    cloud.faults.clear();
    await world.shop.nextSweep();
    expect(world.cashOuts(user)).toHaveLength(1);
    expect(world.shop.timesNotified(user, "SWEPT")).toBe(1);
    expect(world.shop.timesNotified(asker, "Done: $50.00")).toBe(1);
    expect(await world.left(user)).toBe(0);
  });

  test("and is finished by the sweeper is reported to the operators if the staff member accepts no DMs", async () => {
    const user = await world.racer(5000);
    const asker = world.people.person({ permissions: "32", dmsClosed: true });
    const kept = (await world.shop.deadLetters()).length;
    cloud.faults.add(chat(new RegExp(`^POST /channels/${community.generalChannelId}/`)));
    await world.pay(user, "50", { code: "UNHEARD" }, asker);
    await cloud.eventually(async () => (await world.shop.deadLetters()).length > kept);
    cloud.faults.clear();
    await world.shop.nextSweep();
    await world.shop.nextSweep();
    const reports = cloud.discord
      .messages(community.operatorsChannelId)
      .filter(({ content }) => content.includes("Done: $50.00") && content.includes(user));
    expect(reports).toHaveLength(1);
    const unfinished = await createPayouts(async () => cloud.firestore).unfinished(
      cloud.clock.now(),
    );
    expect(unfinished.filter(({ racerId }) => racerId === user)).toEqual([]);
  });
});

describe("the books after all of this", () => {
  test("add up", async () => {
    const { flaws } = await checkLedger(cloud.firestore);
    expect(flaws).toEqual([]);
  });
});
