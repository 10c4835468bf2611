import type { RequestListener } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { LocalClock } from "../../../local/kit/clock.ts";
import { type Delivery, HttpSender } from "../../../local/kit/http/sender.ts";
import { type Served, ways } from "./served.ts";

/** The most that a test waits for is an hour of the clock. */
const HOUR_MS = 3_600_000;

describe.each(ways)("a delivery %s", (name, serve) => {
  let clock: LocalClock;
  let sender: HttpSender;
  let served: Served | undefined;

  beforeEach(() => {
    clock = new LocalClock();
  });

  afterEach(async () => {
    sender.stop();
    await served?.stop();
    clock.stop();
  });

  async function deliveryTo(
    listener: RequestListener,
    changes: Partial<Delivery> = {},
  ): Promise<Delivery> {
    served = await serve(listener);
    sender = new HttpSender(clock, name === "in process" ? served.fetch : undefined);
    const request = { method: "POST", headers: { "x-one": "1" }, body: Buffer.from("body") };
    return { url: served.url, ...request, deadlineMs: HOUR_MS, ...changes };
  }

  test("is answered with what the endpoint says", async () => {
    const delivery = await deliveryTo(async (request, response) => {
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece);
      const length = request.headers["content-length"];
      response.writeHead(418, { "content-type": "text/x" });
      response.end(`${request.method} ${request.headers["x-one"]} ${length} ${pieces.join()}`);
    });
    expect(await sender.send(delivery)).toEqual({
      kind: "answered",
      status: 418,
      contentType: "text/x",
      body: Buffer.from("POST 1 4 body"),
    });
  });

  test("can be a GET without a body", async () => {
    const listener: RequestListener = ({ method }, response) => void response.end(method);
    const delivery = await deliveryTo(listener, { method: "GET", body: Buffer.alloc(0) });
    expect(await sender.send(delivery)).toMatchObject({ status: 200, body: Buffer.from("GET") });
  });

  test("follows no redirect", async () => {
    const delivery = await deliveryTo((_request, response) => {
      response.writeHead(302, { location: "/elsewhere" }).end();
    });
    expect(await sender.send(delivery)).toMatchObject({ kind: "answered", status: 302 });
  });

  test("has failed when the connection was cut", async () => {
    const delivery = await deliveryTo((request) => void request.socket.destroy());
    expect(await sender.send(delivery)).toEqual({ kind: "failed", reason: "connection" });
  });

  test("has failed when nobody listens", async () => {
    const delivery = await deliveryTo(() => undefined);
    await served?.stop();
    expect(await sender.send(delivery)).toEqual({ kind: "failed", reason: "connection" });
  });

  test("has failed at its deadline, when the endpoint sees it close", async () => {
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const { promise: closed, resolve: close } = Promise.withResolvers<void>();
    const delivery = await deliveryTo((_request, response) => {
      response.once("close", close);
      begin();
    });
    const outcome = sender.send(delivery);
    await begun;
    await clock.advance(HOUR_MS);
    expect(await outcome).toEqual({ kind: "failed", reason: "deadline" });
    await closed;
  });

  test("is answered with an interim status when nothing comes after it", async () => {
    const delivery = await deliveryTo((request, response) => {
      response.writeProcessing(() => request.socket.destroy());
    });
    expect(await sender.send(delivery)).toEqual({ kind: "answered", status: 102 });
  });

  test("can be made several times, lost on its way, and lose its answer", async () => {
    let calls = 0;
    const delivery = await deliveryTo((_request, response) => {
      calls += 1;
      response.writeHead(calls === 1 ? 500 : 204).end();
    });
    const duplicate = { kind: "duplicate", copies: 2 } as const;
    expect(await sender.sendWithFault(delivery, duplicate)).toMatchObject({ status: 204 });
    expect(calls).toBe(2);
    const lost = { kind: "failed", reason: "connection" };
    expect(await sender.sendWithFault(delivery, { kind: "drop" })).toEqual(lost);
    expect(calls).toBe(2);
    expect(await sender.sendWithFault(delivery, { kind: "lose-answer" })).toEqual(lost);
    expect(calls).toBe(3);
  });

  test("in flight fails when everything is stopped", async () => {
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const delivery = await deliveryTo(() => begin());
    const outcome = sender.send(delivery);
    await begun;
    sender.stop();
    expect(await outcome).toEqual({ kind: "failed", reason: "connection" });
  });
});
