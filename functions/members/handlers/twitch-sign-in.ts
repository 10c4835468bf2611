import { randomInt } from "node:crypto";
import type { Response } from "@google-cloud/functions-framework";
import { TwitchUnavailableError } from "../../../shared/clients/twitch/errors.ts";
import { TWITCH_CALLBACK_PATH } from "../../../shared/clients/twitch/sign-in.ts";
import type { FunctionHandler, HttpRequest } from "../../../shared/runtime/http.ts";
import { contentSecurityPolicy } from "../../../shared/web/site-document.ts";
import type { Deps } from "../deps.ts";
import { formatState, newCode, readState } from "../domain/sign-in.ts";
import { type SignInPage, signInDocument, signInPages } from "../sign-in/pages.ts";

type SignInDeps = Pick<Deps, "twitchSignIn" | "signIns" | "clock" | "config" | "log">;

/**
 * The page to which Twitch sends people who signed in to become builders. It reads whose channel it is, stores no
 * token and shows a code. The Discord account that asked for the link becomes the channel's builder only when it
 * enters that code with `/c500 register`: someone who signs in with another person's link gives nothing away.
 *
 * Idempotency: a link allows one sign-in. Opened again, the page says so and how to continue; it does not show the
 * code again, because the address is in the browser's history.
 */
export const handler: FunctionHandler<SignInDeps> = (deps) => async (request, response) => {
  if (request.path.replace(/\/+$/, "") !== TWITCH_CALLBACK_PATH) {
    send(response, signInPages.nothingHere, deps);
    return;
  }
  if (request.method !== "GET") {
    response.set("allow", "GET");
    send(response, signInPages.wrongMethod, deps);
    return;
  }
  try {
    send(response, await finishSignIn(request, deps), deps);
  } catch (error) {
    deps.log.error("A sign-in could not be finished", error);
    const isTwitch = error instanceof TwitchUnavailableError;
    send(response, isTwitch ? signInPages.twitchUnavailable : signInPages.unavailable, deps);
  }
};

async function finishSignIn(request: HttpRequest, deps: SignInDeps): Promise<SignInPage> {
  const { signIns, twitchSignIn, clock } = deps;
  const state = readState(parameter(request, "state"));
  if (!state) return signInPages.noState;
  const signIn = await signIns.find(state, clock.now());
  if (!signIn) return signInPages.over;
  if (signIn.channel) return signInPages.used;
  if (parameter(request, "error") !== undefined) return signInPages.denied;
  const code = parameter(request, "code");
  const again = twitchSignIn.pageUrl(formatState(state));
  if (code === undefined) return signInPages.again(again);
  const channel = await twitchSignIn.whoSignedIn(code);
  if (!channel) return signInPages.again(again);
  const shown = newCode((limit) => randomInt(limit));
  const isFirst = await signIns.recordChannel(state, { channel, code: shown, now: clock.now() });
  if (!isFirst) return signInPages.used;
  return signInPages.signedIn({ ...channel, code: shown, accountName: signIn.accountName });
}

/** A query parameter; undefined if it is missing, empty or repeated. */
function parameter({ query }: HttpRequest, name: string): string | undefined {
  const value = query[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function send(response: Response, page: SignInPage, { config }: Pick<Deps, "config">): void {
  response
    .status(page.status)
    .set({
      "cache-control": "private, no-store",
      "content-security-policy": contentSecurityPolicy(),
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    })
    .type("html")
    .send(signInDocument(page, config.DISCORD_INVITE_URL));
}
