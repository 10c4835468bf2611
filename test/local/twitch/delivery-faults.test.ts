import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Fault } from "../../../local/kit/faults.ts";
import { openCallback, wellMade } from "./callback.ts";
import { letRetriesPass, type OpenTwitch, openTwitch, subscribe } from "./support.ts";

const MINUTE_MS = 60_000;

let open: OpenTwitch;
let callback: Awaited<ReturnType<typeof openCallback>>;

beforeEach(async () => {
  open = await openTwitch();
  callback = await openCallback();
});
afterEach(async () => {
  await open.close();
  await callback.stop();
});

const notifications = () => callback.ofType("notification");
describe("planned faults of deliveries", () => {
  const plan = (fault: Fault, operation = /^deliver stream\.online$/) =>
    open.faults.add({ target: "twitch", operation, fault, times: 1 });

  async function goLiveStruckBy(fault: Fault) {
    await subscribe(open, callback.url, "stream.online");
    plan(fault);
    open.twitch.goLive("ada");
    await open.twitch.whenIdle();
  }

  test.each<[string, Fault, string[]]>([
    ["dropped", { kind: "drop" }, ["1"]],
    ["failed", { kind: "fail", code: 502 }, ["1"]],
    ["taken but its answer lost", { kind: "lose-answer" }, ["0", "1"]],
  ])("a message that is %s comes again", async (_case, fault, retries) => {
    await goLiveStruckBy(fault);
    await letRetriesPass(open);
    expect(notifications().map(({ retry }) => retry)).toEqual(retries);
  });

  test("a duplicated message comes so often, under one id", async () => {
    await goLiveStruckBy({ kind: "duplicate", copies: 3 });
    expect(notifications()).toHaveLength(3);
    expect(new Set(notifications().map(({ id }) => id)).size).toBe(1);
  });

  test("a delayed message comes when its time has come", async () => {
    await goLiveStruckBy({ kind: "delay", ms: 5 * MINUTE_MS });
    expect(notifications()).toEqual([]);
    await open.clock.advance(5 * MINUTE_MS);
    await open.twitch.whenIdle();
    expect(notifications()).toHaveLength(1);
  });

  test("a reordered message is overtaken by the next", async () => {
    await subscribe(open, callback.url, "stream.online");
    await subscribe(open, callback.url, "stream.offline");
    plan({ kind: "reorder" });
    open.twitch.goLive("ada");
    open.twitch.endStream("ada");
    await open.twitch.whenIdle();
    expect(notifications().map(({ body }) => body.subscription.type)).toEqual([
      "stream.offline",
      "stream.online",
    ]);
  });

  test("a challenge that is lost fails the subscription", async () => {
    plan({ kind: "drop" }, /^deliver webhook_callback_verification$/);
    await subscribe(open, callback.url, "stream.online");
    expect(open.twitch.subscriptions()).toMatchObject([
      { status: "webhook_callback_verification_failed" },
    ]);
  });

  test("a callback that hangs counts as failed after ten seconds", async () => {
    await subscribe(open, callback.url, "stream.online");
    callback.answer = (message) =>
      message.retry === "0" ? new Promise(() => {}) : wellMade(message);
    open.twitch.goLive("ada");
    await open.clock.advance(10_000);
    await open.twitch.whenIdle();
    expect(open.twitch.events().at(-1)).toMatchObject({ kind: "message", result: "deadline" });
    await letRetriesPass(open);
    expect(notifications().map(({ retry }) => retry)).toEqual(["0", "1"]);
  });
});
