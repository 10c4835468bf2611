import type { RequestHandler } from "express";
import type { RateLimits } from "../helix/rate-limits.ts";
import { TwitchError } from "../twitch-error.ts";
import type { Application } from "./oauth.ts";
import type { Tokens } from "./tokens.ts";

/**
 * Checks a Helix call's token, client and rate limit. Stores the token's user in
 * `response.locals.userId`; an app token has none.
 */
export function authorise(
  application: Application,
  tokens: Tokens,
  limits: RateLimits,
): RequestHandler {
  return (request, response, next) => {
    const token = /^bearer (.+)$/i.exec(request.get("authorization") ?? "")?.[1];
    if (!token) throw new TwitchError(401, "OAuth token is missing");
    if (tokens.secondsLeft(token) === undefined) throw new TwitchError(401, "Invalid OAuth token");
    const clientId = request.get("client-id");
    if (!clientId) throw new TwitchError(401, "Client-Id header is missing");
    if (clientId !== application.clientId) {
      throw new TwitchError(401, "Client ID and OAuth token do not match");
    }
    const { allowed, headers } = limits.take(token);
    response.set(headers);
    if (!allowed) throw new TwitchError(429, "Too many requests: wait for Ratelimit-Reset.");
    response.locals["userId"] = tokens.userOf(token);
    next();
  };
}
