import express, { type Router } from "express";
import type { Broadcasts } from "../broadcasts.ts";
import { TwitchError } from "../twitch-error.ts";
import type { DeviceCodes } from "./device-codes.ts";
import type { SignIns } from "./sign-ins.ts";
import type { Tokens } from "./tokens.ts";

/** The only registered application. */
export interface Application {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What the token endpoints work on. */
export interface OAuthContext {
  readonly application: Application;
  readonly tokens: Tokens;
  readonly deviceCodes: DeviceCodes;
  readonly signIns: SignIns;
  readonly broadcasts: Broadcasts;
}

type Grant = (form: URLSearchParams) => object;

/**
 * App tokens by the client credentials grant; user tokens by the authorization code and device code
 * grants, and their refresh; validation and revocation of both.
 * https://dev.twitch.tv/docs/authentication/getting-tokens-oauth/
 */
export function oauthRouter(context: OAuthContext): Router {
  const { application, tokens, deviceCodes, signIns, broadcasts } = context;
  const router = express.Router();
  router.use(express.text({ type: "application/x-www-form-urlencoded" }));

  const grants: Readonly<Record<string, Grant>> = {
    client_credentials(form) {
      const secret = form.get("client_secret");
      if (!secret) throw new TwitchError(400, "missing client secret");
      checkSecret(secret);
      const { token, expiresInSeconds } = tokens.issue();
      return { access_token: token, expires_in: expiresInSeconds, token_type: "bearer" };
    },

    authorization_code(form) {
      const secret = form.get("client_secret");
      if (!secret) throw new TwitchError(400, "missing client secret");
      checkSecret(secret);
      const code = form.get("code");
      if (!code) throw new TwitchError(400, "missing code");
      const redirectUri = form.get("redirect_uri");
      if (!redirectUri) throw new TwitchError(400, "missing redirect URI");
      return userToken(tokens.issueTo(signIns.redeem(code, redirectUri)));
    },

    "urn:ietf:params:oauth:grant-type:device_code"(form) {
      const deviceCode = form.get("device_code");
      if (!deviceCode) throw new TwitchError(400, "missing device_code");
      return userToken(tokens.issueTo(deviceCodes.redeem(deviceCode)));
    },

    refresh_token(form) {
      const given = form.get("refresh_token");
      if (!given) throw new TwitchError(400, "missing refresh token");
      const secret = form.get("client_secret");
      if (secret) checkSecret(secret);
      const renewed = tokens.renew(given);
      if (!renewed) throw new TwitchError(400, "Invalid refresh token");
      return userToken(renewed);
    },
  };

  function checkSecret(secret: string): void {
    if (secret !== application.clientSecret) throw new TwitchError(403, "invalid client secret");
  }

  function checkClient(form: URLSearchParams): void {
    const clientId = form.get("client_id");
    if (!clientId) throw new TwitchError(400, "missing client id");
    if (clientId !== application.clientId) throw new TwitchError(400, "invalid client");
  }

  router.post("/token", (request, response) => {
    const form = formOf(request.body);
    checkClient(form);
    const grantType = form.get("grant_type");
    const grant = Object.hasOwn(grants, grantType ?? "") && grants[grantType ?? ""];
    // Twitch checks the secret before the grant type.
    if (!grant) {
      const secret = form.get("client_secret");
      if (!secret) throw new TwitchError(400, "missing client secret");
      checkSecret(secret);
      throw new TwitchError(400, grantType ? "invalid grant type" : "missing grant type");
    }
    response.json(grant(form));
  });

  router.post("/device", (request, response) => {
    checkClient(formOf(request.body));
    response.json(deviceCodes.start());
  });

  router.get("/validate", (request, response) => {
    const token = /^(?:oauth|bearer) (.+)$/i.exec(request.get("authorization") ?? "")?.[1];
    if (!token) throw new TwitchError(401, "missing authorization token");
    const secondsLeft = tokens.secondsLeft(token);
    if (secondsLeft === undefined) throw new TwitchError(401, "invalid access token");
    const user = broadcasts.userById(tokens.userOf(token) ?? "");
    response.json({
      client_id: application.clientId,
      ...(user && { login: user.login, user_id: user.id }),
      scopes: null,
      expires_in: secondsLeft,
    });
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

function userToken({ token, refreshToken, expiresInSeconds }: ReturnType<Tokens["issueTo"]>) {
  return {
    access_token: token,
    expires_in: expiresInSeconds,
    refresh_token: refreshToken,
    scope: [],
    token_type: "bearer",
  };
}

/** Twitch parses the form only when the content type declares one. */
function formOf(body: unknown): URLSearchParams {
  return new URLSearchParams(typeof body === "string" ? body : "");
}
