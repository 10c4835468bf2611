import { randomBytes, randomUUID } from "node:crypto";
import type { Server } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import type { LocalClock } from "../../kit/clock.ts";
import { type Timer, Timers } from "../../kit/timers.ts";
import { TwitchError } from "../twitch-error.ts";
import { toNanosecondsText } from "./subscription.ts";

// https://dev.twitch.tv/docs/eventsub/handling-websocket-events/
const DEFAULT_KEEPALIVE_SECONDS = 10;
const MAX_KEEPALIVE_SECONDS = 600;
const SUBSCRIBE_WITHIN_MS = 10_000;
const RECONNECT_WITHIN_MS = 30_000;
const CLOSE = {
  inboundTraffic: [4001, "client sent inbound traffic"],
  unused: [4003, "connection unused"],
  reconnectExpired: [4004, "client reconnect grace time expired"],
  invalidReconnect: [4007, "invalid reconnect attempt"],
} as const;

/** A client's WebSocket; two while a reconnect replaces one with the other. */
interface Session {
  readonly id: string;
  readonly keepaliveSeconds: number;
  readonly connectedAtMs: number;
  socket: WebSocket;
  keepalive?: Timer;
}

/**
 * EventSub's WebSocket connections. Each receives a welcome with its session's id, then messages,
 * and keepalives in between. Disconnected clients receive nothing later.
 */
export class Sessions {
  #clock: LocalClock;
  #timers: Timers;
  #server = new WebSocketServer({ noServer: true });
  #byId = new Map<string, Session>();
  #reconnects = new Map<string, Session>();
  #isInUse: (sessionId: string) => boolean;
  #onEnd: (sessionId: string) => void;

  constructor(
    clock: LocalClock,
    uses: { isInUse(sessionId: string): boolean; onEnd(sessionId: string): void },
  ) {
    this.#clock = clock;
    this.#timers = new Timers(clock);
    this.#isInUse = (id) => uses.isInUse(id);
    this.#onEnd = (id) => uses.onEnd(id);
  }

  /** Accepts connections to `/ws` of an HTTP server. */
  attach(server: Server): void {
    server.on("upgrade", (request, socket, head) => {
      const url = new URL(request.url ?? "", "ws://twitch");
      if (url.pathname !== "/ws") socket.destroy();
      else this.#server.handleUpgrade(request, socket, head, (client) => this.#accept(client, url));
    });
  }

  has(sessionId: string): boolean {
    return this.#byId.has(sessionId);
  }

  /**
   * Sends a message with a new id, unless one is given. Returns false when the client is not
   * connected.
   */
  send(
    sessionId: string,
    type: string,
    payload: object,
    metadata: Readonly<Record<string, string>> = {},
  ): boolean {
    const session = this.#byId.get(sessionId);
    if (!session) return false;
    session.socket.send(
      JSON.stringify({
        metadata: {
          message_id: randomUUID(),
          message_type: type,
          message_timestamp: toNanosecondsText(this.#clock.nowMs()),
          ...metadata,
        },
        payload,
      }),
    );
    this.#keepAlive(session);
    return true;
  }

  /** Asks every client to reconnect, as Twitch does before it shuts a server down. */
  askToReconnect(serverUrl: string): void {
    for (const session of this.#byId.values()) {
      const key = randomBytes(12).toString("hex");
      this.#reconnects.set(key, session);
      const old = session.socket;
      const url = `${serverUrl.replace(/^http/, "ws")}/ws?reconnect=${key}`;
      const state = { ...stateOf(session, "reconnecting"), keepalive_timeout_seconds: null };
      this.send(session.id, "session_reconnect", { session: { ...state, reconnect_url: url } });
      this.#timers.after(RECONNECT_WITHIN_MS, () => {
        this.#reconnects.delete(key);
        old.close(...CLOSE.reconnectExpired);
      });
    }
  }

  /** Terminates every connection without a close message. */
  cut(): void {
    for (const { socket } of this.#byId.values()) socket.terminate();
  }

  stop(): void {
    this.#timers.stop();
    for (const client of this.#server.clients) client.terminate();
    this.#server.close();
  }

  #accept(client: WebSocket, url: URL): void {
    client.on("error", () => client.terminate());
    client.on("message", () => client.close(...CLOSE.inboundTraffic));
    const session = this.#sessionFor(client, url);
    if (!session) {
      client.close(...CLOSE.invalidReconnect);
      return;
    }
    client.once("close", () => this.#closed(session, client));
    const welcome = { ...stateOf(session, "connected"), reconnect_url: null };
    this.send(session.id, "session_welcome", { session: welcome });
    this.#timers.after(SUBSCRIBE_WITHIN_MS, () => {
      if (!this.#isInUse(session.id)) client.close(...CLOSE.unused);
    });
  }

  /** A new session, or the one that the client was asked to reconnect. */
  #sessionFor(socket: WebSocket, url: URL): Session | undefined {
    const key = url.searchParams.get("reconnect");
    if (key !== null) {
      const session = this.#reconnects.get(key);
      this.#reconnects.delete(key);
      if (session) session.socket = socket;
      return session;
    }
    const asked = Number(url.searchParams.get("keepalive_timeout_seconds") ?? Number.NaN);
    const session: Session = {
      id: `AgoQ${randomBytes(16).toString("base64url")}`,
      connectedAtMs: this.#clock.nowMs(),
      keepaliveSeconds: Number.isFinite(asked)
        ? Math.min(Math.max(asked, DEFAULT_KEEPALIVE_SECONDS), MAX_KEEPALIVE_SECONDS)
        : DEFAULT_KEEPALIVE_SECONDS,
      socket,
    };
    this.#byId.set(session.id, session);
    return session;
  }

  #closed(session: Session, socket: WebSocket): void {
    if (session.socket !== socket) return;
    session.keepalive?.cancel();
    this.#byId.delete(session.id);
    this.#onEnd(session.id);
  }

  #keepAlive(session: Session): void {
    session.keepalive?.cancel();
    session.keepalive = this.#timers.after(session.keepaliveSeconds * 1000, () => {
      this.send(session.id, "session_keepalive", {});
    });
  }
}

/** Finds a session. Throws Twitch's error when it does not exist. */
export function requireSession(sessions: Sessions, sessionId: string): void {
  if (sessions.has(sessionId)) return;
  throw new TwitchError(
    400,
    "websocket transport session does not exist or has already disconnected",
  );
}

function stateOf({ id, keepaliveSeconds, connectedAtMs }: Session, status: string) {
  return {
    id,
    status,
    keepalive_timeout_seconds: keepaliveSeconds,
    connected_at: toNanosecondsText(connectedAtMs),
  };
}
