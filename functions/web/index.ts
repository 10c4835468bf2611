import { createHash } from "node:crypto";
import type { Request, Response } from "@google-cloud/functions-framework";
import type { Deps } from "../../shared/runtime/deps.ts";
import { TerminalError } from "../../shared/runtime/errors.ts";
import type { FunctionHandler } from "../../shared/runtime/http.ts";
import { pictureOf, sendPicture } from "./drop-picture.ts";
import { documentOf } from "./layout.ts";
import { brokenPage, unavailablePage, wrongMethodPage } from "./notices.ts";
import { cacheControl, type Page } from "./page.ts";
import { type PageDeps, pageAt } from "./route.ts";

type WebDeps = PageDeps & Pick<Deps, "log">;

/** Google's client tries a silent database again for a minute: nobody waits that long for a page. */
const READ_DEADLINE_MS = 5000;
const RETRY_AFTER_SECONDS = 10;

/** Nothing but our own style sheet loads, and nothing at all runs. https://www.w3.org/TR/CSP3/ */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The public site, C500.store. Its pages only read, so that asking again changes nothing. */
export const handler: FunctionHandler<WebDeps> = (deps) => async (request, response) => {
  const isRead = request.method === "GET" || request.method === "HEAD";
  if (!isRead) response.set("allow", "GET, HEAD");
  const pictured = isRead && pictureOf(request);
  if (pictured) return showPicture(pictured, response, deps);
  const page = isRead ? await findPage(request, deps) : wrongMethodPage();
  if (page.status === 503) response.set("retry-after", String(RETRY_AFTER_SECONDS));
  send(response, page, documentOf(page, deps.config.PUBLIC_SITE_URL));
};

async function showPicture(dropId: string, response: Response, deps: WebDeps): Promise<void> {
  try {
    await sendPicture(dropId, response, deps);
  } catch (error) {
    deps.log.error("A picture could not be passed on", error, { drop: dropId });
    response.status(503).set("cache-control", "no-store").end();
  }
}

async function findPage(request: Request, deps: WebDeps): Promise<Page> {
  try {
    return await withinDeadline(pageAt(request, deps), deps);
  } catch (error) {
    deps.log.error("A page could not be made", error, { path: request.path });
    return error instanceof TerminalError ? brokenPage() : unavailablePage();
  }
}

async function withinDeadline<T>(work: Promise<T>, { clock }: Pick<Deps, "clock">): Promise<T> {
  const deadline = clock.sleep(READ_DEADLINE_MS).then(() => {
    throw new Error(`The database did not answer within ${READ_DEADLINE_MS} ms.`);
  });
  return Promise.race([work, deadline]);
}

/** An unchanged page is a 304: the framework compares the ETag. */
function send(response: Response, page: Page, document: string): void {
  const hash = createHash("sha256").update(document).digest("base64url").slice(0, 22);
  response
    .status(page.status)
    .set({
      "cache-control": cacheControl[page.caching],
      "content-security-policy": CONTENT_SECURITY_POLICY,
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      ...(page.status === 200 ? { etag: `W/"${hash}"` } : {}),
    })
    .type("html")
    .send(document);
}
