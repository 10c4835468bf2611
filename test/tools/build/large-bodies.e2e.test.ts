import { rmSync } from "node:fs";
import { Agent, type ClientRequest, type IncomingMessage, request as send } from "node:http";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { ping, publicKeyHex } from "../../../bench/signed-requests.ts";
import { type FunctionName, functionNames, manifest } from "../../../functions/manifest.ts";
import type { FunctionRow } from "../../../shared/runtime/function/function-row.ts";
import { MAX_BODY_BYTES } from "../../../shared/runtime/request-body.ts";
import { writeEntry } from "../../../tools/build/build-function.ts";
import { entryOf as functionEntry } from "../../../tools/build/bundle.ts";
import {
  type FunctionProcess,
  firstAnswer,
  spawnFunction,
} from "../../../tools/build/function-process.ts";
import { throwawaySettings } from "../../../tools/build/throwaway-settings.ts";

/** The function that answers bids, whose slowness users would notice most. */
const BIDDING: FunctionName = "discord-interactions";
const publicNames = functionNames.filter((name) => {
  const { trigger }: FunctionRow = manifest[name];
  return trigger.kind === "http" && trigger.isPublic;
});

/** Built under a separate name, because other tests build the function itself. */
const builtAs = (name: FunctionName) => `test-large-bodies-${name}`;
const entryOf = (name: FunctionName) => `
${functionEntry(name).replace(`serve("${name}"`, `serve("${builtAs(name)}"`)}
`;
const maxBodyBytes = (name: FunctionName): number => {
  const { maxBodyBytes: own = MAX_BODY_BYTES.http }: FunctionRow = manifest[name];
  return own;
};
const AT_ONCE = 20;
const MEBIBYTE = 2 ** 20;
/** Just below the largest body that Cloud Run accepts. https://cloud.google.com/run/quotas */
const LARGE_BYTES = 31 * MEBIBYTE;

/** A few hundred bytes that inflate to 128 MiB. */
const bomb = brotliCompressSync(Buffer.alloc(128 * MEBIBYTE), {
  params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_LGWIN]: 24 },
});

/** Reuses connections, as Google's front end does. */
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
let server: FunctionProcess;
afterAll(() => {
  agent.destroy();
  for (const name of publicNames) {
    rmSync(join("dist", builtAs(name)), { recursive: true, force: true });
  }
});

/** Starts a built function. Returns the status of its answer to a request, which shows that it is running. */
async function start(name: FunctionName, request: RequestInit): Promise<number> {
  const settings = throwawaySettings(manifest[name].settings);
  server = await spawnFunction(builtAs(name), { ...settings, DISCORD_PUBLIC_KEY: publicKeyHex });
  return firstAnswer(server, request);
}

interface Upload {
  readonly request: ClientRequest;
  readonly status: Promise<number>;
}

/** Starts a request; the caller writes its body. */
function upload(headers: Record<string, string | number>): Upload {
  const request = send(server.url, {
    method: "POST",
    agent,
    headers: { "content-type": "application/json", ...headers },
  });
  const status = new Promise<number>((resolve, reject) => {
    request.once("response", (response: IncomingMessage) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on("error", reject);
  });
  return { request, status };
}

const some = (make: () => Upload) => Array.from({ length: AT_ONCE }, make);
const statuses = (uploads: readonly Upload[]) =>
  Promise.all(uploads.map((one) => one.status)).then((all) => [...new Set(all)]);
const pingStatus = async () => (await fetch(server.url, ping)).status;
const memoryLeft = () =>
  manifest[BIDDING].memoryMiB - (server.peakMemoryMiB() ?? Number.POSITIVE_INFINITY);

/** A request with an unsigned body of this many bytes; no other service is needed to refuse it. */
const unsigned = (bytes: number) => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify("x".repeat(bytes - 2)),
});

describe.each(publicNames)("%s", (name) => {
  let unsignedStatus: number;
  beforeAll(async () => {
    await writeEntry(builtAs(name), entryOf(name));
    unsignedStatus = await start(name, unsigned(10));
  });
  afterAll(() => server.stop());

  const largest = maxBodyBytes(name);
  test(`reads a body of ${largest} bytes, and refuses a larger one by its Content-Length header`, async () => {
    const honest = await fetch(server.url, unsigned(largest));
    expect(honest.status).toBe(unsignedStatus);
    const uploads = some(() => upload({ "content-length": largest + 1 }));
    for (const { request } of uploads) request.flushHeaders();
    expect(await statuses(uploads)).toEqual([413]);
    for (const { request } of uploads) request.destroy();
  });

  test.each(["br", "gzip", "deflate", "identity"])(
    "refuses a body encoded as %s by its headers",
    async (encoding) => {
      const headers = { "content-encoding": encoding, "content-length": bomb.length };
      const uploads = some(() => upload(headers));
      for (const { request } of uploads) request.flushHeaders();
      expect(await statuses(uploads)).toEqual([415]);
      for (const { request } of uploads) request.destroy();
    },
  );

  test("still answers other requests", async () => {
    expect((await fetch(server.url, unsigned(10))).status).toBe(unsignedStatus);
  });
});

describe(`${BIDDING}, ${AT_ONCE} concurrent requests`, () => {
  // One process takes all of it: its peak memory counts.
  beforeAll(async () => {
    expect(await start(BIDDING, ping)).toBe(200);
  });
  afterEach(() => agent.destroy());
  afterAll(() => server.stop());

  test("that announce too large a body are refused by their headers, while others are answered", async () => {
    const uploads = some(() => upload({ "content-length": LARGE_BYTES }));
    for (const { request } of uploads) request.flushHeaders();
    expect(await statuses(uploads)).toEqual([413]);
    expect(await pingStatus()).toBe(200);
    for (const { request } of uploads) request.destroy();
  });

  test("that send too large a body in chunks are refused midway, while others are answered", async () => {
    const uploads = some(() => upload({ "transfer-encoding": "chunked" }));
    for (const { request } of uploads) request.write(Buffer.alloc(MEBIBYTE, "x"));
    expect(await statuses(uploads)).toEqual([413]);
    expect(await pingStatus()).toBe(200);
    for (const { request } of uploads) request.destroy();
  });

  test.each(["br", "gzip", "deflate", "identity"])(
    "that are encoded as %s are refused before anything is inflated",
    async (encoding) => {
      const headers = { "content-encoding": encoding, "content-length": bomb.length };
      const uploads = some(() => upload(headers));
      for (const { request } of uploads) request.end(bomb);
      expect(await statuses(uploads)).toEqual([415]);
      expect(await pingStatus()).toBe(200);
      expect(memoryLeft()).toBeGreaterThan(0);
    },
  );

  test("that send their whole body, announced or in chunks, stay within the function's memory", async () => {
    const body = Buffer.from(`{"a":"${"x".repeat(LARGE_BYTES)}"}`);
    const announced = some(() => upload({ "content-length": body.length }));
    const chunked = some(() => upload({ "transfer-encoding": "chunked" }));
    const uploads = [...announced, ...chunked];
    for (const { request } of uploads) request.end(body);
    expect(await statuses(uploads)).toEqual([413]);
    expect(await pingStatus()).toBe(200);
    expect(memoryLeft()).toBeGreaterThan(0);
    for (const { request } of uploads) request.destroy();
  });
});
