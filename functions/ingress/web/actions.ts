import { DISCORD_CALLBACK_PATH } from "../../../shared/clients/discord-sign-in.ts";
import type { HttpRequest } from "../../../shared/runtime/http.ts";
import type { Answer } from "../../../shared/web/page.ts";
import { MARK_SENT_PATH, markSent } from "../../fulfilment/web/desk/mark-sent.ts";
import {
  beginSignIn,
  finishSignIn,
  SIGN_IN_PATH,
  SIGN_OUT_PATH,
  signOut,
} from "../../members/web/discord-sign-in.ts";
import type { WebDeps } from "./deps.ts";

/** An address of the site that changes something; its answer is never cached. */
export interface SiteAction {
  /** Its only method. HEAD is refused even for a GET, because HEAD must change nothing. */
  readonly method: "GET" | "POST";
  /** One sentence for `docs/reference/http-routes.md`. */
  readonly does: string;
  /** Answers a POST of `readForm` with a redirect, so that reloading the next page sends nothing again. */
  readonly act: (request: HttpRequest, deps: WebDeps) => Promise<Answer>;
}

/** All actions, by path. */
export const siteActions: Readonly<Record<string, SiteAction>> = {
  [SIGN_IN_PATH]: {
    method: "POST",
    does: "Sends a builder to Discord to sign in; `next` is the page they come back to.",
    act: beginSignIn,
  },
  [DISCORD_CALLBACK_PATH]: {
    method: "GET",
    does: "Reads who signed in after Discord's page, keeps no token, and begins a session of twelve hours.",
    act: finishSignIn,
  },
  [MARK_SENT_PATH]: {
    method: "POST",
    does: "Marks a builder's parcels as sent, from pasted lines, and says what became of each.",
    act: markSent,
  },
  [SIGN_OUT_PATH]: {
    method: "POST",
    does: "Signs a builder out, in every browser.",
    act: signOut,
  },
};

/** The action at a request's path, whatever its method. */
export function actionAt({ path }: Pick<HttpRequest, "path">): SiteAction | undefined {
  return Object.hasOwn(siteActions, path) ? siteActions[path] : undefined;
}
