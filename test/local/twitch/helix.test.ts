import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { CLIENT_ID, type OpenTwitch, openTwitch } from "./support.ts";

const DAY_MS = 24 * 3_600_000;

let open: OpenTwitch;

beforeEach(async () => {
  open = await openTwitch();
});
afterEach(() => open.close());

describe("the door of Helix", () => {
  test.each([
    ["no token", { "client-id": CLIENT_ID }, "OAuth token is missing"],
    [
      "an unknown token",
      { "client-id": CLIENT_ID, authorization: "Bearer x" },
      "Invalid OAuth token",
    ],
  ])("%s is answered by 401", async (_case, headers, message) => {
    const answer = await fetch(`${open.twitch.url}/helix/streams`, { headers });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual({ error: "Unauthorized", status: 401, message });
  });

  test.each([[{}], [{ "client-id": "other" }]])(
    "a token without its client's id is answered by 401: %j",
    async (headers) => {
      const authorization = `Bearer ${open.state.token}`;
      const url = `${open.twitch.url}/helix/streams`;
      expect((await fetch(url, { headers: { ...headers, authorization } })).status).toBe(401);
    },
  );

  test("a call without points left is answered by 429, and points come back with time", async () => {
    const first = await open.helix("/users?login=ada");
    expect(first.headers.get("ratelimit-limit")).toBe("800");
    expect(first.headers.get("ratelimit-remaining")).toBe("799");
    const startedAtMs = open.clock.nowMs();
    let allowed = 1;
    for (let refused = false; !refused; ) {
      const calls = Array.from({ length: 50 }, () => open.helix("/users?login=ada"));
      const statuses = (await Promise.all(calls)).map(({ status }) => status);
      allowed += statuses.filter((status) => status === 200).length;
      refused = statuses.includes(429);
    }
    const refilledPoints = ((open.clock.nowMs() - startedAtMs) / 60_000) * 800;
    expect(allowed).toBeGreaterThanOrEqual(800);
    expect(allowed).toBeLessThanOrEqual(801 + refilledPoints);

    const other = open.state.token;
    open.state.token = await open.newToken();
    expect((await open.helix("/users?login=ada")).status).toBe(200);

    open.state.token = other;
    await open.clock.advance(60_000);
    const refilled = await open.helix("/users?login=ada");
    expect(refilled.status).toBe(200);
    expect(refilled.headers.get("ratelimit-remaining")).toBe("799");
    const resetAtMs = Number(refilled.headers.get("ratelimit-reset")) * 1000;
    expect(Math.abs(resetAtMs - open.clock.nowMs())).toBeLessThan(2_000);
  });
});

