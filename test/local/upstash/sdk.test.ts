import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { Redis } from "@upstash/redis";
import { LocalClock } from "../../../local/kit/clock.ts";
import { FaultPlan } from "../../../local/kit/faults.ts";
import { startUpstash, type Upstash } from "../../../local/upstash/index.ts";
import { ENGINES } from "./engines.ts";

const TOKEN = "token";
const NO_WAIT = { retries: 5, backoff: () => 0 };

describe.each(ENGINES)("the Upstash client on %s", (engine) => {
  const clock = new LocalClock();
  const faults = new FaultPlan();
  let upstash: Upstash;
  let redis: Redis;

  beforeAll(async () => {
    upstash = await startUpstash({ clock, faults, token: TOKEN, engine });
    redis = new Redis({ url: upstash.url, token: TOKEN, retry: NO_WAIT });
  });
  beforeEach(async () => {
    faults.clear();
    await upstash.loseData();
  });
  afterAll(async () => {
    await upstash.stop();
    clock.stop();
  });

  test("commands issued together travel as one pipeline and each gets its own answer", async () => {
    const requests = countRequests();
    const replies = await Promise.all([redis.set("k", "v"), redis.incr("n"), redis.incr("n")]);
    expect(replies).toEqual(["OK", 1, 2]);
    expect(requests()).toEqual(["PIPELINE SET INCR INCR"]);
  });

  test("without automatic pipelining a script is one request of its own", async () => {
    const direct = new Redis({ url: upstash.url, token: TOKEN, enableAutoPipelining: false });
    const requests = countRequests();
    expect(await direct.eval("return ARGV[1]", [], ["x"])).toBe("x");
    expect(requests()).toEqual(["EVAL"]);
  });

  test("values come back as they went in", async () => {
    const order = { id: "cs_test_123", cents: 12_345, tags: ["ø", "🎹"], paid: false };
    await redis.set("order", order);
    await redis.set("snowflake", "123456789012345678");
    await redis.hset("h", { text: "påske", number: 7, nested: { a: [1] } });
    expect(await redis.get("order")).toEqual(order);
    expect(await redis.get("snowflake")).toBe("123456789012345678");
    expect(await redis.hgetall("h")).toEqual({ text: "påske", number: 7, nested: { a: [1] } });
    expect(await redis.get("missing")).toBeNull();
  });

  test("texts stay texts without automatic deserialisation", async () => {
    const raw = new Redis({ url: upstash.url, token: TOKEN, automaticDeserialization: false });
    await raw.set("k", "7");
    expect(await raw.get("k")).toBe("7");
    expect(await raw.eval("return {'1', 2, {'OK'}}", [], [])).toEqual(["1", 2, ["OK"]]);
  });

  test("sorted sets and streams speak the client's types", async () => {
    await redis.zadd("z", { score: 3, member: "c" }, { score: 1, member: "a" });
    expect(await redis.zrange("z", 0, -1, { withScores: true })).toEqual(["a", 1, "c", 3]);
    expect(await redis.xadd("s", "5-1", { bidder: "ann", amount: 500 })).toBe("5-1");
    expect(await redis.xrange("s", "-", "+")).toEqual({ "5-1": { bidder: "ann", amount: 500 } });
  });

  test("a scan finds every key, also while others come and go", async () => {
    const names = Array.from({ length: 60 }, (_, index) => `stay:${index}`);
    await Promise.all(names.map((name) => redis.set(name, 1)));
    await Promise.all(names.map((_, index) => redis.set(`gone:${index}`, 1)));
    const found = new Set<string>();
    let cursor = "0";
    do {
      const [next, keys] = await redis.scan(cursor, { match: "stay:*", count: 7 });
      for (const key of keys) found.add(key);
      await redis.del(`gone:${found.size % 60}`);
      await redis.set(`new:${found.size}`, 1);
      cursor = next;
    } while (cursor !== "0");
    expect([...found].sort()).toEqual(names.sort());
  });

  test("a script is sent once and known by its digest from then on", async () => {
    const requests = countRequests();
    const script = redis.createScript<number>(
      "#!lua flags=allow-key-locking\nreturn redis.call('INCR', KEYS[1])",
    );
    expect(await script.exec(["n"], [])).toBe(1);
    expect(await script.exec(["n"], [])).toBe(2);
    expect(requests()).toEqual(["PIPELINE EVALSHA", "PIPELINE EVAL", "PIPELINE EVALSHA"]);
  });

  test("a transaction gives one answer per command", async () => {
    expect(await redis.multi().set("k", 1).incr("k").get("k").exec()).toEqual(["OK", 2, 2]);
  });

  test("a command's error reaches the caller with Redis's text", async () => {
    await redis.set("k", "text");
    await expect(redis.incr("k")).rejects.toThrow("ERR value is not an integer or out of range");
    await expect(redis.hget("k", "f")).rejects.toThrow(/WRONGTYPE/);
  });

  test("a wrong token is refused", async () => {
    const stranger = new Redis({ url: upstash.url, token: "wrong", retry: NO_WAIT });
    await expect(stranger.get("k")).rejects.toThrow("WRONGPASS");
  });

  test("a connection that breaks beforehand is tried again, and the command runs once", async () => {
    const once = new Redis({ url: upstash.url, token: TOKEN, retry: { retries: 0 } });
    faults.add({ target: "upstash", operation: /INCR/, fault: { kind: "drop" }, times: 3 });
    await expect(once.incr("n")).rejects.toThrow("fetch failed");
    expect(await redis.incr("n")).toBe(1);
  });

  test("a lost answer makes the client run the command a second time", async () => {
    faults.add({ target: "upstash", operation: /INCR/, fault: { kind: "lose-answer" }, times: 1 });
    expect(await redis.incr("n")).toBe(2);
  });

  test("a failing database answers with its status and does nothing", async () => {
    faults.add({
      target: "upstash",
      operation: /^INCR$/,
      fault: { kind: "fail", code: 503, retryAfterMs: 1500 },
      times: 1,
    });
    const headers = { authorization: `Bearer ${TOKEN}` };
    const body = '["INCR","n"]';
    const refused = await fetch(upstash.url, { method: "POST", headers, body });
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("2");
    expect(await refused.json()).toEqual({ error: expect.stringMatching(/^ERR /) });
    expect(await redis.incr("n")).toBe(1);
  });

  test("a delayed command runs once its time has come", async () => {
    faults.add({
      target: "upstash",
      operation: /SET/,
      fault: { kind: "delay", ms: 60_000 },
      times: 1,
    });
    const slow = redis.set("k", "late");
    while (clock.nextDueMs() === undefined) await new Promise(setImmediate);
    expect(await redis.get("k")).toBeNull();
    await clock.advance(60_000);
    expect(await slow).toBe("OK");
    expect(await redis.get("k")).toBe("late");
  });

  test("keys expire by the local clock, however far it is advanced at once", async () => {
    await redis.set("short", "v", { ex: 60 });
    await redis.set("long", "v", { ex: 7200 });
    await redis.set("for ever", "v");
    await clock.advance(59_000);
    expect(await redis.exists("short")).toBe(1);
    await clock.advance(2_000);
    expect(await redis.get("short")).toBeNull();
    expect(await redis.get("long")).toBe("v");
    const left = await redis.pttl("long");
    expect(left).toBeGreaterThan(7_000_000);
    expect(left).toBeLessThanOrEqual(7_139_000);
    await clock.advance(365 * 86_400_000);
    expect(await redis.multi().exists("long").exists("for ever").exec()).toEqual([0, 1]);
  });

  test("what is set after the clock was advanced has all of its time", async () => {
    await clock.advance(86_400_000);
    await redis.set("k", "v", { px: 60_000 });
    expect(await redis.pttl("k")).toBeGreaterThan(50_000);
    const script = "return redis.call('EXISTS', KEYS[1])";
    expect(await redis.eval(script, ["k"], [])).toBe(1);
    await clock.advance(60_001);
    expect(await redis.eval(script, ["k"], [])).toBe(0);
  });

  /** The operations of the requests from now on, as the fault plan sees them. */
  function countRequests(): () => string[] {
    const seen: string[] = [];
    const spy = /^/;
    const operation = Object.assign(spy, {
      test: (name: string) => {
        seen.push(name);
        return false;
      },
    });
    faults.add({ target: "upstash", operation, fault: { kind: "drop" } });
    return () => seen;
  }
});
