import { createHash } from "node:crypto";
import type { Response } from "@google-cloud/functions-framework";
import { TerminalError } from "../../../shared/runtime/errors.ts";
import type { FunctionHandler, HttpRequest } from "../../../shared/runtime/http.ts";
import { withinDeadline } from "../../../shared/web/deadline.ts";
import { documentOf, hasScript } from "../../../shared/web/layout.ts";
import {
  brokenPage,
  unavailablePage,
  unfinishedPage,
  wrongMethodPage,
} from "../../../shared/web/notices.ts";
import { type Answer, cacheControl, type Page } from "../../../shared/web/page.ts";
import { type Pictured, pictureOf } from "../../../shared/web/picture.ts";
import { contentSecurityPolicy } from "../../../shared/web/site-document.ts";
import { auctionIdOf } from "../../auctions/web/auction-facts.ts";
import { emptyOverlay } from "../../auctions/web/overlay.ts";
import { potKeyOf } from "../../races/web/race-paths.ts";
import { actionAt, type SiteAction } from "../web/actions.ts";
import { canonicalAddress } from "../web/addresses.ts";
import type { WebDeps } from "../web/deps.ts";
import { sendPicture } from "../web/picture.ts";
import { feedAt, pageAt } from "../web/route.ts";

const RETRY_AFTER_SECONDS = 10;
/** An action may ask other services; the function has 20 seconds. */
const ACTION_DEADLINE_MS = 15_000;

/** The headers of every page and redirect; a page with a form lets the browser name its origin to us. */
const GUARDS = { "referrer-policy": "no-referrer", "x-content-type-options": "nosniff" };

/**
 * The public site, C500.store, with builders' desks. Pages only read data, so repeating a request changes
 * nothing. Only actions change something; the comment of each says what a repeat does.
 */
export const handler: FunctionHandler<WebDeps> = (deps) => async (request, response) => {
  const action = actionAt(request);
  if (action) return answerAction(action, request, response, deps);
  if (request.method !== "GET" && request.method !== "HEAD") {
    return refuseMethod("GET, HEAD", response, deps);
  }
  const canonical = canonicalAddress(request);
  if (canonical) return moved(canonical, response);
  const pictured = pictureOf(request);
  if (pictured) return showPicture(pictured, response, deps);
  const feed = feedAt(request.path, response, deps);
  if (feed) return showFeed(feed, response, deps);
  send(response, await findPage(request, deps), deps);
};

async function answerAction(
  action: SiteAction,
  request: HttpRequest,
  response: Response,
  deps: WebDeps,
): Promise<void> {
  if (request.method !== action.method) return refuseMethod(action.method, response, deps);
  const answer = await act(action, request, deps);
  if ("body" in answer) return send(response, answer, deps);
  response
    .set({ ...GUARDS, "cache-control": cacheControl.personal, "x-robots-tag": "noindex" })
    .set(answer.cookie === undefined ? {} : { "set-cookie": answer.cookie })
    .redirect(303, answer.to);
}

async function act({ act: run }: SiteAction, request: HttpRequest, deps: WebDeps): Promise<Answer> {
  try {
    return await withinDeadline(run(request, deps), deps, ACTION_DEADLINE_MS);
  } catch (error) {
    deps.log.error("An action of the site failed", error, { path: loggedPath(request.path) });
    return error instanceof TerminalError ? brokenPage() : unfinishedPage();
  }
}

function refuseMethod(allow: string, response: Response, deps: WebDeps): void {
  response.set("allow", allow);
  send(response, wrongMethodPage(), deps);
}

/** Redirects to the canonical address: the CDN caches by address, so other spellings would cost database reads. */
function moved(address: string, response: Response): void {
  response.set({ "cache-control": cacheControl.ended, "x-content-type-options": "nosniff" });
  response.redirect(301, address);
}

async function showPicture(pictured: Pictured, response: Response, deps: WebDeps): Promise<void> {
  try {
    await sendPicture(pictured, response, deps);
  } catch (error) {
    deps.log.error("A picture could not be sent", error, { ...pictured });
    response.status(503).set("cache-control", "no-store").end();
  }
}

async function showFeed(feed: Promise<void>, response: Response, deps: WebDeps): Promise<void> {
  try {
    await feed;
  } catch (error) {
    deps.log.error("A feed could not be made", error, { path: loggedPath(response.req.path) });
    response
      .status(error instanceof TerminalError ? 500 : 503)
      .set("cache-control", "no-store")
      .json({ error: "Try again in a moment." });
  }
}

async function findPage(request: HttpRequest, deps: WebDeps): Promise<Page> {
  try {
    return await withinDeadline(pageAt(request, deps), deps);
  } catch (error) {
    deps.log.error("A page could not be made", error, { path: loggedPath(request.path) });
    if (error instanceof TerminalError) return brokenPage();
    const isOverlay = auctionIdOf.overlay(request.path) ?? potKeyOf.overlay(request.path);
    return isOverlay ? emptyOverlay() : unavailablePage();
  }
}

/** The keys of pots, orders and the team's desk are secrets, so they must not be logged. */
function loggedPath(path: string): string {
  return path.replace(/\/(pot|order|desk\/team)\/.*/, "/$1/…");
}

/** An unchanged page is a 304: the framework compares the ETag. */
function send(response: Response, page: Page, { config, clock }: WebDeps): void {
  const document = documentOf(page, config);
  const hash = createHash("sha256").update(document).digest("base64url").slice(0, 22);
  const isPersonal = page.caching === "personal";
  response
    .status(page.status)
    .set({
      ...GUARDS,
      ...(page.formTargets && !page.hasSecretAddress ? { "referrer-policy": "same-origin" } : {}),
      "cache-control": cacheControl[page.caching],
      "content-security-policy": contentSecurityPolicy({ ...page, hasScript: hasScript(page) }),
      // Scripts count down by this header, because a viewer's clock may be wrong. Google's front end sends it too.
      date: clock.now().toUTCString(),
      ...(page.status === 200 && !isPersonal ? { etag: `W/"${hash}"` } : {}),
      ...(page.status === 503 ? { "retry-after": String(RETRY_AFTER_SECONDS) } : {}),
      ...(isPersonal ? { "x-robots-tag": "noindex" } : {}),
      ...(isPersonal && page.cookie !== undefined ? { "set-cookie": page.cookie } : {}),
    })
    .type("html")
    .send(document);
}
