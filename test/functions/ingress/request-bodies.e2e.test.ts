import { request as send } from "node:http";
import { describe, expect, test } from "@jest/globals";
import { functionNames, manifest } from "../../../functions/manifest.ts";
import type { FunctionRow } from "../../../shared/runtime/function/function-row.ts";
import { MAX_BODY_BYTES } from "../../../shared/runtime/request-body.ts";
import { useCloud } from "../../support/cloud.ts";

const cloud = await useCloud({ onSockets: true });

/** Posts with these headers; sends `body`, then waits for the response without ending the request. */
function answerTo(name: string, headers: Record<string, string | number>, body?: Buffer) {
  return new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    const request = send(cloud.url(name), { method: "POST", headers }, async (response) => {
      const parts = await response.toArray();
      request.destroy();
      resolve({ status: response.statusCode, text: Buffer.concat(parts).toString() });
    });
    request.on("error", reject);
    if (body) request.write(body);
    else request.flushHeaders();
  });
}

describe.each(functionNames)("%s", (name) => {
  const row: FunctionRow = manifest[name];
  const maxBytes = row.maxBodyBytes ?? MAX_BODY_BYTES[row.trigger.kind];

  test("refuses a body whose Content-Length is too large, before any of it arrives", async () => {
    const { status, text } = await answerTo(name, { "content-length": maxBytes + 1 });
    expect(status).toBe(413);
    expect(JSON.parse(text)).toEqual({
      error: expect.stringContaining(`at most ${maxBytes} bytes`),
    });
  });

  test("refuses an encoded body, whatever it contains", async () => {
    const headers = { "content-encoding": "br", "content-length": 4 };
    const { status, text } = await answerTo(name, headers);
    expect(status).toBe(415);
    expect(JSON.parse(text)).toEqual({ error: expect.stringContaining("Content-Encoding") });
  });
});

test("a chunked body is refused once it is too large, before its last chunk arrives", async () => {
  const headers = { "transfer-encoding": "chunked" };
  const body = Buffer.alloc(MAX_BODY_BYTES.http + 1, "x");
  expect(await answerTo("stripe-webhook", headers, body)).toMatchObject({ status: 413 });
});

test("a compressed body is refused", async () => {
  const headers = { "transfer-encoding": "gzip, chunked" };
  const { status, text } = await answerTo("stripe-webhook", headers, Buffer.from("x"));
  expect(status).toBe(415);
  expect(JSON.parse(text)).toEqual({ error: expect.stringContaining("Content-Encoding") });
});

test("no function accepts more than 2 MB from an unauthenticated caller", () => {
  const open = functionNames.filter((name) => manifest[name].trigger.kind === "http");
  const limits = open.map((name) => (manifest[name] as FunctionRow).maxBodyBytes);
  expect(Math.max(MAX_BODY_BYTES.http, ...limits.map((limit) => limit ?? 0))).toBe(2_000_000);
});
