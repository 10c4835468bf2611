import { createHash } from "node:crypto";
import type { Response } from "@google-cloud/functions-framework";
import { TerminalError } from "../../../shared/runtime/errors.ts";
import type { FunctionHandler, HttpRequest } from "../../../shared/runtime/http.ts";
import { withinDeadline } from "../../../shared/web/deadline.ts";
import { documentOf } from "../../../shared/web/layout.ts";
import { brokenPage, unavailablePage, wrongMethodPage } from "../../../shared/web/notices.ts";
import { cacheControl, type Page } from "../../../shared/web/page.ts";
import { type Pictured, pictureOf } from "../../../shared/web/picture.ts";
import { CONTENT_SECURITY_POLICY } from "../../../shared/web/site-document.ts";
import { auctionIdOf } from "../../auctions/web/auction-facts.ts";
import { emptyOverlay } from "../../auctions/web/overlay.ts";
import { potKeyOf } from "../../races/web/race-facts.ts";
import { canonicalAddress } from "../web/addresses.ts";
import type { WebDeps } from "../web/deps.ts";
import { sendPicture } from "../web/picture.ts";
import { feedAt, pageAt } from "../web/route.ts";

const RETRY_AFTER_SECONDS = 10;

/** The policy of a page with a script: only our own scripts run, and they connect only to us. */
const FOLLOWING_POLICY = `${CONTENT_SECURITY_POLICY}; script-src 'self'; connect-src 'self'`;

/** The public site, C500.store. Its pages only read data, so that repeating a request changes nothing. */
export const handler: FunctionHandler<WebDeps> = (deps) => async (request, response) => {
  const isRead = request.method === "GET" || request.method === "HEAD";
  if (!isRead) response.set("allow", "GET, HEAD");
  const canonical = isRead && canonicalAddress(request);
  if (canonical) return moved(canonical, response);
  const pictured = isRead && pictureOf(request);
  if (pictured) return showPicture(pictured, response, deps);
  const feed = isRead && feedAt(request.path, response, deps);
  if (feed) return showFeed(feed, response, deps);
  const page = isRead ? await findPage(request, deps) : wrongMethodPage();
  if (page.status === 503) response.set("retry-after", String(RETRY_AFTER_SECONDS));
  send(response, page, documentOf(page, deps.config.PUBLIC_SITE_URL), deps.clock.now());
};

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

/** A pot's key is a secret, so it must not be logged. */
function loggedPath(path: string): string {
  return path.replace(/\/pot\/.*/, "/pot/…");
}

/** An unchanged page is a 304: the framework compares the ETag. */
function send(response: Response, page: Page, document: string, now: Date): void {
  const hash = createHash("sha256").update(document).digest("base64url").slice(0, 22);
  response
    .status(page.status)
    .set({
      "cache-control": cacheControl[page.caching],
      "content-security-policy": page.script ? FOLLOWING_POLICY : CONTENT_SECURITY_POLICY,
      // Scripts count down by this header, because a viewer's clock may be wrong. Google's front end sends it too.
      date: now.toUTCString(),
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      ...(page.status === 200 ? { etag: `W/"${hash}"` } : {}),
    })
    .type("html")
    .send(document);
}
