import express, { type ErrorRequestHandler, type RequestHandler } from "express";
import { Activity } from "../kit/activity.ts";
import type { LocalClock } from "../kit/clock.ts";
import type { FaultPlan } from "../kit/faults.ts";
import type { InProcessFetch } from "../kit/http/in-process.ts";
import { type Place, serveAt } from "../kit/http/listen.ts";
import type { PersistentState } from "../kit/persistent-state.ts";
import type { NewVideo } from "./broadcasts.ts";
import { Broadcasts, type ChannelChanges, type NewStream, type NewUser } from "./broadcasts.ts";
import { Actions } from "./control/actions.ts";
import { controlRouter } from "./control/control.ts";
import { EventLog, type TwitchEvent } from "./event-log.ts";
import { Courier } from "./eventsub/courier.ts";
import { EventSub, type HandMadeMessage, type SentMessage } from "./eventsub/event-sub.ts";
import { eventSubRouter } from "./eventsub/routes.ts";
import { SocketSubscriptions } from "./eventsub/socket-subscriptions.ts";
import type { Subscription, SubscriptionStatus } from "./eventsub/subscription.ts";
import { MAX_TOTAL_COST, Subscriptions } from "./eventsub/subscriptions.ts";
import { broadcastsRouter } from "./helix/helix.ts";
import { helixStream, helixUser, helixVideo } from "./helix/helix-json.ts";
import { previewsRouter } from "./helix/previews.ts";
import { RateLimits } from "./helix/rate-limits.ts";
import { authorise } from "./oauth/authorise.ts";
import { DeviceCodes } from "./oauth/device-codes.ts";
import { type Application, oauthRouter } from "./oauth/oauth.ts";
import { twitchSignInRouter } from "./oauth/sign-in-page.ts";
import { SignIns, type WaitingSignIn } from "./oauth/sign-ins.ts";
import { Tokens } from "./oauth/tokens.ts";
import { applyPlannedFaults } from "./planned-faults.ts";
import type { TwitchStream, TwitchUser, TwitchVideo } from "./records.ts";
import { helixError, TwitchError } from "./twitch-error.ts";

/** Twitch needs some minutes to process a stream's video. */
const VIDEO_DELAY_MS = 3 * 60_000;

const DEVICE_INTERVAL_SECONDS = 5;

/** Options of `startTwitch`. */
export interface TwitchOptions extends Application, Place {
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  /** The application's allowed redirect URLs for sign-ins; none by default. */
  readonly redirectUris?: readonly string[];
  /** State that an earlier run stored and this run continues. */
  readonly state?: PersistentState | undefined;
  /** Calls the application's endpoints; over sockets by default. */
  readonly fetch?: InProcessFetch | undefined;
  /** How long Helix lags behind a stream's start or end; on the real Twitch up to minutes. */
  readonly helixLagMs?: number;
  /** How long after a stream's end its video is published; three minutes by default. */
  readonly videoDelayMs?: number;
  /** The interval at which a device polls for approval of its code; five seconds by default. */
  readonly deviceIntervalSeconds?: number;
  /** The limit of the total cost of all subscriptions. */
  readonly maxTotalCost?: number;
}

/** A user with what they have broadcast. */
export interface ChannelOverview {
  readonly user: TwitchUser;
  readonly streams: readonly TwitchStream[];
  readonly videos: readonly TwitchVideo[];
}

