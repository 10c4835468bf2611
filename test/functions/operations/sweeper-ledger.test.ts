import { beforeEach, describe, expect, test } from "@jest/globals";
import { useCloud } from "../../support/cloud.ts";
import { shoppers } from "../../support/shop/shop.ts";
import { deleteAll } from "../../support/stored/documents.ts";
import { sweeps } from "./sweeps.ts";

const HOUR_MINUTES = 60;

const cloud = await useCloud();
const people = shoppers(cloud);
const { sweep } = sweeps(cloud, people);
beforeEach(async () => {
  // Deliveries delayed by an earlier test arrive now, before the next test's faults.
  await people.pass(10);
});

describe("the sweeper's check of the ledger", () => {
  const lines = (event: string) =>
    cloud.logLines.filter((line) => line.includes(`"event":"${event}"`));
  const posted = (id: string) => cloud.firestore.doc(`ledger/planted/postings/${id}`);

  test("runs four times a day, and finds a balanced ledger in order", async () => {
    await people.pass(6 * HOUR_MINUTES);
    const before = lines("ledger-checked").length;
    for (let hours = 0; hours < 12; hours += 1) await people.pass(HOUR_MINUTES);
    expect(lines("ledger-checked")).toHaveLength(before + 2);
    expect(lines("ledger-unbalanced")).toEqual([]);
  });

  test("reports a currency whose postings do not sum to zero, and no other", async () => {
    const at = new Date(cloud.clock.nowMs());
    const shared = { account: "platform", kind: "sale", at, available_at: at };
    await posted("0").set({ ...shared, currency: "jpy", amount: 500 });
    await posted("1").set({ ...shared, currency: "jpy", amount: -500 });
    await posted("2").set({ ...shared, currency: "usd", amount: 7 });
    await people.pass(6 * HOUR_MINUTES);
    await sweep();
    const [line, ...others] = lines("ledger-unbalanced");
    expect(JSON.parse(line ?? "")).toMatchObject({
      severity: "ERROR",
      currency: "usd",
      amount: 7,
    });
    expect(others).toEqual([]);
    for (const id of ["0", "1", "2"]) await posted(id).delete();
  });
});

describe("the sweeper's check of a ledger of many days", () => {
  test("continues in the next run where it stopped, and logs when it has finished", async () => {
    const lines = (event: string) =>
      cloud.logLines.filter((line) => line.includes(`"event":"${event}"`)).length;
    const planted = cloud.firestore.collection("ledger").doc("long-ago").collection("postings");
    const batch = cloud.firestore.batch();
    for (let day = 0; day < 410; day += 1) {
      const at = new Date(Date.UTC(2020, 0, 1 + day));
      const amount = day === 405 ? 7 : 0;
      const shared = { account: "platform", kind: "sale", currency: "usd", amount };
      batch.set(planted.doc(String(day)), { ...shared, at, available_at: at });
    }
    await batch.commit();
    const [wrong, checked] = [lines("ledger-unbalanced"), lines("ledger-checked")];
    await cloud.firestore.doc("sweeps/ledger").delete();
    await sweep();
    expect([lines("ledger-unbalanced"), lines("ledger-checked")]).toEqual([wrong, checked]);
    await sweep();
    expect([lines("ledger-unbalanced"), lines("ledger-checked")]).toEqual([wrong + 1, checked + 1]);
    await deleteAll(cloud.firestore, planted.path);
  });
});
