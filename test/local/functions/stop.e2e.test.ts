import { setImmediate } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { startTestCloud } from "../../support/cloud.ts";

test("a cloud that stops lets a function finish what it is at", async () => {
  const cloud = await startTestCloud({ onSockets: true });
  const slow = { kind: "delay", ms: 200 } as const;
  cloud.faults.add({ target: "firestore", fault: slow, times: 1 });
  const answer = fetch(`${cloud.url("web")}/drop/unknown`);
  while (cloud.functions.idle()) await setImmediate();
  await cloud.stop();
  expect((await answer).status).toBe(404);
});