/** The running Twitch simulator. An action that is not possible throws an error with the reason. */
export interface TwitchSimulator {
  /**
   * Base URL. Helix is below `/helix`, the token endpoints below `/oauth2`, EventSub's WebSocket at
   * `/ws`, the actions below `/control`.
   */
  readonly url: string;
  stop(): Promise<void>;
  /** Whether no message is being delivered; scheduled retries do not count. */
  idle(): boolean;
  /** Resolves when `idle()` is true; immediately if it already is. */
  whenIdle(): Promise<void>;
  /** The users, each with their streams and videos, oldest first. */
  channels(): ChannelOverview[];
  /** What Helix answers about a user now. Throws when the user does not exist. */
  helixOf(login: string): object;
  /** The sign-in pages that were opened and not answered yet, as URLs, oldest first. */
  waitingSignIns(): { readonly openedAtMs: number; readonly url: string }[];
  /** Increases with every change. */
  revision(): number;
  addUser(user: NewUser): TwitchUser;
  goLive(login: string, settings?: NewStream): TwitchStream;
  endStream(login: string): TwitchStream;
  updateChannel(login: string, changes: ChannelChanges): TwitchUser;
  /** Publishes a stream's video early, or that of a stream that does not publish one itself. */
  publishVideo(streamId: string, settings?: NewVideo): TwitchVideo;
  /** From now on every token issued so far is answered with 401. */
  invalidateTokens(): void;
  /** A user enters the code that a device shows and approves it. */
  approveDevice(userCode: string, login: string): void;
  /**
   * Acts as a browser on the sign-in page: the user signs in and approves, or cancels if no login
   * is given. Returns the URL of the redirect.
   */
  signIn(pageUrl: string, login?: string): string;
  /** The webhook subscriptions. */
  subscriptions(): Subscription[];
  /** EventSub over WebSockets. */
  readonly sockets: Pick<SocketSubscriptions, "of" | "repeat" | "messageIds"> & {
    /** Asks every client to reconnect. */
    askToReconnect(): void;
    /** Terminates every connection without a close message. */
    cut(): void;
  };
  /** Ends a subscription and notifies its subscriber of the reason. */
  revoke(subscriptionId: string, reason: SubscriptionStatus): void;
  /** Sends a message again unchanged. */
  repeat(messageId: string): Promise<SentMessage>;
  /** Sends a message's content as a new message that is `ageMs` old, validly signed. */
  sendLate(messageId: string, ageMs: number): Promise<SentMessage>;
  /** Sends a custom message: signed with any secret, as old as its timestamp says. */
  send(callback: string, message: HandMadeMessage): Promise<SentMessage>;
  /** The logged events, oldest first. */
  events(): TwitchEvent[];
}

/**
 * Starts the Twitch simulator: tokens, Helix's users, streams and videos, and EventSub over
 * webhooks and WebSockets. Subscribers are notified of a stream's start or end immediately. Planned
 * faults apply to calls by method and path ("GET /helix/streams", "POST /oauth2/token") and to
 * messages as "deliver stream.online", "deliver revocation" or "deliver
 * webhook_callback_verification".
 */
