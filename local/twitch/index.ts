import express, { type ErrorRequestHandler } from "express";
import type { LocalClock } from "../kit/clock.ts";
import type { FaultPlan } from "../kit/faults.ts";
import { listen } from "../kit/http.ts";
import { authorise } from "./authorise.ts";
import { Broadcasts, type NewStream, type NewUser } from "./broadcasts.ts";
import { broadcastsRouter } from "./helix.ts";
import { type Application, oauthRouter } from "./oauth.ts";
import { RateLimits } from "./rate-limits.ts";
import type { TwitchStream, TwitchUser } from "./records.ts";
import { strike } from "./strike.ts";
import { Tokens } from "./tokens.ts";
import { helixError, TwitchError } from "./twitch-error.ts";

/** What started Twitch is given. */
export interface TwitchOptions extends Application {
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  /** A free one unless told. */
  readonly port?: number;
  /** How long Helix takes to see that a stream began or ended; the real one takes up to minutes. */
  readonly helixLagMs?: number;
}

/** Running Twitch of the local cloud. */
export interface TwitchStandIn {
  /** Helix is below `/helix`, the token endpoint below `/oauth2`. */
  readonly url: string;
  stop(): Promise<void>;
  /** No message is on its way: what there is waits for its time. */
  idle(): boolean;
  /** Resolves when `idle()` holds; at once when it does. */
  whenIdle(): Promise<void>;
  addUser(user: NewUser): TwitchUser;
  goLive(login: string, settings?: NewStream): TwitchStream;
  endStream(login: string): TwitchStream;
  /** Every token given out so far is answered with 401 from now on. */
  invalidateTokens(): void;
}

/** Starts Twitch. */
export async function startTwitch(options: TwitchOptions): Promise<TwitchStandIn> {
  const { clock, faults } = options;
  const tokens = new Tokens(clock);
  const broadcasts = new Broadcasts(clock, options.helixLagMs ?? 0);
  const app = express().disable("x-powered-by");
  app.use(["/helix", "/oauth2"], strike(clock, faults));
  app.use("/oauth2", oauthRouter(options, tokens), oauthErrors);
  app.use(
    "/helix",
    authorise(options, tokens, new RateLimits(clock)),
    broadcastsRouter(broadcasts),
  );
  app.use((request) => {
    throw new TwitchError(404, `There is no ${request.method} ${request.path}.`);
  });
  app.use(helixErrors);
  const service = await listen(app, options.port);
  return {
    url: service.url,
    stop: () => service.stop(),
    idle: () => true,
    whenIdle: () => Promise.resolve(),
    addUser: (user) => broadcasts.addUser(user),
    goLive: (login, settings = {}) => broadcasts.start(login, settings),
    endStream: (login) => broadcasts.end(login),
    invalidateTokens: () => tokens.revokeAll(),
  };
}

const oauthErrors: ErrorRequestHandler = (error, _request, response, _next) => {
  const { status, message } = refusalOf(error);
  response.status(status).json({ status, message });
};

const helixErrors: ErrorRequestHandler = (error, _request, response, _next) => {
  const { status, message } = refusalOf(error);
  response.status(status).json(helixError(status, message));
};

/** Ours, or the body parser's, which carry a status too. */
function refusalOf(error: { status?: unknown; message?: unknown }) {
  const status = typeof error.status === "number" ? error.status : 500;
  return { status, message: String(error.message) };
}
