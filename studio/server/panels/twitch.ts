import * as z from "zod/mini";
import { SUBSCRIPTION_STATUSES } from "../../../local/twitch/eventsub/subscription.ts";
import type { ChannelOverview, TwitchSimulator } from "../../../local/twitch/index.ts";
import type { StudioHost } from "../host.ts";
import { defineCall } from "../panel.ts";

const MOST_SHOWN = 60;
const LATE_MS = 5 * 60_000;

const text = z.string().check(z.trim(), z.minLength(1));
const channel = z.object({ login: text });

/** What happens to the next event that Twitch delivers. */
const FAULTS = {
  late: { kind: "delay", ms: LATE_MS },
  twice: { kind: "duplicate", copies: 2 },
  lost: { kind: "drop" },
} as const;

/** The simulated Twitch: channels, sign-ins, EventSub. */
export function twitchPanel({ cloud }: StudioHost) {
  const twitch = () => {
    if (cloud.twitch) return cloud.twitch;
    throw new Error("Another server stands for Twitch (TWITCH_API_BASE_URL).");
  };
  return {
    calls: {
      read: defineCall(z.object({}), () => overview(twitch())),
      addChannel: defineCall(z.object({ login: text }), ({ login }) => {
        const ids = twitch()
          .channels()
          .map(({ user }) => Number(user.id));
        twitch().addUser({
          id: String(Math.max(100_000, ...ids) + 1),
          login: login.toLowerCase().replaceAll(/\W/g, "_"),
          displayName: login,
        });
      }),
      goLive: defineCall(
        z.object({ login: text, title: z.string(), category: z.string() }),
        ({ login, title, category }) => {
          twitch().goLive(login, { title, gameName: category });
        },
      ),
      change: defineCall(
        z.object({ login: text, title: z.string(), category: z.string() }),
        ({ login, title, category }) => {
          twitch().updateChannel(login, { title, gameName: category });
        },
      ),
      end: defineCall(channel, ({ login }) => {
        twitch().endStream(login);
      }),
      publish: defineCall(z.object({ streamId: text }), ({ streamId }) => {
        twitch().publishVideo(streamId);
      }),
      helix: defineCall(channel, ({ login }) => twitch().helixOf(login)),
      signIn: defineCall(z.object({ url: text, login: z.optional(text) }), ({ url, login }) => ({
        location: twitch().signIn(url, login),
      })),
      approveDevice: defineCall(z.object({ code: text, login: text }), ({ code, login }) => {
        twitch().approveDevice(code, login);
      }),
      invalidateTokens: defineCall(z.object({}), () => twitch().invalidateTokens()),
      revoke: defineCall(
        z.object({ id: text, reason: z.enum(SUBSCRIPTION_STATUSES) }),
        ({ id, reason }) => twitch().revoke(id, reason),
      ),
      repeat: defineCall(z.object({ id: text }), ({ id }) => twitch().repeat(id)),
      sendLate: defineCall(
        z.object({ id: text, minutes: z.number().check(z.gte(0), z.lte(1440)) }),
        ({ id, minutes }) => twitch().sendLate(id, minutes * 60_000),
      ),
      faultNext: defineCall(z.object({ fault: z.enum(["late", "twice", "lost"]) }), ({ fault }) => {
        const operation = /^deliver (stream|channel)\./;
        cloud.faults.add({ target: "twitch", operation, fault: FAULTS[fault], times: 1 });
      }),
    },
    version: () => cloud.twitch?.revision() ?? 0,
  };
}

function overview(twitch: TwitchSimulator) {
  const events = twitch.events();
  const secretless = twitch
    .subscriptions()
    .map(({ id, type, status, broadcasterId, callback, createdAtMs }) => ({
      id,
      type,
      status,
      broadcasterId,
      callback,
      createdAtMs,
    }));
  const newest = <T>(found: readonly T[]) => found.slice(-MOST_SHOWN).reverse();
  return {
    channels: twitch.channels().map(shownChannel),
    signIns: twitch.waitingSignIns(),
    subscriptions: secretless,
    deliveries: newest(events.filter((event) => event.kind === "message")),
    requests: newest(events.filter((event) => event.kind === "request")),
  };
}

function shownChannel({ user, streams, videos }: ChannelOverview) {
  const live = streams.find(({ endedAtMs }) => endedAtMs === undefined);
  const ended = streams.filter(({ endedAtMs }) => endedAtMs !== undefined).reverse();
  return {
    id: user.id,
    login: user.login,
    name: user.displayName,
    title: user.channel.title,
    category: user.channel.gameName,
    live: live && { id: live.id, startedAtMs: live.startedAtMs },
    ended: ended.slice(0, 5).map(({ id, title, startedAtMs }) => ({
      id,
      title,
      startedAtMs,
      videoUrl: videos.find(({ streamId }) => streamId === id)?.url,
    })),
  };
}
