import { beforeEach, describe, expect, test } from "@jest/globals";
import { useCloud } from "../../support/cloud.ts";
import { sales } from "../../support/races/sales.ts";
import { shoppers } from "../../support/shop/shop.ts";
import { sweeps } from "./sweeps.ts";

const LOST = { kind: "drop" } as const;

const cloud = await useCloud();
const people = shoppers(cloud);
const books = sales(cloud, people);
const { sweep } = sweeps(cloud, people);
beforeEach(async () => {
  // Deliveries delayed by an earlier test arrive now, before the next test's faults.
  await people.pass(10);
});

describe("the sweeper does lost work", () => {
  test("a post that shows an old state is updated", async () => {
    const { id: builder } = await people.builder();
    const dropId = await people.drop(builder, { quantity: "3" });
    await people.pass(1);
    cloud.faults.add({ target: "tasks", operation: /^CreateTask/, fault: LOST });
    await people.buyNow(people.person(), dropId);
    await people.pass(1);
    expect(people.shown(dropId, "Units left")).toBe("3 of 3");
    cloud.faults.clear();
    await books.nextSweep();
    await people.pass(1);
    expect(people.shown(dropId, "Units left")).toBe("2 of 3");
  });
});

test("of many drops, each run checks ten posts, and the next run the next ones", async () => {
  const { id: builder } = await people.builder();
  const drops: string[] = [];
  for (let count = 0; count < 12; count += 1) {
    drops.push(await people.drop(builder, { quantity: "1" }));
    await people.pass(1);
  }
  const checkedIn = async (runs: number) => {
    const before = cloud.tasks?.tasks().length ?? 0;
    const checked = new Set<unknown>();
    for (let run = 0; run < runs; run += 1) await sweep();
    for (const { queueId, body } of cloud.tasks?.tasks().slice(before) ?? []) {
      if (queueId === "drop-board") checked.add(JSON.parse(String(body)).dropId);
    }
    return checked;
  };
  expect((await checkedIn(1)).size).toBe(10);
  expect([...(await checkedIn(20))]).toEqual(expect.arrayContaining(drops));
});
