import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { LocalClock } from "../../../local/kit/clock.ts";
import { FaultPlan } from "../../../local/kit/faults.ts";
import {
  startUpstashManagement,
  type UpstashManagement,
} from "../../../local/upstash/management.ts";
import { connectUpstash } from "../../../tools/doctor/checks/upstash.ts";

const ACCOUNT = { email: "us@example.com", apiKey: "key" };
const BODY = { database_name: "c500", platform: "gcp", primary_region: "us-central1" };
let upstash: UpstashManagement;

beforeAll(async () => {
  upstash = await startUpstashManagement({
    ...ACCOUNT,
    clock: new LocalClock(),
    faults: new FaultPlan(),
    redis: { url: "http://127.0.0.1:9", token: "token" },
  });
});
beforeEach(() => upstash.clear());
afterAll(() => upstash.stop());

async function create(body: object, apiKey = ACCOUNT.apiKey) {
  const authorization = `Basic ${Buffer.from(`${ACCOUNT.email}:${apiKey}`).toString("base64")}`;
  const response = await fetch(`${upstash.url}/redis/database`, {
    method: "POST",
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

describe("Upstash's account refuses", () => {
  const { platform: _, ...withoutPlatform } = BODY;
  test.each([
    ["a database without its platform", withoutPlatform, "invalid platform"],
    ["another platform", { ...BODY, platform: "azure" }, "invalid platform"],
    [
      "a region with the platform's name before it",
      { ...BODY, primary_region: "gcp-us-central1" },
      "invalid region: gcp-us-central1",
    ],
    [
      "a region of the other platform",
      { ...BODY, primary_region: "us-east-1" },
      "invalid region: us-east-1",
    ],
    [
      "readers in other regions, of Google's",
      { ...BODY, read_regions: ["us-east4"] },
      "invalid region: us-east4",
    ],
  ])("%s", async (_what, body, refusal) => {
    expect(await create(body)).toEqual({ status: 400, body: refusal });
    expect(upstash.databases()).toEqual([]);
  });

  test("another key", async () => {
    expect(await create(BODY, "guessed")).toEqual({ status: 401, body: "Unauthorized" });
  });
});

test("a database is created as setup requests it, and found again with its credentials", async () => {
  const account = connectUpstash(ACCOUNT.email, ACCOUNT.apiKey, upstash.url);
  const id = await account.create({ name: "c500", region: "us-central1", budget: 20 });
  expect(upstash.databases()).toMatchObject([
    { platform: "gcp", primary_region: "us-central1", plan: "payg", budget: 20, eviction: false },
  ]);
  expect(await account.databases()).toEqual([{ id, name: "c500", isEvicting: false }]);
  expect(await account.credentials(id)).toEqual({ url: "http://127.0.0.1:9", token: "token" });
});
