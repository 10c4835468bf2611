import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type SecretsEmulator, startSecrets } from "../../../../local/google/secrets/index.ts";
import { LocalClock } from "../../../../local/kit/clock.ts";
import { FaultPlan } from "../../../../local/kit/faults.ts";

const clock = new LocalClock();
let emulator: SecretsEmulator;

beforeAll(async () => {
  emulator = await startSecrets({ clock, faults: new FaultPlan(), projectId: "p" });
});
afterAll(async () => {
  await emulator.stop();
  clock.stop();
});

interface Answer {
  readonly name?: string;
  readonly state?: string;
  readonly payload?: { readonly data: string };
  readonly secrets?: readonly { readonly name: string }[];
  readonly versions?: readonly { readonly name: string }[];
  readonly nextPageToken?: string;
  readonly error?: { readonly code: number; readonly status: string };
}

async function call(method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(`http://${emulator.host}/v1/projects/p/secrets${path}`, {
    method,
    ...(body && {
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
  });
  return (await response.json()) as Answer;
}

const create = (id: string) => call("POST", `?secretId=${id}`, { replication: { automatic: {} } });
const add = (id: string, value: string) =>
  call("POST", `/${id}:addVersion`, { payload: { data: Buffer.from(value).toString("base64") } });
const textOf = ({ payload }: Answer) => Buffer.from(payload?.data ?? "", "base64").toString();

describe("secrets", () => {
  test("a secret is made once, and takes values only once it is there", async () => {
    expect((await add("TOKEN", "first")).error?.status).toBe("NOT_FOUND");
    expect((await create("TOKEN")).name).toBe("projects/p/secrets/TOKEN");
    expect((await create("TOKEN")).error).toMatchObject({ code: 409, status: "ALREADY_EXISTS" });
    expect((await create("not/an/id")).error?.status).toBe("INVALID_ARGUMENT");
    expect((await call("GET", "/TOKEN")).name).toBe("projects/p/secrets/TOKEN");
    expect((await call("GET", "")).secrets).toMatchObject([{ name: "projects/p/secrets/TOKEN" }]);
  });

  test("every value is a version of its own, counted from one, listed newest first", async () => {
    await create("KEY");
    expect((await add("KEY", "old")).name).toBe("projects/p/secrets/KEY/versions/1");
    await add("KEY", "new");
    const { versions, nextPageToken } = await call("GET", "/KEY/versions?pageSize=1");
    expect(versions).toMatchObject([{ name: "projects/p/secrets/KEY/versions/2" }]);
    const rest = await call("GET", `/KEY/versions?pageToken=${nextPageToken}`);
    expect(rest.versions).toMatchObject([{ name: "projects/p/secrets/KEY/versions/1" }]);
    expect(textOf(await call("GET", "/KEY/versions/1:access"))).toBe("old");
    expect(textOf(await call("GET", "/KEY/versions/latest:access"))).toBe("new");
  });

  test("a disabled version can not be read, not even as the latest, until it is enabled", async () => {
    emulator.keep("DOOR", "open");
    emulator.keep("DOOR", "shut");
    expect((await call("POST", "/DOOR/versions/2:disable")).state).toBe("DISABLED");
    const latest = await call("GET", "/DOOR/versions/latest:access");
    expect(latest.error).toMatchObject({ code: 400, status: "FAILED_PRECONDITION" });
    const enabled = await call("GET", "/DOOR/versions?filter=state:ENABLED");
    expect(enabled.versions).toMatchObject([{ name: "projects/p/secrets/DOOR/versions/1" }]);
    await call("POST", "/DOOR/versions/2:enable");
    expect(textOf(await call("GET", "/DOOR/versions/latest:access"))).toBe("shut");
  });

  test("a destroyed version stays destroyed, and its number is not used again", async () => {
    emulator.keep("ONCE", "gone");
    await call("POST", "/ONCE/versions/1:destroy");
    expect((await call("POST", "/ONCE/versions/1:enable")).error?.code).toBe(400);
    expect((await add("ONCE", "next")).name).toBe("projects/p/secrets/ONCE/versions/2");
  });

  test("an empty value and one of more than 64 KiB are refused, as is another project", async () => {
    await create("SIZE");
    expect((await add("SIZE", "")).error?.status).toBe("INVALID_ARGUMENT");
    expect((await add("SIZE", "x".repeat(65_537))).error?.status).toBe("INVALID_ARGUMENT");
    expect((await add("SIZE", "x".repeat(65_536))).error).toBeUndefined();
    const other = await fetch(`http://${emulator.host}/v1/projects/other/secrets`);
    expect(other.status).toBe(404);
    expect((await call("DELETE", "/SIZE")).error).toBeUndefined();
    expect((await call("GET", "/SIZE")).error?.status).toBe("NOT_FOUND");
  });
});
