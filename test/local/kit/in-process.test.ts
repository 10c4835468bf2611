import { AsyncLocalStorage, createHook } from "node:async_hooks";
import { once } from "node:events";
import type { IncomingMessage, RequestListener } from "node:http";
import { afterEach, describe, expect, test } from "@jest/globals";
import express from "express";
import { type InProcessInit, inProcess } from "../../../local/kit/http/in-process.ts";
import { rejectionOf, type Served, ways } from "./served.ts";

describe.each(ways)("%s", (_name, serve) => {
  let served: Served | undefined;

  afterEach(async () => {
    await served?.stop();
    served = undefined;
  });

  /** Serves a listener and calls it once. */
  async function call(
    listener: RequestListener,
    init?: RequestInit,
    path = "/",
  ): Promise<Response> {
    served = await serve(listener);
    return served.fetch(`${served.url}${path}`, init);
  }

  /** Calls a listener that says what it was sent. */
  async function echoed(init?: InProcessInit, path?: string): Promise<Record<string, unknown>> {
    const response = await call(
      async (request, answer) => {
        const { method, url, httpVersion, rawHeaders } = request;
        const body = await textOf(request);
        const { host, "accept-encoding": _encoding, ...others } = request.headers;
        const names = rawHeaders.filter((_each, index) => index % 2 === 0);
        const hasHost = host === new URL(served?.url ?? "").host && names.includes("host");
        answer.end(JSON.stringify({ method, url, headers: others, httpVersion, body, hasHost }));
      },
      init,
      path,
    );
    return (await response.json()) as Record<string, unknown>;
  }

  const stream = (...pieces: string[]) =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (const piece of pieces) controller.enqueue(Buffer.from(piece));
        controller.close();
      },
    });

  const plain = {
    accept: "*/*",
    "accept-language": "*",
    "sec-fetch-mode": "cors",
    "user-agent": "node",
    connection: "keep-alive",
  };
  const text = { ...plain, "content-type": "text/plain;charset=UTF-8" };
  const form = { "content-type": "application/x-www-form-urlencoded;charset=UTF-8" };

  describe("the body of a response", () => {
    const answered = () => call((_request, answer) => void answer.end('{"from":"Zürich"}'));
    const readers: Readonly<Record<string, (response: Response) => Promise<unknown>>> = {
      text: (response) => response.text(),
      json: async (response) => JSON.stringify(await response.json()),
      arrayBuffer: async (response) => Buffer.from(await response.arrayBuffer()).toString(),
      bytes: async (response) => Buffer.from(await response.bytes()).toString(),
      blob: async (response) => (await response.blob()).text(),
      body: async ({ body }) => Buffer.concat(await Array.fromAsync(body ?? [])).toString(),
      clone: (response) => response.clone().text(),
    };

    test.each(Object.keys(readers))("can be read as %s", async (name) => {
      const response = await answered();
      expect([response.status, response.bodyUsed]).toEqual([200, false]);
      expect(await readers[name]?.(response)).toBe('{"from":"Zürich"}');
      expect(response.bodyUsed).toBe(name !== "clone");
    });

    test.each(["text", "arrayBuffer", "body"] as const)(
      "cannot be read again after %s",
      async (name) => {
        const response = await answered();
        await readers[name]?.(response);
        const { text, json, arrayBuffer, bytes, blob, formData } = Response.prototype;
        for (const read of [text, json, arrayBuffer, bytes, blob, formData]) {
          const again = Reflect.get(response, read.name).call(response);
          await expect(again).rejects.toThrow(TypeError);
        }
        expect(() => response.clone()).toThrow(TypeError);
      },
    );

    test("can be read of a clone and of itself", async () => {
      const response = await answered();
      const clone = response.clone();
      expect(await response.text()).toBe(await clone.text());
    });
  });

  test.each<[string, InProcessInit | undefined, Echo]>([
    ["without a body", undefined, { method: "GET", body: "", headers: plain }],
    [
      "that posts text",
      { method: "post", body: "hellö" },
      { method: "POST", body: "hellö", headers: { ...text, "content-length": "6" } },
    ],
    [
      "that posts nothing",
      { method: "POST" },
      { method: "POST", body: "", headers: { ...plain, "content-length": "0" } },
    ],
    [
      "that patches nothing",
      { method: "PATCH" },
      { method: "PATCH", body: "", headers: { ...plain, "content-length": "0" } },
    ],
    [
      "that posts an empty text",
      { method: "POST", body: "" },
      { method: "POST", body: "", headers: { ...text, "content-length": "0" } },
    ],
    [
      "that puts bytes",
      { method: "PUT", body: Buffer.from("abc") },
      { method: "PUT", body: "abc", headers: { ...plain, "content-length": "3" } },
    ],
    [
      "that posts a form",
      { method: "POST", body: new URLSearchParams({ a: "1 2", b: "&" }) },
      {
        method: "POST",
        body: "a=1+2&b=%26",
        headers: { ...plain, ...form, "content-length": "11" },
      },
    ],
    [
      "with headers of its own",
      {
        method: "DELETE",
        headers: [
          ["X-One", "a"],
          ["x-one", "b"],
          ["User-Agent", "me"],
          ["Content-Type", "application/json"],
        ],
      },
      {
        method: "DELETE",
        body: "",
        headers: {
          ...plain,
          "x-one": "a, b",
          "user-agent": "me",
          "content-type": "application/json",
        },
      },
    ],
  ])("the listener receives a request %s", async (_what, init, expected) => {
    const echo = await echoed(init, "/some/path?query=1%202#part");
    expect(echo).toEqual({
      ...expected,
      url: "/some/path?query=1%202",
      httpVersion: "1.1",
      hasHost: true,
    });
  });

  test.each(["/?", "/some/path?", "/?#part"])("%s keeps its question mark", async (path) => {
    expect(await echoed({}, path)).toMatchObject({ url: path.replace("#part", "") });
  });

  test("a streamed body is announced as one", async () => {
    const body = stream("one ", "two");
    const echo = await echoed({ method: "POST", body, ...STREAMED });
    expect(echo).toMatchObject({
      body: "one two",
      headers: { ...plain, "transfer-encoding": "chunked" },
    });
  });

  test("a long body is sent as fast as it is read", async () => {
    const pieces = Array.from({ length: 40 }, (_each, index) => String(index % 10).repeat(50_000));
    const echo = await echoed({ method: "POST", body: stream(...pieces), ...STREAMED });
    expect(echo["body"] === pieces.join("")).toBe(true);
  });

  test("a Request is as good as an address", async () => {
    served = await serve(async (request, answer) => {
      answer.end(`${request.method} ${await textOf(request)} ${request.headers["x-one"]}`);
    });
    const request = new Request(`${served.url}/x`, {
      method: "POST",
      body: "text",
      headers: { "x-one": "1" },
    });
    expect(await (await served.fetch(request)).text()).toBe("POST text 1");
  });

  test("a body can be sent while the answer comes", async () => {
    served = await serve((request, answer) => {
      request.on("data", (piece: Buffer) => answer.write(piece.toString().toUpperCase()));
      request.on("end", () => answer.end());
    });
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const asked = served.fetch(served.url, { method: "POST", body: readable, ...STREAMED });
    await writer.write(Buffer.from("ping"));
    const reader = (await asked).body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe("PING");
    await writer.write(Buffer.from("pong"));
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe("PONG");
    await writer.close();
    expect(await reader?.read()).toMatchObject({ done: true });
  });

  test("status, status text and headers arrive as they were written", async () => {
    const response = await call((_request, answer) => {
      answer.writeHead(402, "Pay First", {
        "x-plain": "a",
        "x-many": ["b", "c"],
        "set-cookie": ["one=1; Path=/", "two=2"],
      });
      answer.end("no");
    });
    expect([response.status, response.statusText, response.ok]).toEqual([402, "Pay First", false]);
    expect(response.headers.get("x-plain")).toBe("a");
    expect(response.headers.get("x-many")).toBe("b, c");
    expect(response.headers.getSetCookie()).toEqual(["one=1; Path=/", "two=2"]);
    expect(response.url).toBe(`${served?.url}/`);
    expect(await response.text()).toBe("no");
  });

  test.each([200, 204, 304])("an answer of %d can have no body", async (status) => {
    const response = await call((_request, answer) => void answer.writeHead(status).end());
    expect([response.status, await response.text()]).toEqual([status, ""]);
  });

  test("HEAD is answered with headers only", async () => {
    const app = express().get("/", (_request, response) => void response.send("hello"));
    const response = await call(app, { method: "HEAD" });
    expect(response.headers.get("content-length")).toBe("5");
    expect(await response.text()).toBe("");
  });

  test("an answer in many pieces arrives whole", async () => {
    const piece = "x".repeat(50_000);
    const response = await call((_request, answer) => {
      let left = 20;
      const write = () => {
        while (left-- > 0) if (!answer.write(piece)) return void answer.once("drain", write);
        answer.end("end");
      };
      write();
    });
    const text = await response.text();
    expect([text.length, text.slice(-3)]).toEqual([20 * piece.length + 3, "end"]);
  });

  test("an interim answer is not the answer", async () => {
    const response = await call((_request, answer) => {
      answer.writeProcessing();
      answer.writeHead(201).end("made");
    });
    expect([response.status, await response.text()]).toEqual([201, "made"]);
  });

  test("an Express app parses, routes and refuses", async () => {
    const app = express().use(express.json());
    app.post("/things/:id", ({ params, body, query, ip }, response) => {
      response.cookie("a", "1").status(201).json({ params, body, query, ip });
    });
    const sent = {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"a":[1]}',
    };
    const response = await call(app, sent, "/things/7?b=c");
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({
      params: { id: "7" },
      body: { a: [1] },
      query: { b: "c" },
      ip: "127.0.0.1",
    });
    const refused = await served?.fetch(`${served.url}/things/7`, { ...sent, body: "{" });
    expect(refused?.status).toBe(400);
    expect((await served?.fetch(`${served.url}/none`))?.status).toBe(404);
  });

  test("a redirect is followed only when it may be", async () => {
    const app = express();
    app.post("/from", (_request, response) => response.redirect("/to"));
    app.all("/to", ({ method }, response) => void response.send(method));
    const manual = await call(app, { method: "POST", body: "x", redirect: "manual" }, "/from");
    expect([manual.status, manual.headers.get("location")]).toEqual([302, "/to"]);
    const url = `${served?.url}/from`;
    const followed = await served?.fetch(url, { method: "POST", body: "x" });
    expect([followed?.redirected, followed?.url]).toEqual([true, `${served?.url}/to`]);
    expect(await followed?.text()).toBe("GET");
    const refused = served?.fetch(url, { method: "POST", redirect: "error" });
    expect(await rejectionOf(Promise.resolve(refused))).toMatchObject({ message: "fetch failed" });
  });

  test.each([
    ["before it answers", (request: IncomingMessage) => void request.socket.destroy()],
    [
      "in place of its end",
      (request: IncomingMessage, answer: Answer) => {
        answer.end = () => {
          request.socket.destroy();
          return answer;
        };
        answer.end("lost");
      },
    ],
    ["by its answer", (_request: IncomingMessage, answer: Answer) => void answer.destroy()],
  ])("a listener that cuts the connection %s fails the call", async (_what, cut) => {
    const rejection = await rejectionOf(call((request, answer) => cut(request, answer)));
    expect(rejection).toEqual({
      name: "TypeError",
      message: "fetch failed",
      code: "UND_ERR_SOCKET",
    });
  });

  test("a connection cut in the middle of an answer fails its reader", async () => {
    const response = await call((_request, answer) => {
      answer.writeHead(200, { "content-length": "10" });
      answer.write("half", () => answer.destroy());
    });
    expect(response.status).toBe(200);
    expect(await rejectionOf(response.text())).toEqual({
      name: "TypeError",
      message: "terminated",
      code: "UND_ERR_SOCKET",
    });
  });

  test("a caller who gives up is rejected with the reason, and the listener sees it close", async () => {
    const { promise: closed, resolve } = Promise.withResolvers<boolean>();
    const abort = new AbortController();
    const reason = new Error("too late");
    const asked = call(
      (_request, answer) => {
        answer.once("close", () => resolve(answer.writableFinished));
        abort.abort(reason);
      },
      { signal: abort.signal },
    );
    await expect(asked).rejects.toBe(reason);
    expect(await closed).toBe(false);
  });

  test("a caller who has given up already sends nothing", async () => {
    let calls = 0;
    const count = () => {
      calls += 1;
    };
    const asked = call(count, { signal: AbortSignal.abort("enough") });
    await expect(asked).rejects.toBe("enough");
    expect(calls).toBe(0);
  });

  test("a caller who gives up while reading is rejected with the reason", async () => {
    const abort = new AbortController();
    const response = await call((_request, answer) => void answer.write("half"), {
      signal: abort.signal,
    });
    const read = response.text();
    abort.abort(new Error("too late"));
    await expect(read).rejects.toBe(abort.signal.reason);
  });

  test("a caller who is done with an answer lets the listener stop", async () => {
    let closed: Promise<unknown> = Promise.resolve();
    const response = await call((_request, answer) => {
      closed = once(answer, "close");
      answer.write("first");
    });
    await response.body?.cancel();
    await closed;
  });

  test("request and answer end with finish, then close", async () => {
    const seen: string[] = [];
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    await call(
      (request, answer) => {
        for (const event of ["end", "aborted", "error"]) {
          request.on(event, () => seen.push(`request ${event}`));
        }
        answer.on("finish", () => seen.push("finish"));
        answer.on("close", () => {
          seen.push(`close ${answer.writableFinished} ${answer.destroyed}`);
          resolve();
        });
        answer.end("unread");
      },
      { method: "POST", body: "never read" },
    );
    await closed;
    expect(seen.filter((event) => !event.startsWith("request end"))).toEqual([
      "finish",
      "close true true",
    ]);
  });

  test("an answer that is complete but never ended, on a connection to close, is closed by its caller", async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    const response = await call(
      (_request, answer) => {
        answer.once("close", resolve);
        answer.writeHead(413, { connection: "close", "content-length": "2" }).write("no");
      },
      { method: "POST", body: "long" },
    );
    expect([response.status, await response.text()]).toEqual([413, "no"]);
    await closed;
  });

  test("a server that stops cuts its connections", async () => {
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const asked = call(() => begin());
    const rejection = rejectionOf(asked);
    await begun;
    await served?.stop();
    expect(await rejection).toMatchObject({ name: "TypeError", message: "fetch failed" });
  });
});

