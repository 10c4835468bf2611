import express, { type Request, type Router } from "express";
import { userJson } from "../rest/message-json.ts";
import type { World } from "../state/world.ts";
import { type Authorisations, type Client, tokenJson } from "./authorisations.ts";
import { oauthRefusals } from "./oauth-error.ts";

const FORM_TYPE = "application/x-www-form-urlencoded";

/**
 * Tokens for people who signed in, and what a token may read: who its user is.
 * https://discord.com/developers/docs/topics/oauth2#shared-resources-oauth2-urls
 */
export function oauthRouter({ authorisations, directory }: World): Router {
  const router = express.Router();

  // The page itself is outside the API: https://discord.com/.well-known/oauth-authorization-server
  router.get("/oauth2/authorize", (request, response) => {
    response.redirect(`/oauth2/authorize${queryOf(request)}`);
  });

  const grants: Readonly<Record<string, (form: URLSearchParams) => object>> = {
    authorization_code: (form) => {
      const redirectUri = form.get("redirect_uri") ?? "";
      const verifier = form.get("code_verifier") ?? undefined;
      const token = authorisations.redeem(form.get("code") ?? "", redirectUri, verifier);
      return tokenJson(token, "identify", true);
    },
    client_credentials: (form) => {
      const scope = form.get("scope");
      if (scope !== "identify") throw oauthRefusals.invalidScope();
      return tokenJson(authorisations.issueToClient(scope), scope, false);
    },
  };

  router.post("/oauth2/token", (request, response) => {
    const form = formOf(request);
    checkClient(request, form, authorisations.client);
    const grantType = form.get("grant_type") ?? "";
    const grant = Object.hasOwn(grants, grantType) ? grants[grantType] : undefined;
    if (!grant) throw oauthRefusals.unsupportedGrantType();
    response.json(grant(form));
  });

  router.post("/oauth2/token/revoke", (request, response) => {
    const form = formOf(request);
    checkClient(request, form, authorisations.client);
    authorisations.revoke(form.get("token") ?? "");
    response.json({});
  });

  router.get("/users/@me", (request, response, next) => {
    const userId = userOf(request, authorisations);
    if (userId === undefined) next();
    else response.json(userJson(directory.user(userId)));
  });

  return router;
}

/** The user whose token a call carries; undefined for the bot's own. */
export function userOf(request: Request, authorisations: Authorisations): string | undefined {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  return token === undefined ? undefined : authorisations.userOf(token);
}

function queryOf({ originalUrl }: Request): string {
  return new URL(originalUrl, "http://discord").search;
}

function formOf(request: Request): URLSearchParams {
  const bytes: unknown = request.body;
  const type = request.headers["content-type"]?.split(";")[0];
  if (!Buffer.isBuffer(bytes) || type !== FORM_TYPE) throw oauthRefusals.notAForm();
  return new URLSearchParams(bytes.toString());
}

/** HTTP Basic authentication, or the same two in the form. */
function checkClient(request: Request, form: URLSearchParams, { id, secret }: Client): void {
  const basic = /^Basic (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  const given = basic
    ? Buffer.from(basic, "base64").toString()
    : `${form.get("client_id")}:${form.get("client_secret")}`;
  if (secret === "" || given !== `${id}:${secret}`) throw oauthRefusals.invalidClient();
}
