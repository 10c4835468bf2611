import express, { type ErrorRequestHandler, type RequestHandler, type Router } from "express";
import type { Fault, FaultPlan } from "../../kit/faults.ts";
import { DiscordError, refusals } from "../discord-error.ts";
import { userOf } from "../oauth/routes.ts";
import { RateLimitError } from "../rate-limits.ts";
import type { World } from "../state/world.ts";

/** The largest body: ten files of the maximum size, and some room for the rest. */
const MAX_BODY = "110mb";

/** How long a planned 429 asks the caller to wait, unless the plan gives a time. */
const PLANNED_RETRY_AFTER_MS = 1_000;

/** These calls need no bot token: a token in the path authorises them, or the application's secret. */
const OPEN = /^\/(?:interactions|webhooks|oauth2)\//;

/** Checks every incoming call: planned faults, authorisation, rate limits; then reads its bytes. */
export function gate(world: World, faults: FaultPlan, botToken: string): Router {
  const router = express.Router();
  router.use(applyPlannedFaults(world, faults), recognise(world, botToken), count(world));
  router.use(express.raw({ type: () => true, limit: MAX_BODY }));
  return router;
}

/** Answers with the error as Discord does, and logs it. */
export function refuse(world: World): ErrorRequestHandler {
  return (error, request, response, _next) => {
    const refusal = toRefusal(error);
    const call = `${request.method} ${shortPath(request.path)}`;
    const { status, code } = refusal;
    world.log.add({ kind: "call-refused", call, status, code });
    if (refusal instanceof RateLimitError) response.set(refusal.headers());
    response.status(status).json(refusal.body());
  };
}

/** Applies planned faults to calls by method and path without the version. */
function applyPlannedFaults({ clock }: World, faults: FaultPlan): RequestHandler {
  return async (request, response, next) => {
    const fault = await faults.apply(clock, "discord", `${request.method} ${request.path}`);
    if (fault?.kind === "drop") {
      request.socket.destroy();
      return;
    }
    if (fault?.kind === "fail") throw plannedRefusal(fault);
    if (fault?.kind === "lose-answer") {
      response.end = () => {
        request.socket.destroy();
        return response;
      };
    }
    next();
  };
}

function plannedRefusal({ code, retryAfterMs }: Extract<Fault, { kind: "fail" }>): DiscordError {
  if (code === 429) return new RateLimitError(retryAfterMs ?? PLANNED_RETRY_AFTER_MS, "user");
  return new DiscordError(code, 0, `${code}: A planned failure`);
}

function recognise({ authorisations }: World, botToken: string): RequestHandler {
  return (request, _response, next) => {
    if (!request.headers["user-agent"]) throw refusals.badUserAgent();
    const isUsers = request.path === "/users/@me" && userOf(request, authorisations) !== undefined;
    const isBots = request.headers.authorization === `Bot ${botToken}`;
    if (!OPEN.test(request.path) && !isUsers && !isBots) throw refusals.unauthorized();
    next();
  };
}

function count({ limits }: World): RequestHandler {
  return (request, response, next) => {
    limits?.count(`${request.method} ${request.path}`, (headers) => response.set(headers));
    next();
  };
}

function toRefusal(error: unknown): DiscordError {
  if (error instanceof DiscordError) return error;
  const { status, message } = error as { status?: number; message?: string };
  if (status === 413) return refusals.tooLarge();
  return new DiscordError(status ?? 500, 0, `${status ?? 500}: ${message}`);
}

/** The path with interaction tokens shortened. */
function shortPath(path: string): string {
  return path.replace(OPEN_TOKEN, "$1/{token}");
}

const OPEN_TOKEN = /^(\/(?:interactions|webhooks)\/[^/]+)\/[^/]+/;