type Answer = Parameters<RequestListener>[1];

/** What a listener was sent. */
interface Echo {
  readonly method: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** `fetch` wants it said of a body that is a stream; its types do not know it. */
const STREAMED = { duplex: "half" } as RequestInit;

async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

test("a listener in this process does not run in the async context of its caller", async () => {
  const context = new AsyncLocalStorage<string>();
  const call = inProcess((_request, answer) => void answer.end(String(context.getStore())));
  const response = await context.run("the caller's", () => call("http://server.test/"));
  expect(await response.text()).toBe("undefined");
});

test("a call uses no timer, socket or thread", async () => {
  const app = express().use(express.json());
  app.post("/", ({ body }, response) => void response.json(body));
  const call = inProcess(app);
  const init = { method: "POST", body: "{}", headers: { "content-type": "application/json" } };
  await (await call("http://server.test/", init)).text();
  const resources = new Set<string>();
  const hook = createHook({ init: (_id, type) => void resources.add(type) }).enable();
  expect(await (await call("http://server.test/", init)).text()).toBe("{}");
  hook.disable();
  // A resource that body-parser's library names after a function of its own.
  resources.delete("bound-anonymous-fn");
  expect([...resources].sort()).toEqual(["Microtask", "PROMISE", "TickObject"]);
});
