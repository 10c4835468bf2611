import * as z from "zod/mini";
import { systemClock } from "../../shared/runtime/clock.ts";
import { describeError } from "../../shared/runtime/errors.ts";
import type { WantedSubscription } from "../../shared/twitch/event-subscriptions.ts";
import { BridgeError } from "./bridge-error.ts";
import type { Channel } from "./local-cloud.ts";
import type { UserToken } from "./user-token.ts";

/** Delays before each retry while Twitch, or the connection to it, is down. */
const RETRY_DELAYS_MS = [1_000, 5_000, 15_000];

/** A subscription as Twitch returns it, and includes it in its messages. */
export type SubscriptionData = z.infer<typeof subscriptionData>;

const subscriptionData = z.object({
  id: z.string(),
  status: z.literal("enabled"),
  type: z.string(),
  version: z.string(),
  condition: z.record(z.string(), z.unknown()),
  transport: z.object({ method: z.literal("websocket"), session_id: z.string() }),
  created_at: z.string(),
  cost: z.number(),
});
const subscribedAnswer = z.object({ data: z.array(subscriptionData).check(z.minLength(1)) });
const usersAnswer = z.object({
  data: z.array(z.object({ id: z.string(), login: z.string(), display_name: z.string() })),
});
const streamsAnswer = z.object({
  data: z.array(z.object({ id: z.string(), type: z.string(), started_at: z.string() })),
});
const refusalAnswer = z.object({ message: z.string() });

/** A stream that is live. */
export interface LiveStream {
  readonly id: string;
  readonly type: string;
  readonly started_at: string;
}

/** The real Twitch's Helix API, called with a person's token. All methods throw BridgeError. */
export interface Helix {
  findChannel(login: string): Promise<Channel | undefined>;
  liveStream(userId: string): Promise<LiveStream | undefined>;
  subscribe(wanted: WantedSubscription, sessionId: string): Promise<SubscriptionData>;
}

/** Connects to Helix: https://dev.twitch.tv/docs/api/reference/ */
export function connectHelix(apiBaseUrl: string, clientId: string, token: UserToken): Helix {
  const callOnce = (path: string, accessToken: string, body?: object) =>
    fetch(`${apiBaseUrl}${path}`, {
      headers: {
        "client-id": clientId,
        authorization: `Bearer ${accessToken}`,
        ...(body && { "content-type": "application/json" }),
      },
      ...(body && { method: "POST", body: JSON.stringify(body) }),
    });

  async function call(path: string, accessToken: string, body?: object): Promise<Response> {
    for (const delayMs of RETRY_DELAYS_MS) {
      const answer = await callOnce(path, accessToken, body).catch(() => undefined);
      if (answer && answer.status < 500) return answer;
      await answer?.body?.cancel();
      await systemClock.sleep(delayMs);
    }
    return callOnce(path, accessToken, body).catch((error: unknown) => {
      throw new BridgeError(`Twitch does not answer: ${describeError(error)}`, { cause: error });
    });
  }

  async function ask<T>(path: string, schema: z.ZodMiniType<T>, body?: object): Promise<T> {
    let answer = await call(path, await token.get(), body);
    if (answer.status === 401) {
      await answer.body?.cancel();
      answer = await call(path, await token.renew(), body);
    }
    if (answer.ok) return schema.parse(await answer.json());
    const refusal = refusalAnswer.safeParse(await answer.json().catch(() => undefined));
    const reason = refusal.success ? refusal.data.message : "no reason given";
    throw new BridgeError(
      `Twitch answered ${answer.status}: ${reason}. ${remedies[answer.status] ?? ""}`,
    );
  }

  return {
    async findChannel(login) {
      const { data } = await ask(`/users?${new URLSearchParams({ login })}`, usersAnswer);
      const [user] = data;
      return user && { id: user.id, login: user.login, displayName: user.display_name };
    },

    async liveStream(userId) {
      const query = new URLSearchParams({ user_id: userId, type: "live" });
      return (await ask(`/streams?${query}`, streamsAnswer)).data[0];
    },

    async subscribe({ type, version, twitchUserId }, sessionId) {
      const answer = await ask("/eventsub/subscriptions", subscribedAnswer, {
        type,
        version,
        condition: { broadcaster_user_id: twitchUserId },
        transport: { method: "websocket", session_id: sessionId },
      });
      const [subscription] = answer.data;
      if (!subscription) throw new BridgeError("Twitch's answer contains no subscription.");
      return subscription;
    },
  };
}

const remedies: Readonly<Record<number, string>> = {
  401: "Delete .local/twitch-token.json and start ./dev bridge again.",
  429: "Twitch allows each person only a few of these at a time: stop other bridges, or name fewer channels.",
};
