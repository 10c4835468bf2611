import { Firestore } from "@google-cloud/firestore";
import { expect, test } from "@jest/globals";
import { startFirestore } from "../../../../../local/google/firestore/index.ts";
import { LocalClock } from "../../../../../local/kit/clock.ts";
import { FaultPlan } from "../../../../../local/kit/faults.ts";
import { useFirestoreAt } from "../../../../support/google/emulators.ts";

const byState = [
  { fieldPath: "state", order: "ASCENDING" },
  { fieldPath: "at", order: "DESCENDING" },
] as const;
const indexes = [
  { collectionGroup: "orders", queryScope: "COLLECTION", fields: byState },
  { collectionGroup: "units", queryScope: "COLLECTION_GROUP", fields: byState },
] as const;

test("composite indexes are listed with the document's name, and a deleted one is missed", async () => {
  const clock = new LocalClock();
  const faults = new FaultPlan();
  const emulator = await startFirestore({
    clock,
    faults,
    indexes: { indexes, fieldOverrides: [] },
  });
  useFirestoreAt(emulator.host);
  const firestore = new Firestore({ projectId: "p", gaxServerStreamingRetries: true });
  const group = (name: string) =>
    `${emulator.adminUrl}/v1/projects/p/databases/(default)/collectionGroups/${name}/indexes`;
  const list = async (name: string) =>
    (await (await fetch(group(name))).json()) as { indexes: { name: string }[] };

  const all = await list("-");
  expect(all.indexes).toHaveLength(2);
  const [index] = (await list("orders")).indexes;
  expect(index).toEqual({
    name: expect.stringMatching(
      /^projects\/p\/databases\/\(default\)\/collectionGroups\/orders\/indexes\/[\w-]+$/,
    ),
    queryScope: "COLLECTION",
    fields: [...byState, { fieldPath: "__name__", order: "DESCENDING" }],
    state: "READY",
  });

  const ask = () =>
    firestore.collection("orders").where("state", "==", "paid").orderBy("at", "desc").get();
  await expect(ask()).resolves.toMatchObject({ empty: true });
  const url = `${emulator.adminUrl}/v1/${index?.name}`;
  expect((await fetch(url, { method: "DELETE" })).status).toBe(200);
  await expect(ask()).rejects.toMatchObject({ code: 9 });
  expect((await fetch(url, { method: "DELETE" })).status).toBe(404);

  await firestore.terminate();
  await emulator.stop();
  clock.stop();
});
