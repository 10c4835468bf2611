import { expect, test } from "@jest/globals";
import type { Panels } from "../../../studio/server/panels/index.ts";
import { seeder } from "../../support/cloud.ts";
import { goLive } from "../../support/going-live/go-live.ts";
import { hasBrowser, useStudio } from "../support/studio.ts";

const studio = await useStudio({ onSockets: true });
const { cloud } = studio;
const seed = seeder(cloud);

type Calls = Panels["firestore"]["calls"];
type Name = keyof Calls;
type Answer<N extends Name> = Awaited<ReturnType<Calls[N]["run"]>>;

async function ask<N extends Name>(name: N, input: object): Promise<Answer<N>> {
  const response = await studio.call("firestore", name, input);
  const body = await response.json();
  if (!response.ok) throw new Error(body.error);
  return body;
}

const DOCUMENTS = 12_000;

test(`${DOCUMENTS} documents are paged without sending them all`, async () => {
  for (let from = 0; from < DOCUMENTS; from += 500) {
    const batch = cloud.googleFirestore.batch();
    for (let number = from; number < from + 500; number += 1) {
      const place = cloud.googleFirestore.doc(`many/n${String(number).padStart(5, "0")}`);
      batch.set(place, { number, parity: number % 2 === 0 ? "even" : "odd" });
    }
    await batch.commit();
  }
  const collections = await ask("collections", {});
  expect(collections).toContainEqual({ id: "many", documents: DOCUMENTS });
  const last = await ask("page", { collection: "many", page: DOCUMENTS / 50 - 1 });
  expect(last.matching).toBe(DOCUMENTS);
  expect(last.documents).toHaveLength(50);
  expect(last.documents.at(-1)?.path).toBe("many/n11999");
  const odd = await ask("page", {
    collection: "many",
    filter: { field: "parity", op: "==", value: "odd" },
    sort: { field: "number", isDescending: true },
  });
  expect(odd.matching).toBe(DOCUMENTS / 2);
  expect(odd.documents[0]?.path).toBe("many/n11999");
});

test("a collection below a document that does not exist is reached", async () => {
  await cloud.firestore.doc("ghosts/g1/sheets/s1").set({ white: true });
  const page = await ask("page", { collection: "ghosts" });
  expect(page.documents).toEqual([{ path: "ghosts/g1" }]);
  const ghost = await ask("document", { path: "ghosts/g1" });
  expect(ghost.collections).toEqual([{ id: "sheets", documents: 1 }]);
});

test("a commit is listed with what it changed and the trace that made it", async () => {
  const builder = await seed.builder({ title: "x" });
  const order = await seed.order(builder.id);
  await goLive(cloud, builder.id, { context: "order", orders: order.id });
  const { commits, description } = await ask("document", { path: `orders/${order.id}` });
  expect(commits[0]?.traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(commits[0]?.changes[0]).toMatchObject({ path: `orders/${order.id}`, what: "changed" });
  expect(commits[0]?.changes[0]?.fields.length).toBeGreaterThan(0);
  expect(description?.fields["buyer_id"]).toEqual({
    type: "Discord user id",
    personal: "a random name takes its place",
  });
});

test("a field is edited with its type, and what cannot be written is refused in words", async () => {
  await cloud.firestore.doc("notes/n1").set({ at: new Date(0), text: "before" });
  const json = '{"$time":"2026-06-01T12:00:00Z"}';
  await ask("setField", { path: "notes/n1", field: "at", json });
  const stored = (await cloud.googleFirestore.doc("notes/n1").get()).data();
  expect(stored).toMatchObject({ text: "before" });
  expect(stored?.["at"].toDate()).toEqual(new Date("2026-06-01T12:00:00Z"));
  await expect(ask("setField", { path: "notes/n1", field: "at", json: "hello" })).rejects.toThrow(
    'That is not JSON. A text needs quotation marks: "like this".',
  );
  await expect(ask("setField", { path: "notes/n2", field: "at", json })).rejects.toThrow(
    /no document|not found/i,
  );
});

if (hasBrowser) {
  test("a value that changes is highlighted, and HTML in it is text", async () => {
    const place = cloud.firestore.doc("notes/shown");
    await place.set({ text: "before", number: 1 });
    const tab = await studio.open("/inside?tab=firestore&document=notes/shown");
    await tab.until(`document.querySelector(".values") !== null`);
    expect(await tab.evaluate(`document.querySelectorAll(".values .flash-odd").length`)).toBe(0);
    await place.update({ text: "<img src=x onerror=alert(1)>" });
    await tab.until(`document.querySelector(".values .flash-odd")?.textContent.includes("<img")`);
    await tab.until(`document.querySelector("tr.flash-odd") !== null`);
    expect(await tab.evaluate(`document.querySelectorAll(".values .flash-odd").length`)).toBe(1);
    expect(await tab.evaluate(`document.querySelector(".inside img")`)).toBeNull();
    expect(tab.complaints).toEqual([]);
    await tab.close();
  });
}
