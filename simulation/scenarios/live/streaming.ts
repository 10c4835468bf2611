import type { Stage } from "../../stage.ts";
import type { Action, Pick } from "../scenario.ts";
import { airOf, beginStream, type Channel, endStream, runningOf } from "./air.ts";

/** Events on Twitch and their weights. */
export const streamingActions: readonly Action[] = [
  { name: "begin a stream", weight: 12, isEssential: true, perform: begin },
  { name: "end a stream", weight: 10, perform: end },
  { name: "lose the connection for a moment", weight: 5, perform: flicker },
  { name: "Twitch tells again", weight: 6, perform: sendAgain },
  { name: "Twitch revokes a subscription", weight: 3, perform: revoke },
  { name: "rename a channel", weight: 3, perform: rename },
  { name: "attack: forge a message of Twitch's", weight: 2, perform: forge },
];

/** What a builder writes into a title: their own text in their own data. */
export const MENTION_IN_TITLE = "<@300000000000000030>";
/** Some titles try to ping everyone. */
const TITLES = [
  "At the bench",
  "",
  `@everyone look! ${MENTION_IN_TITLE}`,
  "unrecorded [x](https://example.com) ||`*_~",
  "x".repeat(140),
];
const MOMENTS_MS = [1, 1_000, 20_000];

function begin(stage: Stage, pick: Pick): void {
  const idle = airOf(stage).channels.filter((channel) => !runningOf(stage, channel));
  beginStream(stage, pick(idle), pick(TITLES));
}

/** A channel whose stream did not begin at this very moment: no stream ends at the time it began. */
function channelOnAir(stage: Stage, pick: Pick): Channel {
  const nowMs = stage.cloud.clock.nowMs();
  const isOnAir = (channel: Channel) => (runningOf(stage, channel)?.startedAtMs ?? nowMs) < nowMs;
  return pick(airOf(stage).channels.filter(isOnAir));
}

function end(stage: Stage, pick: Pick): void {
  endStream(stage, channelOnAir(stage, pick));
}

/** A new stream follows the old one so soon that the messages of both are in transit together. */
async function flicker(stage: Stage, pick: Pick): Promise<void> {
  const channel = channelOnAir(stage, pick);
  const momentMs = pick(MOMENTS_MS);
  endStream(stage, channel);
  await stage.cloud.clock.sleep(momentMs);
  beginStream(stage, channel, "Back again");
}

/** Repeats a message, which may be older than later ones about the same channel. */
async function sendAgain(stage: Stage, pick: Pick): Promise<void> {
  const messages = stage.twitch
    .events()
    .flatMap((event) => (event.kind === "message" ? [event] : []))
    .filter(({ messageType }) => messageType !== "webhook_callback_verification");
  await stage.twitch.repeat(pick([...messages.slice(-4), ...messages.slice(-20)]).messageId);
}

function revoke(stage: Stage, pick: Pick): void {
  const enabled = stage.twitch.subscriptions().filter(({ status }) => status === "enabled");
  const reason = pick([
    "authorization_revoked",
    "notification_failures_exceeded",
    "version_removed",
  ] as const);
  stage.twitch.revoke(pick(enabled).id, reason);
}

function rename(stage: Stage, pick: Pick): void {
  const channel = pick(airOf(stage).channels);
  const login = `${channel.login.split("__")[0]}__${pick([1, 2, 3])}`;
  stage.twitch.addUser({ id: channel.id, login });
  channel.login = login;
}

/** Forges a message about a stream's start or end, with a guessed signature or as an old replay. */
async function forge(stage: Stage, pick: Pick): Promise<void> {
  const { settings, clock, functions } = stage.cloud;
  const channel = pick(airOf(stage).channels);
  const type = pick(["stream.online", "stream.offline"]);
  const isReplay = pick([true, false]);
  const [right = ""] = (settings["TWITCH_EVENTSUB_SECRET"] ?? "").split(",");
  const atMs = clock.nowMs() - (isReplay ? 3_600_000 : 0);
  const timestamp = new Date(atMs).toISOString();
  const event = {
    id: "66",
    type: "live",
    started_at: timestamp.replace(/\.\d+/, ""),
    broadcaster_user_id: channel.id,
    broadcaster_user_login: channel.login,
    broadcaster_user_name: channel.login,
  };
  const { messageId, result } = await stage.twitch.send(`${functions.url}/twitch-webhook`, {
    type,
    timestamp,
    secret: isReplay ? right : "guessed-by-somebody",
    body: JSON.stringify({ subscription: { type }, event }),
  });
  airOf(stage).forged.add(messageId);
  if (typeof result === "number" && result < 300) {
    airOf(stage).breaches.push(`a forged ${type}`);
  }
}