describe("users", () => {
  test("are found by id and by login in any case", async () => {
    open.twitch.addUser({ id: "7", login: "bob" });
    const { body } = await open.helix("/users?id=7&login=ADA&login=nobody");
    expect(body.data).toHaveLength(2);
    expect(body.data[0]).toMatchObject({ id: "1337", login: "ada", display_name: "Ada" });
    expect(body.data[0].created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  test("keep their id when they take another name", async () => {
    open.twitch.addUser({ id: "1337", login: "ada_builds" });
    expect((await open.helix("/users?login=ada")).body.data).toEqual([]);
    expect((await open.helix("/users?id=1337")).body.data[0].login).toBe("ada_builds");
  });

  test.each([
    ["none", ""],
    ["more than 100 together", `?${"id=1&".repeat(60)}${"login=a&".repeat(41)}`],
    ["an id that is no number", "?id=ada"],
    ["a login with a blank", "?login=a%20b"],
  ])("asking for %s is answered by 400", async (_case, query) => {
    const { status, body } = await open.helix(`/users${query}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: "Bad Request", status: 400 });
  });
});

describe("streams", () => {
  test("a live stream is shown at once, with what the builder's announcement needs", async () => {
    const { id, startedAtMs } = open.twitch.goLive("ada", {
      title: "Lubing",
      gameName: "Keyboards",
    });
    for (const query of ["user_login=Ada&type=live", "user_id=1337"]) {
      const { body } = await open.helix(`/streams?${query}`);
      expect(body.pagination).toEqual({});
      expect(body.data).toHaveLength(1);
      expect(body.data[0]).toMatchObject({
        id,
        user_id: "1337",
        user_login: "ada",
        user_name: "Ada",
        game_name: "Keyboards",
        title: "Lubing",
        type: "live",
        thumbnail_url: expect.stringContaining("{width}x{height}"),
      });
      expect(Date.parse(body.data[0].started_at)).toBe(Math.floor(startedAtMs / 1000) * 1000);
    }
  });

  test("somebody who is not live, or not known, is not in the list", async () => {
    open.twitch.goLive("ada");
    open.twitch.endStream("ada");
    const { status, body } = await open.helix("/streams?user_login=ada&user_login=nobody");
    expect(status).toBe(200);
    expect(body).toEqual({ data: [], pagination: {} });
  });

  test("a rerun is not a live stream", async () => {
    open.twitch.goLive("ada", { type: "rerun" });
    expect((await open.helix("/streams?user_id=1337&type=live")).body.data).toEqual([]);
    expect((await open.helix("/streams?user_id=1337")).body.data).toMatchObject([{ type: "" }]);
  });

  test("with a lag Helix sees the beginning and the end later", async () => {
    const lagging = await openTwitch({ helixLagMs: 60_000 });
    const seen = async () => (await lagging.helix("/streams?user_id=1337")).body.data.length;
    lagging.twitch.goLive("ada");
    expect(await seen()).toBe(0);
    await lagging.clock.advance(60_000);
    expect(await seen()).toBe(1);
    lagging.twitch.endStream("ada");
    expect(await seen()).toBe(1);
    await lagging.clock.advance(60_000);
    expect(await seen()).toBe(0);
    await lagging.close();
  });

  test("pages hold up to 100 and lead to each other, most viewers first", async () => {
    for (let index = 0; index < 25; index += 1) {
      open.twitch.addUser({ id: String(index), login: `user${index}` });
      open.twitch.goLive(`user${index}`, { viewerCount: index });
    }
    const first = await open.helix("/streams");
    expect(first.body.data).toHaveLength(20);
    const cursor = first.body.pagination.cursor;
    const second = await open.helix(`/streams?after=${cursor}`);
    expect(second.body.pagination).toEqual({});
    const viewers = [...first.body.data, ...second.body.data].map((stream) => stream.viewer_count);
    expect(viewers).toEqual(Array.from({ length: 25 }, (_, index) => 24 - index));
    expect((await open.helix("/streams?first=100")).body.data).toHaveLength(25);
  });

  test.each([
    ["a page of none", "first=0"],
    ["a page of more than 100", "first=101"],
    ["an unknown type", "type=dead"],
    ["a cursor of somebody else", "after=nonsense"],
    ["a login with a blank", "user_login=a%20b"],
    ["more than 100 ids", "user_id=1&".repeat(101)],
  ])("asking for %s is answered by 400", async (_case, query) => {
    expect((await open.helix(`/streams?${query}`)).status).toBe(400);
  });
});

describe("videos", () => {
  test("are published some minutes after the end and lead back to their stream", async () => {
    const stream = open.twitch.goLive("ada", { title: "Lubing" });
    await open.clock.advance(3_600_000 + 201_000);
    open.twitch.endStream("ada");
    expect((await open.helix("/videos?user_id=1337&type=archive")).body.data).toEqual([]);
    await open.clock.advance(180_000);
    const { body } = await open.helix("/videos?user_id=1337&type=archive");
    expect(body.data).toHaveLength(1);
    const [video] = body.data;
    expect(video).toMatchObject({
      stream_id: stream.id,
      user_id: "1337",
      title: "Lubing",
      type: "archive",
      duration: "1h3m21s",
      url: `https://www.twitch.tv/videos/${video.id}`,
      thumbnail_url: expect.stringContaining("%{width}x%{height}"),
    });
    expect(Date.parse(video.created_at)).toBe(Math.floor(stream.startedAtMs / 1000) * 1000);
  });

  test("a channel that keeps none gets one only when it is published by hand", async () => {
    const stream = open.twitch.goLive("ada", { keepsVideo: false });
    open.twitch.endStream("ada");
    await open.clock.advance(DAY_MS);
    expect((await open.helix("/videos?user_id=1337")).body.data).toEqual([]);
    open.twitch.publishVideo(stream.id, { durationMs: 5_000 });
    expect((await open.helix("/videos?user_id=1337")).body.data[0].duration).toBe("5s");
  });

  test("a stream has one video, also when it was published before its time", async () => {
    const stream = open.twitch.goLive("ada");
    open.twitch.endStream("ada");
    open.twitch.publishVideo(stream.id);
    await open.clock.advance(DAY_MS);
    expect((await open.helix("/videos?user_id=1337")).body.data).toHaveLength(1);
    expect(() => open.twitch.publishVideo(stream.id)).toThrow("already has a video");
  });

  test("the newest comes first, or by choice the most seen", async () => {
    for (const viewCount of [9, 1]) {
      const stream = open.twitch.goLive("ada");
      open.twitch.endStream("ada");
      open.twitch.publishVideo(stream.id, { viewCount });
      await open.clock.advance(60_000);
    }
    const counts = async (sort: string) =>
      (await open.helix(`/videos?user_id=1337&sort=${sort}`)).body.data.map(
        (video: { view_count: number }) => video.view_count,
      );
    expect(await counts("time")).toEqual([1, 9]);
    expect(await counts("views")).toEqual([9, 1]);
    const [newest] = (await open.helix("/videos?user_id=1337&first=1")).body.data;
    expect((await open.helix(`/videos?id=${newest.id}`)).body.data).toEqual([newest]);
  });

  test.each([
    ["", 400],
    ["?user_id=1&user_id=2", 400],
    ["?user_id=1&id=2", 400],
    ["?id=2", 404],
    ["?user_id=1337&type=upload", 200],
  ])("asked with %j Twitch answers %d", async (query, status) => {
    expect((await open.helix(`/videos${query}`)).status).toBe(status);
  });
});

describe("planned faults", () => {
  const GET_STREAMS = { target: "twitch", operation: /^GET \/helix\/streams$/, times: 1 } as const;

  test("a failure carries its status and strikes as often as planned", async () => {
    open.faults.add({ ...GET_STREAMS, fault: { kind: "fail", code: 503 } });
    expect((await open.helix("/users?login=ada")).status).toBe(200);
    expect((await open.helix("/streams?user_id=1337")).body).toMatchObject({ status: 503 });
    expect((await open.helix("/streams?user_id=1337")).status).toBe(200);
  });

  test("the token endpoint can fail", async () => {
    const operation = /^POST \/oauth2\/token$/;
    open.faults.add({ target: "twitch", operation, fault: { kind: "fail", code: 500 } });
    expect((await open.post("/oauth2/token", {})).status).toBe(500);
  });

  test("a dropped call is not done, a call whose answer is lost is", async () => {
    const revoke = () =>
      open.post("/oauth2/revoke", { client_id: CLIENT_ID, token: open.state.token });
    const operation = /^POST \/oauth2\/revoke$/;
    open.faults.add({ target: "twitch", operation, times: 1, fault: { kind: "drop" } });
    await expect(revoke()).rejects.toThrow();
    expect((await open.helix("/streams")).status).toBe(200);
    open.faults.add({ target: "twitch", operation, times: 1, fault: { kind: "lose-answer" } });
    await expect(revoke()).rejects.toThrow();
    expect((await open.helix("/streams")).status).toBe(401);
    const requests = open.twitch.events().filter(({ kind }) => kind === "request");
    expect(requests.slice(-4)).toMatchObject([
      { path: "/oauth2/revoke", status: undefined },
      { path: "/helix/streams", status: 200 },
      { path: "/oauth2/revoke", status: undefined },
      { path: "/helix/streams", status: 401 },
    ]);
  });

  test("a delayed call is answered when the clock has come so far", async () => {
    open.faults.add({ ...GET_STREAMS, fault: { kind: "delay", ms: DAY_MS } });
    const answer = open.helix("/streams");
    while (open.clock.nextDueMs() === undefined) await new Promise((done) => setImmediate(done));
    await open.clock.advance(DAY_MS);
    expect((await answer).status).toBe(200);
  });
});
