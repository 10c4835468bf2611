import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { expectedSignature, openCallback } from "./callback.ts";
import { EVENTSUB_SECRET, type OpenTwitch, openTwitch, subscribe } from "./support.ts";

let open: OpenTwitch;
let callback: Awaited<ReturnType<typeof openCallback>>;

beforeEach(async () => {
  open = await openTwitch();
  callback = await openCallback();
});
afterEach(async () => {
  await open.close();
  await callback.stop();
});

describe("a program outside", () => {
  test("can play an evening: a user, a stream, its end and its video", async () => {
    const user = { id: "7", login: "Bob", display_name: "Bob" };
    expect(await open.control("POST", "/users", user)).toMatchObject({
      status: 201,
      body: { id: "7", login: "bob", display_name: "Bob" },
    });
    const stream = { login: "bob", title: "Desoldering", game_name: "Keyboards", viewer_count: 5 };
    const started = await open.control("POST", "/streams", { ...stream, keeps_video: false });
    expect(started.status).toBe(201);
    expect((await open.helix("/streams?user_id=7")).body.data).toEqual([started.body]);
    expect(started.body).toMatchObject({ title: "Desoldering", viewer_count: 5 });

    const changed = { title: "Soldering", game_name: "Keyboards" };
    expect((await open.control("PATCH", "/channels/bob", changed)).status).toBe(200);
    expect((await open.helix("/streams?user_id=7")).body.data[0].title).toBe("Soldering");

    expect((await open.control("DELETE", "/streams/bob")).status).toBe(204);
    expect((await open.helix("/streams?user_id=7")).body.data).toEqual([]);
    const wanted = { stream_id: started.body.id, duration_ms: 201_000 };
    const published = await open.control("POST", "/videos", wanted);
    expect(published).toMatchObject({ status: 201, body: { duration: "3m21s" } });
    expect((await open.helix("/videos?user_id=7")).body.data).toEqual([published.body]);

    const kinds = (await open.control("GET", "/events")).body
      .map(({ kind }: { kind: string }) => kind)
      .filter((kind: string) => kind !== "request");
    expect(kinds).toEqual(["stream-started", "channel-updated", "stream-ended", "video-published"]);
  });

  test("can repeat a message and revoke a subscription", async () => {
    const subscriptionId = await subscribe(open, callback.url, "stream.online");
    open.twitch.goLive("ada");
    await open.twitch.whenIdle();

    const id = callback.ofType("notification")[0]?.id;
    const repeated = await open.control("POST", "/eventsub/repeat", { message_id: id });
    expect(repeated).toMatchObject({ status: 200, body: { message_id: id, result: 204 } });
    expect(callback.ofType("notification").map((message) => message.id)).toEqual([id, id]);

    const end = { subscription_id: subscriptionId, reason: "user_removed" };
    expect((await open.control("POST", "/eventsub/revoke", end)).status).toBe(204);
    await open.twitch.whenIdle();
    expect(callback.ofType("revocation")).toHaveLength(1);
  });

  test("can send a message made by hand", async () => {
    const message = {
      callback: callback.url,
      secret: EVENTSUB_SECRET,
      type: "stream.online",
      body: "{}",
    };
    const sent = await open.control("POST", "/eventsub/notify", { ...message, message_id: "m1" });
    expect(sent).toMatchObject({ status: 200, body: { message_id: "m1", result: 204 } });
    const [received] = callback.messages;
    expect(received?.headers["twitch-eventsub-message-signature"]).toBe(
      received && expectedSignature(received, EVENTSUB_SECRET),
    );
  });

  test("can make every token worthless", async () => {
    expect((await open.control("POST", "/tokens/invalidate")).status).toBe(204);
    expect((await open.helix("/streams")).status).toBe(401);
  });

  test.each([
    ["a user without a login", "POST", "/users", { id: "7" }, 400],
    ["an id that is no number", "POST", "/users", { id: "bob", login: "bob" }, 400],
    ["a login that another has", "POST", "/users", { id: "7", login: "ada" }, 409],
    ["a field there is not", "POST", "/streams", { login: "ada", tile: "x" }, 400],
    ["a stream of nobody", "POST", "/streams", { login: "bob" }, 404],
    ["the end of no stream", "DELETE", "/streams/ada", {}, 404],
    ["a video of no stream", "POST", "/videos", { stream_id: "1" }, 404],
    ["a repeat of no message", "POST", "/eventsub/repeat", { message_id: "1" }, 404],
    [
      "the end of no subscription",
      "POST",
      "/eventsub/revoke",
      { subscription_id: "1", reason: "user_removed" },
      404,
    ],
    ["an unknown action", "POST", "/dance", {}, 404],
  ])("learns what is wrong with %s", async (_case, method, path, json, status) => {
    const answer = await open.control(method, path, json);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ status, message: expect.any(String) });
  });

  test("cannot start a second stream of the same channel", async () => {
    expect((await open.control("POST", "/streams", { login: "ada" })).status).toBe(201);
    expect((await open.control("POST", "/streams", { login: "ada" })).status).toBe(409);
  });
});
