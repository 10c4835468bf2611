import express, { type Router } from "express";
import type { Tokens } from "./tokens.ts";
import { TwitchError } from "./twitch-error.ts";

/** The one application there is. */
export interface Application {
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * App tokens by the client credentials grant, their validation and their end.
 * https://dev.twitch.tv/docs/authentication/getting-tokens-oauth/#client-credentials-grant-flow
 */
export function oauthRouter(application: Application, tokens: Tokens): Router {
  const router = express.Router();
  router.use(express.text({ type: "application/x-www-form-urlencoded" }));

  router.post("/token", (request, response) => {
    const form = formOf(request.body);
    const clientId = form.get("client_id");
    if (!clientId) throw new TwitchError(400, "missing client id");
    if (clientId !== application.clientId) throw new TwitchError(400, "invalid client");
    const secret = form.get("client_secret");
    if (!secret) throw new TwitchError(400, "missing client secret");
    if (secret !== application.clientSecret) throw new TwitchError(403, "invalid client secret");
    const grantType = form.get("grant_type");
    if (!grantType) throw new TwitchError(400, "missing grant type");
    if (grantType !== "client_credentials") throw new TwitchError(400, "invalid grant type");
    const { token, expiresInSeconds } = tokens.issue();
    response.json({
      access_token: token,
      expires_in: expiresInSeconds,
      token_type: "bearer",
    });
  });

  router.get("/validate", (request, response) => {
    const token = /^(?:oauth|bearer) (.+)$/i.exec(request.get("authorization") ?? "")?.[1];
    if (!token) throw new TwitchError(401, "missing authorization token");
    const secondsLeft = tokens.secondsLeft(token);
    if (secondsLeft === undefined) throw new TwitchError(401, "invalid access token");
    response.json({ client_id: application.clientId, scopes: [], expires_in: secondsLeft });
  });

  router.post("/revoke", (request, response) => {
    const form = formOf(request.body);
    const token = form.get("token");
    if (!token) throw new TwitchError(400, "missing oauth token");
    if (form.get("client_id") !== application.clientId) {
      throw new TwitchError(404, "client does not exist");
    }
    if (!tokens.revoke(token)) throw new TwitchError(400, "Invalid token");
    response.end();
  });

  return router;
}

/** Twitch reads the form only when the content type says that it is one. */
function formOf(body: unknown): URLSearchParams {
  return new URLSearchParams(typeof body === "string" ? body : "");
}
