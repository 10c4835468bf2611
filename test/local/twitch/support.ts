import { LocalClock } from "../../../local/kit/clock.ts";
import { FaultPlan } from "../../../local/kit/faults.ts";
import { startTwitch, type TwitchOptions } from "../../../local/twitch/index.ts";

export const CLIENT_ID = "client";
export const CLIENT_SECRET = "client-secret";
/** What the subscriptions of the tests are signed with. */
export const EVENTSUB_SECRET = "a-secret-of-these-tests";

/** A Twitch with one user, ada (id 1337), and a client that has a token. */
export async function openTwitch(options: Partial<TwitchOptions> = {}) {
  const clock = new LocalClock();
  const faults = new FaultPlan();
  const application = { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET };
  const twitch = await startTwitch({ clock, faults, ...application, ...options });
  twitch.addUser({ id: "1337", login: "Ada", displayName: "Ada" });

  async function read(response: Response) {
    const text = await response.text();
    const body = text === "" ? undefined : JSON.parse(text);
    return { status: response.status, headers: response.headers, body };
  }

  async function post(path: string, form: Record<string, string>) {
    const body = new URLSearchParams(form);
    return read(await fetch(`${twitch.url}${path}`, { method: "POST", body }));
  }

  async function newToken(): Promise<string> {
    const answer = await post("/oauth2/token", {
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
      grant_type: "client_credentials",
    });
    return answer.body.access_token;
  }

  const state = { token: await newToken() };

  /** Calls Helix with the client's token, or another. */
  async function helix(
    path: string,
    {
      method = "GET",
      json,
      token = state.token,
    }: { method?: string; json?: unknown; token?: string } = {},
  ) {
    const headers = {
      "client-id": CLIENT_ID,
      authorization: `Bearer ${token}`,
      ...(json === undefined ? {} : { "content-type": "application/json" }),
    };
    const init =
      json === undefined ? { method, headers } : { method, headers, body: JSON.stringify(json) };
    return read(await fetch(`${twitch.url}/helix${path}`, init));
  }

  /** Calls the control routes. */
  async function control(method: string, path: string, json: unknown = {}) {
    const headers = { "content-type": "application/json" };
    const init = method === "GET" ? { method } : { method, headers, body: JSON.stringify(json) };
    return read(await fetch(`${twitch.url}/control${path}`, init));
  }

  return {
    clock,
    faults,
    twitch,
    post,
    read,
    helix,
    control,
    newToken,
    state,
    close: async () => {
      await twitch.stop();
      clock.stop();
    },
  };
}

export type OpenTwitch = Awaited<ReturnType<typeof openTwitch>>;

/** Subscribes to something of ada, waits for the challenge, and gives the subscription's id. */
export async function subscribe(open: OpenTwitch, callback: string, type: string): Promise<string> {
  const json = {
    type,
    version: type === "channel.update" ? "2" : "1",
    condition: { broadcaster_user_id: "1337" },
    transport: { method: "webhook", callback, secret: EVENTSUB_SECRET },
  };
  const { body } = await open.helix("/eventsub/subscriptions", { method: "POST", json });
  await open.twitch.whenIdle();
  return body.data[0].id;
}

/** Moves the clock on from one thing that waits to the next, until nothing waits. */
export async function letRetriesPass({ clock, twitch }: OpenTwitch): Promise<void> {
  for (let dueMs = clock.nextDueMs(); dueMs !== undefined; dueMs = clock.nextDueMs()) {
    await clock.advance(dueMs - clock.nowMs());
    await twitch.whenIdle();
  }
}
