import * as z from "zod/mini";
import { DISCORD_CALLBACK_PATH } from "../../../../shared/clients/discord-sign-in.ts";
import { describeError } from "../../../../shared/runtime/errors.ts";
import { configOf, type Values } from "../../../settings/values.ts";
import type { AreaReport } from "../report.ts";
import type { DiscordAccess } from "./access.ts";

const REQUEST_TIMEOUT_MS = 15_000;

const token = z.object({ access_token: z.string() });
const refusal = z.object({ error: z.string() });

/** The application, as far as signing in concerns it. */
export type SignInAccess = Pick<DiscordAccess, "applicationId" | "apiBaseUrl" | "redirectUris">;

/**
 * Checks what builders' sign-in needs: the address that they come back to, and the application's secret. Returns
 * whether Discord accepts the secret.
 */
export async function checkDiscordSignIn(
  values: Values,
  access: SignInAccess,
  area: AreaReport,
): Promise<boolean> {
  checkRedirect(values, access, area);
  return await checkClientSecret(values, access, area);
}

/** Checks that people may come back to the site after signing in. */
export function checkRedirect(
  values: Values,
  { applicationId, redirectUris }: SignInAccess,
  area: AreaReport,
): void {
  const site = configOf(values, ["PUBLIC_SITE_URL"])?.PUBLIC_SITE_URL;
  if (site === undefined) return;
  const callback = `${site}${DISCORD_CALLBACK_PATH}`;
  area.check(
    redirectUris.includes(callback),
    "builders come back to the site after signing in",
    `${callback} is not among the application's redirects, so builders cannot sign in to their desk`,
    `Add it at ${signInPortal(applicationId)}, under Redirects`,
  );
}

/**
 * Checks the application's secret: a token is fetched with it and revoked again. Returns whether Discord accepts it.
 * https://discord.com/developers/docs/topics/oauth2#client-credentials-grant
 */
export async function checkClientSecret(
  values: Values,
  { applicationId, apiBaseUrl }: SignInAccess,
  area: AreaReport,
): Promise<boolean> {
  const secret = configOf(values, ["DISCORD_CLIENT_SECRET"])?.DISCORD_CLIENT_SECRET;
  if (secret === undefined) return false;
  const authorization = `Basic ${Buffer.from(`${applicationId}:${secret}`).toString("base64")}`;
  const post = (path: string, form: Readonly<Record<string, string>>) =>
    fetch(`${apiBaseUrl}/v10/oauth2${path}`, {
      method: "POST",
      headers: { authorization },
      body: new URLSearchParams(form),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
  try {
    const answer = await post("/token", { grant_type: "client_credentials", scope: "identify" });
    const body: unknown = await answer.json().catch(() => undefined);
    if (answer.ok) await post("/token/revoke", { token: token.parse(body).access_token });
    const reason = refusal.safeParse(body).data?.error ?? `status ${answer.status}`;
    return area.check(
      answer.ok,
      "the client secret is valid",
      `Discord does not accept the client secret: ${reason}`,
      `Create a new one with Reset Secret at ${signInPortal(applicationId)}, and set DISCORD_CLIENT_SECRET to it`,
    );
  } catch (error) {
    area.unanswered(
      `the client secret cannot be checked: ${describeError(error)}`,
      "Run this again in a while",
    );
    return false;
  }
}

function signInPortal(applicationId: string): string {
  return `https://discord.com/developers/applications/${applicationId}/oauth2`;
}
