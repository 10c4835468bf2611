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

/** What a bridge needs. */
export interface BridgeOptions {
  readonly helix: Helix;
  readonly socketUrl: string;
  readonly channels: readonly Channel[];
  say(line: string): void;
  /** Called when the bridge cannot continue. */
  fail(error: unknown): void;
}

/** One subscription of one channel, and its data as Twitch last sent it. */
interface Line {
  readonly channel: Channel;
  readonly wanted: WantedSubscription;
  data?: SubscriptionData;
}

type Subscribed = ReturnType<EventSubWsListener["onStreamOnline"]>;
type RawEvent = Readonly<Record<string, unknown>>;

/**
 * Opens the bridge: it forwards Twitch's events of the channels to the local webhook. The listener manages the
 * connections. The bridge itself creates the subscriptions, with one person's token, because the listener would
 * need a token of each channel's owner. The listener passes on no message ids, so the bridge derives them from
 * the stream's id: an event that arrives twice becomes one message. Returns a function that closes the bridge.
 */
export function openBridge({ helix, socketUrl, channels, say, fail }: BridgeOptions): () => void {
  const listener = new EventSubWsListener({
    managed: false,
    url: socketUrl,
    logger: { minLevel: "error" },
  });
  const lines = new Map<Subscribed, Line>();
  const sessions = new Map<string, string>();
  const sentIds = new Set<string>();
  const liveStreams = new Map<string, string>();

  const listen: Readonly<Record<string, (line: Line) => Subscribed>> = {
    "stream.online": (line) => listener.onStreamOnline(line.channel.id, forward(line)),
    "stream.offline": (line) => listener.onStreamOffline(line.channel.id, forward(line)),
  };

  const forward = (line: Line) => (event: DataObject<object>) =>
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
    if (sentIds.has(message.id)) return;
    sentIds.add(message.id);
    const what = `${message.kind === "revocation" ? "revocation of " : ""}${message.subscription.type}`;
    handOver(message).then(
      (status) => say(`${what} of ${channel.login}: delivered, answered ${status}`),
      (error: unknown) => {
        sentIds.delete(message.id);
        say(`${what} of ${channel.login} is lost. ${String((error as Error).message)}`);
      },
    );
  }

  /** Sends what happened while nothing listened: Twitch does not send it again. */
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
    if (isSame) say(`Reconnected for ${loginOf(userId)}; nothing was lost.`);
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
        // The connection was lost meanwhile: the next one subscribes again.
        if (sessions.get(channel.id) === sessionId) fail(error);
      });
  });
  listener.onRevoke((subscription, status) => {
    const line = lines.get(subscription);
    if (!line?.data) return;
    const { channel, wanted, data } = line;
    say(
      `Twitch ended ${wanted.type} of ${channel.login}: ${status}. Fix that, then start the bridge again.`,
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