export async function startTwitch(options: TwitchOptions): Promise<TwitchSimulator> {
  const { clock, faults } = options;
  const activity = new Activity();
  const log = new EventLog(clock);
  const tokens = new Tokens(clock);
  const broadcasts = new Broadcasts(clock, options.helixLagMs ?? 0);
  const subscriptions = new Subscriptions(clock, log, options.maxTotalCost ?? MAX_TOTAL_COST);
  const courier = new Courier({ clock, faults, activity, log, fetch: options.fetch });
  const sockets = new SocketSubscriptions(clock);
  const deviceCodes = new DeviceCodes(
    clock,
    options.deviceIntervalSeconds ?? DEVICE_INTERVAL_SECONDS,
  );
  const signIns = new SignIns(clock, options.clientId, options.redirectUris ?? []);
  const signIn = (pageUrl: string, login?: string) => {
    const asked = signIns.read(new URL(pageUrl).searchParams);
    if (login === undefined) return signIns.deny(asked);
    return signIns.allow(asked, broadcasts.userByLogin(login).id);
  };
  const eventSub = new EventSub(clock, subscriptions, courier, sockets);
  const { state } = options;
  if (state) {
    for (const part of [log, tokens, broadcasts, subscriptions, eventSub]) part.persistIn(state);
  }
  const videoDelayMs = options.videoDelayMs ?? VIDEO_DELAY_MS;
  const actions = new Actions({ clock, broadcasts, eventSub, log, videoDelayMs });
  state?.onResume(() => actions.resume());

  const app = express().disable("x-powered-by").disable("etag");
  app.use(["/helix", "/oauth2"], record(log), applyPlannedFaults(clock, faults));
  const oauth = oauthRouter({ application: options, tokens, deviceCodes, signIns, broadcasts });
  app.use("/oauth2", twitchSignInRouter(signIns, broadcasts), oauth, noSuchCall, oauthErrors);
  app.use("/helix", authorise(options, tokens, new RateLimits(clock)));
  app.use(
    "/helix/eventsub/subscriptions",
    eventSubRouter(eventSub, subscriptions, sockets, broadcasts),
  );
  app.use("/helix", broadcastsRouter(broadcasts));
  app.use("/previews-ttv", previewsRouter(broadcasts));
  app.use(
    "/control",
    controlRouter({ actions, broadcasts, deviceCodes, eventSub, tokens, log, signIn }),
  );
  app.use(noSuchCall, helixErrors);
  const service = await serveAt(options, app);
  if (service.server) sockets.attach(service.server);
  const openSockets = () => {
    if (service.server) return sockets.sessions;
    throw new Error("The Twitch simulator listens on no port, so it has no WebSockets.");
  };
  return {
    url: service.url,
    stop: async () => {
      actions.stop();
      courier.stop();
      sockets.stop();
      await service.stop();
    },
    idle: () => activity.idle,
    whenIdle: () => activity.whenIdle(),
    channels: () =>
      broadcasts.users().map((user) => ({
        user,
        streams: broadcasts.streams().filter((stream) => stream.user.id === user.id),
        videos: broadcasts.videos().filter((video) => video.user.id === user.id),
      })),
    helixOf: (login) => {
      const user = broadcasts.userByLogin(login);
      const isOwn = (each: { readonly user: TwitchUser }) => each.user.id === user.id;
      const streams = broadcasts.visibleStreams().filter(isOwn);
      return {
        users: { data: [helixUser(user)] },
        streams: { data: streams.map((stream) => helixStream(stream, broadcasts)) },
        videos: { data: broadcasts.videos().filter(isOwn).map(helixVideo) },
      };
    },
    waitingSignIns: () =>
      signIns.waiting().map(({ openedAtMs, query }: WaitingSignIn) => ({
        openedAtMs,
        url: `${service.url}/oauth2/authorize?${query}`,
      })),
    revision: () => log.revision,
    addUser: (user) => actions.addUser(user),
    goLive: (login, settings) => actions.goLive(login, settings),
    endStream: (login) => actions.endStream(login),
    updateChannel: (login, changes) => actions.updateChannel(login, changes),
    publishVideo: (streamId, settings) => actions.publishVideo(streamId, settings),
    invalidateTokens: () => tokens.revokeAll(),
    approveDevice: (userCode, login) =>
      deviceCodes.approve(userCode, broadcasts.userByLogin(login).id),
    signIn,
    subscriptions: () => subscriptions.all(),
    sockets: {
      of: (userId) => sockets.of(userId),
      repeat: (messageId) => sockets.repeat(messageId),
      messageIds: () => sockets.messageIds(),
      askToReconnect: () => openSockets().askToReconnect(service.url),
      cut: () => openSockets().cut(),
    },
    revoke: (subscriptionId, reason) => eventSub.revoke(subscriptionId, reason),
    repeat: (messageId) => eventSub.repeat(messageId),
    sendLate: (messageId, ageMs) => eventSub.sendLate(messageId, ageMs),
    send: (callback, message) => eventSub.send(callback, message),
    events: () => log.all(),
  };
}

function record(log: EventLog): RequestHandler {
  return ({ method, originalUrl: path }, response, next) => {
    response.once("finish", () => {
      log.add({ kind: "request", method, path, status: response.statusCode });
    });
    response.once("close", () => {
      if (response.writableFinished) return;
      log.add({ kind: "request", method, path, status: undefined });
    });
    next();
  };
}

const noSuchCall: RequestHandler = ({ method, originalUrl }) => {
  throw new TwitchError(404, `No route matches ${method} ${originalUrl}.`);
};

const oauthErrors: ErrorRequestHandler = (error, _request, response, _next) => {
  const { status, message } = refusalOf(error);
  response.status(status).json({ status, message });
};

const helixErrors: ErrorRequestHandler = (error, _request, response, _next) => {
  const { status, message } = refusalOf(error);
  response.status(status).json(helixError(status, message));
};

/** A TwitchError, or an error of the body parser, which also has a status. */
function refusalOf(error: { status?: unknown; message?: unknown }) {
  const status = typeof error.status === "number" ? error.status : 500;
  return { status, message: String(error.message) };
}
