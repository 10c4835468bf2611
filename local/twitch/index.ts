import express, { type ErrorRequestHandler, type RequestHandler } from "express";
import { Activity } from "../kit/activity.ts";
import type { LocalClock } from "../kit/clock.ts";
import type { FaultPlan } from "../kit/faults.ts";
import { type Place, serveAt } from "../kit/http.ts";
import type { InProcessFetch } from "../kit/in-process.ts";
import type { KeptState } from "../kit/kept-state.ts";
import { Actions } from "./actions.ts";
import { authorise } from "./authorise.ts";
import type { NewVideo } from "./broadcasts.ts";
import { Broadcasts, type ChannelChanges, type NewStream, type NewUser } from "./broadcasts.ts";
import { controlRouter } from "./control.ts";
import { DeviceCodes } from "./device-codes.ts";
import { EventLog, type TwitchEvent } from "./event-log.ts";
import { Courier } from "./eventsub/courier.ts";
import { EventSub, type HandMadeMessage, type SentMessage } from "./eventsub/event-sub.ts";
import { eventSubRouter } from "./eventsub/routes.ts";
import { SocketSubscriptions } from "./eventsub/socket-subscriptions.ts";
import type { Subscription, SubscriptionStatus } from "./eventsub/subscription.ts";
import { MAX_TOTAL_COST, Subscriptions } from "./eventsub/subscriptions.ts";
import { broadcastsRouter } from "./helix.ts";
import { type Application, oauthRouter } from "./oauth.ts";
import { RateLimits } from "./rate-limits.ts";
import type { TwitchStream, TwitchUser, TwitchVideo } from "./records.ts";
import { signInRouter } from "./sign-in-page.ts";
import { SignIns } from "./sign-ins.ts";
import { strike } from "./strike.ts";
import { Tokens } from "./tokens.ts";
import { helixError, TwitchError } from "./twitch-error.ts";

/** Twitch needs some minutes to make a video of a stream. */
const VIDEO_DELAY_MS = 3 * 60_000;

const DEVICE_INTERVAL_SECONDS = 5;

/** What started Twitch is given. */
export interface TwitchOptions extends Application, Place {
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  /** Where the application may have people sent after they signed in; nowhere by default. */
  readonly redirectUris?: readonly string[];
  /** The state that an earlier run left and a later one continues. */
  readonly state?: KeptState | undefined;
  /** How it calls endpoints of ours; over sockets by default. */
  readonly fetch?: InProcessFetch | undefined;
  /** How long Helix takes to see that a stream began or ended; the real one takes up to minutes. */
  readonly helixLagMs?: number;
  /** How long after a stream's end its video is published; three minutes unless told. */
  readonly videoDelayMs?: number;
  /** How long a device waits before it asks again whether its code was allowed; five unless told. */
  readonly deviceIntervalSeconds?: number;
  /** What all subscriptions together may cost. */
  readonly maxTotalCost?: number;
}

/** Running Twitch of the local cloud. Its actions throw an error that says why when they cannot be. */
export interface TwitchSimulator {
  /**
   * Helix is below `/helix`, the token endpoints below `/oauth2`, EventSub's WebSocket at `/ws`, the
   * actions below `/control`.
   */
  readonly url: string;
  stop(): Promise<void>;
  /** No message is on its way: what there is waits for its time. */
  idle(): boolean;
  /** Resolves when `idle()` holds; at once when it does. */
  whenIdle(): Promise<void>;
  addUser(user: NewUser): TwitchUser;
  goLive(login: string, settings?: NewStream): TwitchStream;
  endStream(login: string): TwitchStream;
  updateChannel(login: string, changes: ChannelChanges): TwitchUser;
  /** Publishes a stream's video before its time, or that of a stream that keeps none by itself. */
  publishVideo(streamId: string, settings?: NewVideo): TwitchVideo;
  /** Every token given out so far is answered with 401 from now on. */
  invalidateTokens(): void;
  /** A user types the code that a device shows, and allows it. */
  approveDevice(userCode: string, login: string): void;
  /**
   * What a browser does with the address of the sign-in page: someone signs in and allows it, or
   * cancels where no login is given. Gives the address the browser is sent to.
   */
  signIn(pageUrl: string, login?: string): string;
  /** The subscriptions over webhooks. */
  subscriptions(): Subscription[];
  /** EventSub over WebSockets. */
  readonly sockets: Pick<SocketSubscriptions, "of" | "repeat" | "messageIds"> & {
    /** Asks every client to connect anew. */
    askToReconnect(): void;
    /** Cuts every connection, without a word. */
    cut(): void;
  };
  /** Ends a subscription and tells who has it why. */
  revoke(subscriptionId: string, reason: SubscriptionStatus): void;
  /** Sends a message again, as it was. */
  repeat(messageId: string): Promise<SentMessage>;
  /** Sends a message made by hand: signed with whatever secret, as old as its timestamp says. */
  send(callback: string, message: HandMadeMessage): Promise<SentMessage>;
  /** What happened, oldest first. */
  events(): TwitchEvent[];
}

/**
 * Starts Twitch: tokens, Helix's users, streams and videos, and EventSub over webhooks and
 * WebSockets. A stream that begins or ends is told to its subscribers at once. Faults strike calls by method and path
 * ("GET /helix/streams", "POST /oauth2/token") and messages as "deliver stream.online",
 * "deliver revocation" or "deliver webhook_callback_verification".
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
    for (const part of [log, tokens, broadcasts, subscriptions, eventSub]) part.keepIn(state);
  }
  const videoDelayMs = options.videoDelayMs ?? VIDEO_DELAY_MS;
  const actions = new Actions({ clock, broadcasts, eventSub, log, videoDelayMs });
  state?.onResume(() => actions.resume());

  const app = express().disable("x-powered-by").disable("etag");
  app.use(["/helix", "/oauth2"], record(log), strike(clock, faults));
  const oauth = oauthRouter({ application: options, tokens, deviceCodes, signIns, broadcasts });
  app.use("/oauth2", signInRouter(signIns, broadcasts), oauth, noSuchCall, oauthErrors);
  app.use("/helix", authorise(options, tokens, new RateLimits(clock)));
  app.use(
    "/helix/eventsub/subscriptions",
    eventSubRouter(eventSub, subscriptions, sockets, broadcasts),
  );
  app.use("/helix", broadcastsRouter(broadcasts));
  app.use(
    "/control",
    controlRouter({ actions, broadcasts, deviceCodes, eventSub, tokens, log, signIn }),
  );
  app.use(noSuchCall, helixErrors);
  const service = await serveAt(options, app);
  if (service.server) sockets.attach(service.server);
  const openSockets = () => {
    if (service.server) return sockets.sessions;
    throw new Error("Twitch has no WebSockets here: it does not listen at a port.");
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
  throw new TwitchError(404, `There is no ${method} ${originalUrl}.`);
};

const oauthErrors: ErrorRequestHandler = (error, _request, response, _next) => {
  const { status, message } = refusalOf(error);
  response.status(status).json({ status, message });
};

const helixErrors: ErrorRequestHandler = (error, _request, response, _next) => {
  const { status, message } = refusalOf(error);
  response.status(status).json(helixError(status, message));
};

/** Ours, or one of the body parser's, which carry a status too. */
function refusalOf(error: { status?: unknown; message?: unknown }) {
  const status = typeof error.status === "number" ? error.status : 500;
  return { status, message: String(error.message) };
}
