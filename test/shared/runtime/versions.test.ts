import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { http } from "@google-cloud/functions-framework";
import { getTestServer } from "@google-cloud/functions-framework/testing";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import * as z from "zod/mini";
import { defineEvent, defineTask } from "../../../shared/events/define-event.ts";
import { toWire } from "../../../shared/events/wire.ts";
import { subscriber } from "../../../shared/runtime/delivery/subscriber.ts";
import { taskWorker } from "../../../shared/runtime/delivery/task-worker.ts";
import { createLog } from "../../../shared/runtime/log.ts";

/** First with a name in one, then in two parts, then with a list of names. */
const shape = {
  schema: z.object({ id: z.string(), names: z.array(z.string()) }),
  upgrades: [
    ({ name, ...rest }: Readonly<Record<string, unknown>>) => {
      const [first, last] = String(name).split(" ");
      return { ...rest, first, last };
    },
    ({ first, last, ...rest }: Readonly<Record<string, unknown>>) => ({
      ...rest,
      names: [first, last],
    }),
  ],
};
const event = defineEvent({ topic: "greetings", ...shape });
const task = defineTask({ queue: "greeting", ...shape });
const today = { id: "e1", names: ["Ada", "Byron"] };

const handled: unknown[] = [];
const kept: unknown[] = [];
const lines: string[] = [];
const deps = {
  log: createLog((line) => lines.push(line)),
  publisher: {
    publish: async (_event: unknown, deadLetter: unknown) => void kept.push(deadLetter),
  },
  lastAttempt: 20,
};
const take = async (payload: unknown) => void handled.push(payload);
let server: Server;
let url = "";

beforeAll(async () => {
  http("greetings", subscriber(event, take)(deps));
  http("greeting", taskWorker(task, take)(deps));
  const servers = { greetings: getTestServer("greetings"), greeting: getTestServer("greeting") };
  server = createServer((request, response) => {
    const name = request.url === "/greeting" ? "greeting" : "greetings";
    servers[name].emit("request", request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

/** Delivers a body as Pub/Sub or Cloud Tasks does; returns the status and the outcome. */
async function deliver(way: "event" | "task", body: object) {
  handled.length = 0;
  kept.length = 0;
  lines.length = 0;
  const data = Buffer.from(JSON.stringify(body));
  const message = { messageId: "1", data: data.toString("base64"), attributes: {} };
  const pushed = JSON.stringify({ subscription: "projects/p/subscriptions/greetings", message });
  const { status } = await fetch(way === "event" ? `${url}/greetings` : `${url}/greeting`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-cloudtasks-taskname": "t1" },
    body: way === "event" ? pushed : data,
  });
  return { status, handled: [...handled], kept: [...kept], log: lines.join("\n") };
}

describe.each(["event", "task"] as const)("an %s", (way) => {
  test.each([
    ["without a version, of the first", { id: "e1", name: "Ada Byron" }],
    ["of version 1", { v: 1, id: "e1", name: "Ada Byron" }],
    ["of version 2", { v: 2, id: "e1", first: "Ada", last: "Byron" }],
    ["of this version", { v: 3, ...today }],
  ])("%s is handled like one of the current version", async (_what, body) => {
    const result = await deliver(way, body);
    expect(result).toMatchObject({ status: 204, handled: [today], kept: [] });
  });

  test("of a later version is neither handled nor given up but redelivered, and the log says why", async () => {
    const result = await deliver(way, { v: 4, id: "e1", people: [] });
    expect(result).toMatchObject({ status: 500, handled: [], kept: [] });
    expect(result.log).toContain("is of version 4, and this code knows up to 3: deploy again");
  });

  test.each([
    ["with an impossible version", { v: "two", ...today }],
    ["with version 0", { v: 0, ...today }],
    ["of an old version that is broken", { v: 2, id: "e1" }],
    ["of this version that is broken", { v: 3, id: "e1" }],
  ])("%s goes to the operators and is not retried", async (_what, body) => {
    const result = await deliver(way, body);
    expect(result).toMatchObject({ status: 204, handled: [] });
    expect(result.kept).toHaveLength(1);
  });
});

test("what is sent names its version", () => {
  expect(JSON.parse(toWire(event, today).toString())).toEqual({ v: 3, ...today });
});
