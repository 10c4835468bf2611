import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { LocalClock } from "../../../local/kit/clock.ts";
import { FaultPlan } from "../../../local/kit/faults.ts";
import { startUpstash, type Upstash } from "../../../local/upstash/index.ts";
import { ENGINES } from "./engines.ts";

const TOKEN = "secret-token";

describe.each(ENGINES)("the REST protocol on %s", (engine) => {
  const clock = new LocalClock();
  const faults = new FaultPlan();
  let upstash: Upstash;

  beforeAll(async () => {
    upstash = await startUpstash({ clock, faults, token: TOKEN, engine });
  });
  beforeEach(() => upstash.loseData());
  afterAll(async () => {
    await upstash.stop();
    clock.stop();
  });

  async function call(path: string, init: RequestInit = {}) {
    const headers = { authorization: `Bearer ${TOKEN}`, ...init.headers };
    const response = await fetch(`${upstash.url}${path}`, { ...init, headers });
    return { status: response.status, body: (await response.json()) as unknown };
  }
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    call(path, { method: "POST", body: JSON.stringify(body), headers });
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const encoded = { "upstash-encoding": "base64" };

  test("the engine that was asked for answers", () => {
    expect(upstash.engine).toBe(engine);
  });

  test("a command in the body is answered by its result", async () => {
    expect(await post("/", ["SET", "k", "värde"])).toEqual({ status: 200, body: { result: "OK" } });
    expect(await post("/", ["GET", "k"])).toEqual({ status: 200, body: { result: "värde" } });
    expect(await post("/", ["GET", "none"])).toEqual({ status: 200, body: { result: null } });
    expect(await post("/", ["INCR", "n"])).toEqual({ status: 200, body: { result: 1 } });
  });

  test("bytes that are no text survive in base64", async () => {
    const script = "return '\\0\\255\\128\\n\\r'";
    const reply = await post("/", ["EVAL", script, 0], encoded);
    const bytes = Buffer.from([0, 255, 128, 10, 13]);
    expect(reply.body).toEqual({ result: bytes.toString("base64") });
  });

  test("base64 covers every string but a plain OK, and leaves integers and null", async () => {
    expect((await post("/", ["SET", "k", "v"], encoded)).body).toEqual({ result: "OK" });
    expect((await post("/", ["PING"], encoded)).body).toEqual({ result: base64("PONG") });
    const script = "return {'a', 7, false, {'b', {'c'}}}";
    expect((await post("/", ["EVAL", script, 0], encoded)).body).toEqual({
      result: [base64("a"), 7, null, [base64("b"), [base64("c")]]],
    });
  });

  test("hashes come back as a flat list of fields and values", async () => {
    await post("/", ["HSET", "h", "a", 1, "b", "two"]);
    expect((await post("/", ["HGETALL", "h"])).body).toEqual({ result: ["a", "1", "b", "two"] });
  });

  test("a pipeline answers each command, and a failed one stops no other", async () => {
    const reply = await post("/pipeline", [
      ["SET", "k", "v"],
      ["INCR", "k"],
      ["GET", "k"],
    ]);
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual([
      { result: "OK" },
      { error: "ERR value is not an integer or out of range" },
      { result: "v" },
    ]);
  });

  test("a transaction runs all of its commands, also behind one that fails while running", async () => {
    const reply = await post("/multi-exec", [
      ["SET", "k", "v"],
      ["INCR", "k"],
      ["GET", "k"],
    ]);
    expect(reply).toEqual({
      status: 200,
      body: [
        { result: "OK" },
        { error: "ERR value is not an integer or out of range" },
        { result: "v" },
      ],
    });
  });

  test("a transaction with a command that cannot be queued changes nothing", async () => {
    const reply = await post("/multi-exec", [["SET", "k", "v"], ["GET"]]);
    expect(reply).toEqual({
      status: 400,
      body: { error: "ERR wrong number of arguments for 'get' command" },
    });
    expect((await post("/", ["EXISTS", "k"])).body).toEqual({ result: 0 });
  });

  test("a script with Upstash's locking flag runs, and is known by the digest of its own text", async () => {
    const script = "#!lua flags=allow-key-locking\nreturn ARGV[1]";
    const loaded = (await post("/", ["SCRIPT", "LOAD", script])).body as { result: string };
    const { createHash } = await import("node:crypto");
    expect(loaded.result).toBe(createHash("sha1").update(script).digest("hex"));
    const ran = await post("/", ["EVALSHA", loaded.result.toUpperCase(), 0, "x"]);
    expect(ran.body).toEqual({ result: "x" });
  });

  test.each([
    ["GET", "redis.call('GET', 'b')", "b"],
    ["DEL", "redis.call('DEL', KEYS[1], 'b')", "b"],
    ["an argument", "redis.call('SET', ARGV[1], 'x')", "d"],
  ])(
    "a script that locks its keys may touch no other by %s, as at Upstash",
    async (_, call, key) => {
      const script = `#!lua flags=allow-key-locking\nreturn ${call}`;
      const { status, body } = await post("/", ["EVAL", script, 1, "a", "d"]);
      expect(status).toBe(400);
      expect((body as { error: string }).error).toContain(
        `ERR Dynamic keys are not allowed in Lua scripts when 'allow-key-locking' flag is set. Key was: ${key}`,
      );
    },
  );

  test("a script that locks its keys may not empty the database", async () => {
    const flush = "#!lua flags=allow-key-locking\nreturn redis.call('FLUSHALL')";
    expect((await post("/", ["EVAL", flush, 0])).status).toBe(400);
  });

  test("losing the data loses the scripts too", async () => {
    const loaded = (await post("/", ["SCRIPT", "LOAD", "return 1"])).body as { result: string };
    await post("/", ["SET", "k", "v"]);
    await upstash.loseData();
    expect((await post("/", ["KEYS", "*"])).body).toEqual({ result: [] });
    expect(await post("/", ["EVALSHA", loaded.result, 0])).toEqual({
      status: 400,
      body: { error: "NOSCRIPT No matching script. Please use EVAL." },
    });
  });

  test("every answer carries a sync token of its own", async () => {
    const ping = {
      method: "POST",
      headers: { authorization: `Bearer ${TOKEN}` },
      body: '["PING"]',
    };
    const replies = [await fetch(upstash.url, ping), await fetch(upstash.url, ping)];
    const tokens = replies.map((reply) => reply.headers.get("upstash-sync-token"));
    expect(new Set(tokens).size).toBe(2);
    expect(tokens).not.toContain(null);
  });

  test("a request without the right token is refused and does nothing", async () => {
    const refused = {
      status: 401,
      body: { error: "WRONGPASS invalid or missing auth token" },
    };
    const wrong = { authorization: "Bearer wrong" };
    expect(await post("/", ["SET", "k", "v"], wrong)).toEqual(refused);
    expect(await post("/", ["SET", "k", "v"], { authorization: "" })).toEqual(refused);
    expect((await post("/", ["EXISTS", "k"])).body).toEqual({ result: 0 });
  });

  test.each([
    ["a body that is not JSON", "/", "{", /failed to parse command/],
    ["an object", "/", '{"a":1}', /failed to parse command/],
    ["no body", "/", "", /failed to parse command/],
    ["an empty command", "/", "[]", /empty command/],
    ["a null argument", "/", '["SET","k",null]', /null args/],
    ["a nested argument", "/", '["SET",["k"],"v"]', /failed to parse command/],
    ["a flat pipeline", "/pipeline", '["SET","k","v"]', /failed to parse pipeline/],
    ["an empty pipeline", "/pipeline", "[]", /empty pipeline/],
    ["an empty transaction", "/multi-exec", "[]", /empty multi-exec/],
    ["an unknown command", "/", '["NOSUCH","a"]', /^ERR unknown command 'NOSUCH', with args/],
  ])("%s is refused with 400", async (_what, path, body, message) => {
    const reply = await call(path, { method: "POST", body });
    expect(reply.status).toBe(400);
    expect(reply.body).toEqual({ error: expect.stringMatching(message) });
  });

  test("a request beyond ten megabytes is refused", async () => {
    const reply = await post("/", ["SET", "k", "x".repeat(10 * 1024 * 1024)]);
    expect(reply.status).toBe(400);
    expect(reply.body).toEqual({ error: expect.stringMatching(/^ERR max request size exceeded/) });
  });

  test("other HTTP methods are refused with 405", async () => {
    expect((await call("/")).status).toBe(405);
  });
});
