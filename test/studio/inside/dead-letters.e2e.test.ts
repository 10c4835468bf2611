import { expect, test } from "@jest/globals";
import type { Panels } from "../../../studio/server/panels/index.ts";
import { seeder } from "../../support/cloud.ts";
import { goLive } from "../../support/going-live/go-live.ts";
import { useStudio } from "../support/studio.ts";

const studio = await useStudio();
const { cloud } = studio;
const seed = seeder(cloud);

type Answer<
  P extends "dead-letters" | "messages" | "traces",
  N extends keyof Panels[P]["calls"],
> = Panels[P]["calls"][N] extends { run(input: never): infer Output } ? Awaited<Output> : never;

async function ask<
  P extends "dead-letters" | "messages" | "traces",
  N extends keyof Panels[P]["calls"] & string,
>(panel: P, name: N, input: object = {}): Promise<Answer<P, N>> {
  const response = await studio.call(panel, name, input);
  const body = await response.json();
  if (!response.ok) throw new Error(body.error);
  return body;
}

/** An order that cannot be read, another that can, and the dead letter of a go-live with the first. */
async function poisoned() {
  const builder = await seed.builder({ title: "x" });
  const order = await seed.order(builder.id, { fulfillment_status: 7 });
  const good = await seed.order(builder.id);
  await goLive(cloud, builder.id, { context: "order", orders: order.id });
  await cloud.settle();
  const letters = await ask("dead-letters", "list");
  const open = letters.find(({ state }) => state === "open");
  return { id: open?.id ?? "", order, good };
}
const statusOf = async (orderId: string) =>
  (await cloud.firestore.doc(`orders/${orderId}`).get()).data()?.["fulfillment_status"];

test("a dead letter is replayed with an edit, which takes effect in a trace of its own", async () => {
  const { id, order, good } = await poisoned();
  const letter = await ask("dead-letters", "open", { id });
  expect(letter.reason).toMatch(/malformed in: fulfillment_status/);
  const body = letter.body.replaceAll(order.id, good.id);
  const { traceId } = await ask("dead-letters", "replay", { id, body });
  await cloud.settle();
  expect(await statusOf(good.id)).toBe("building");
  expect((await ask("dead-letters", "open", { id })).state).toBe("replayed");
  const trace = await ask("traces", "open", { id: traceId ?? "" });
  expect(trace?.calls.map((call) => [call.function, call.outcome])).toEqual([
    ["order-verification", "done"],
  ]);
});

test("an edit that no function could read is refused in words", async () => {
  const { id } = await poisoned();
  await expect(ask("dead-letters", "replay", { id, body: '{"id":5}' })).rejects.toThrow(
    /does not fit the schema of .*Check .*id/,
  );
  await expect(ask("dead-letters", "replay", { id, body: "hello" })).rejects.toThrow("not JSON");
  await expect(ask("dead-letters", "discard", { id, reason: " " })).rejects.toThrow("Say why");
  await ask("dead-letters", "discard", { id, reason: "a test" });
  expect((await ask("dead-letters", "open", { id })).state).toBe("discarded");
});

test("a past message is sent again, but not if it was handled and must not be twice", async () => {
  const builder = await seed.builder({ title: "x" });
  const { interactionId } = await goLive(cloud, builder.id, { context: "chat" });
  await cloud.settle();
  const message = cloud.pubsub?.published().find(({ data }) => data.includes(interactionId));
  const messageId = message?.messageId ?? "";
  const { body, receivers } = await ask("messages", "message", { messageId });
  expect(receivers).toEqual(["go-live"]);
  const once = { messageId, body, onlyIfNeverRan: true };
  await expect(ask("messages", "resend", once)).rejects.toThrow("Not sent: go-live handled it at");
  const { traceId } = await ask("messages", "resend", { messageId, body });
  await cloud.settle();
  const trace = await ask("traces", "open", { id: traceId });
  expect(trace?.calls[0]).toMatchObject({ function: "go-live", outcome: "done" });
});

test("a message that is refused waits in its subscription until its next attempt", async () => {
  const fault = { kind: "fail", code: 500 } as const;
  cloud.faults.add({ target: "pubsub", operation: /^deliver go-live$/, fault, times: 1 });
  const builder = await seed.builder({ title: "x" });
  await goLive(cloud, builder.id, { context: "chat" });
  await cloud.settle();
  const { subscriptions } = await ask("messages", "read");
  expect(subscriptions[0]).toMatchObject({ id: "go-live", backlog: 1, retrying: 1 });
  const [waiting] = await ask("messages", "backlog", { subscription: "go-live" });
  expect(waiting).toMatchObject({ attempts: 1, state: "waiting", nextMs: expect.any(Number) });
});

test("a task that waits for its time can be run at once", async () => {
  const dueAt = new Date(cloud.clock.nowMs() + 3_600_000);
  const url = `${cloud.url("drop-board")}?`;
  const task = { name: "later", dueAt, url, headers: {}, body: Buffer.from("{}"), account: "" };
  await cloud.tasks?.queues(Math.random).create("drop-board", task);
  const before = await ask("messages", "read");
  expect(before.waiting).toContainEqual(
    expect.objectContaining({ taskId: "later", queue: "drop-board", state: "waiting" }),
  );
  await ask("messages", "runTask", { queue: "drop-board", taskId: "later" });
  await cloud.settle();
  const after = await ask("messages", "read");
  expect(after.waiting.map(({ taskId }) => taskId)).not.toContain("later");
});
