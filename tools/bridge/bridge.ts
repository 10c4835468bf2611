import { type DataObject, getRawData } from "@twurple/common";
import { EventSubWsListener } from "@twurple/eventsub-ws";
import {
  subscriptionsWantedFor,
  type WantedSubscription,
} from "../../shared/twitch/event-subscriptions.ts";
import { BridgeError } from "./bridge-error.ts";
import { handOver, type WebhookMessage } from "./hand-over.ts";
import type { Helix, SubscriptionData } from "./helix.ts";
import { type Channel, realNowMs } from "./local-cloud.ts";

/** What a bridge works with. */
export interface BridgeOptions {
  readonly helix: Helix;
  readonly socketUrl: string;
  readonly channels: readonly Channel[];
  say(line: string): void;
  /** It cannot go on. */
  fail(error: unknown): void;
}

/** One subscription of one channel, and what Twitch last said of it. */
interface Line {
  readonly channel: Channel;
  readonly wanted: WantedSubscription;
  data?: SubscriptionData;
}

type Subscribed = ReturnType<EventSubWsListener["onStreamOnline"]>;
type RawEvent = Readonly<Record<string, unknown>>;

/**
 * Opens the bridge: what Twitch tells of the channels goes to the local webhook. The listener keeps
 * the connections; the subscriptions are asked for here, with one person's token, since the listener
 * would ask each channel's owner. It tells no message ids: ours are made of the stream's id, so that
 * what is heard of twice is one message. Gives what closes it.
 */
export function openBridge({ helix, socketUrl, channels, say, fail }: BridgeOptions): () => void {
  const listener = new EventSubWsListener({
    managed: false,
    url: socketUrl,
    logger: { minLevel: "error" },
  });
  const lines = new Map<Subscribed, Line>();
  const sessions = new Map<string, string>();
  const heard = new Set<string>();
  const liveStreams = new Map<string, string>();

  const listen: Readonly<Record<string, (line: Line) => Subscribed>> = {
    "stream.online": (line) => listener.onStreamOnline(line.channel.id, told(line)),
    "stream.offline": (line) => listener.onStreamOffline(line.channel.id, told(line)),
  };

  const told = (line: Line) => (event: DataObject<object>) =>
    notify(line, { ...getRawData(event) });

  function notify(line: Line, event: RawEvent): void {
    const { channel, wanted, data } = line;
    if (!data) return;
    const stream = String(event["id"] ?? liveStreams.get(channel.id) ?? realNowMs());
    if (wanted.type === "stream.online") liveStreams.set(channel.id, stream);
    else liveStreams.delete(channel.id);
    const id = `bridge.${wanted.type}.${stream}`;
    send({ id, kind: "notification", subscription: data, event }, channel);
  }

  function send(message: WebhookMessage, channel: Channel): void {
    if (heard.has(message.id)) return;
    heard.add(message.id);
    const what = `${message.kind === "revocation" ? "revocation of " : ""}${message.subscription.type}`;
    handOver(message).then(
      (status) => say(`${what} of ${channel.login}: handed over, answered ${status}`),
      (error: unknown) => {
        heard.delete(message.id);
        say(`${what} of ${channel.login} is lost. ${String((error as Error).message)}`);
      },
    );
  }

  /** What happened while nobody listened: Twitch does not tell it again. */
  async function catchUp(line: Line): Promise<void> {
    const { channel, wanted } = line;
    const stream = await helix.liveStream(channel.id);
    const broadcaster = {
      broadcaster_user_id: channel.id,
      broadcaster_user_login: channel.login,
      broadcaster_user_name: channel.displayName,
    };
    const isOnline = wanted.type === "stream.online";
    if (isOnline && stream) {
      const { id, type, started_at } = stream;
      notify(line, { id, ...broadcaster, type, started_at });
    }
    const known = liveStreams.get(channel.id);
    if (!isOnline && !stream && known) notify(line, { id: known, ...broadcaster });
  }

  listener.onUserSocketReady((userId, sessionId) => {
    const isSame = sessions.get(userId) === sessionId;
    sessions.set(userId, sessionId);
    if (isSame) say(`Connected anew for ${loginOf(userId)}; nothing was lost.`);
  });
  listener.onUserSocketDisconnect((userId, error) => {
    if (error)
      say(`The connection for ${loginOf(userId)} was lost (${error.message}). Connecting…`);
  });
  listener.onSubscriptionActivate((subscription, setData) => {
    const line = lines.get(subscription);
    if (!line) return;
    const { channel, wanted } = line;
    const sessionId = sessions.get(channel.id);
    if (!sessionId) return;
    helix
      .subscribe(wanted, sessionId)
      .then((data) => {
        line.data = data;
        const transport = { ...data.transport, connected_at: "", disconnected_at: "" };
        setData({ ...data, transport });
        say(`Listening to ${wanted.type} of ${channel.login}`);
        return catchUp(line);
      })
      .catch((error: unknown) => {
        // The connection went away meanwhile: the next one asks again.
        if (sessions.get(channel.id) === sessionId) fail(error);
      });
  });
  listener.onRevoke((subscription, status) => {
    const line = lines.get(subscription);
    if (!line?.data) return;
    const { channel, wanted, data } = line;
    say(
      `Twitch ended ${wanted.type} of ${channel.login}: ${status}. Start again once that is fixed.`,
    );
    const revoked = { ...data, status };
    send(
      { id: `bridge.revocation.${data.id}`, kind: "revocation", subscription: revoked },
      channel,
    );
  });

  const loginOf = (userId: string) => channels.find(({ id }) => id === userId)?.login ?? userId;

  for (const channel of channels) {
    for (const wanted of subscriptionsWantedFor(channel.id)) {
      const start = listen[wanted.type];
      if (!start) throw new BridgeError(`The bridge does not know ${wanted.type}.`);
      const line = { channel, wanted };
      lines.set(start(line), line);
    }
  }
  listener.start();
  return () => listener.stop();
}
