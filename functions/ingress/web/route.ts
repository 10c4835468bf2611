import type { Response } from "@google-cloud/functions-framework";
import { readId } from "../../../shared/documents/outside-id.ts";
import type { HttpRequest } from "../../../shared/runtime/http.ts";
import {
  notFoundPage,
  payoutsRefreshPage,
  payoutsReturnPage,
} from "../../../shared/web/notices.ts";
import type { Page } from "../../../shared/web/page.ts";
import { picturePaths } from "../../../shared/web/picture.ts";
import { auctionPage } from "../../auctions/web/auction.ts";
import { auctionIdOf } from "../../auctions/web/auction-facts.ts";
import { sendFeed } from "../../auctions/web/auction-feed.ts";
import { overlayPage } from "../../auctions/web/overlay.ts";
import { deskPage } from "../../fulfilment/web/desk/desk.ts";
import { deskOrderPage } from "../../fulfilment/web/desk/order.ts";
import { sendParcelsCsv } from "../../fulfilment/web/desk/parcels-csv.ts";
import { slipsPage } from "../../fulfilment/web/desk/slips.ts";
import { teamDeskPage } from "../../fulfilment/web/desk/team.ts";
import { orderPage } from "../../fulfilment/web/order.ts";
import { passIn } from "../../fulfilment/web/team-link.ts";
import { sendPot } from "../../races/web/pot-feed.ts";
import { potOverlayPage } from "../../races/web/pot-overlay.ts";
import { racePage } from "../../races/web/race.ts";
import { lobbyIdOf, potKeyOf } from "../../races/web/race-paths.ts";
import { shopPage, shopWordOf } from "../../races/web/shop.ts";
import { sendShopCode, shopCodeWordOf } from "../../races/web/shop-code.ts";
import { cancelPage, successPage } from "../../shop/web/checkout.ts";
import { dropPage } from "../../shop/web/drop.ts";
import { aboutPage } from "./about.ts";
import { siteActions } from "./actions.ts";
import { CRAWLERS_PATH, SITEMAP_PATH, sendCrawlerRules, sendSitemap } from "./crawlers.ts";
import type { WebDeps } from "./deps.ts";
import { landingPage } from "./landing.ts";
import { previewedChannel, sendStreamPreview } from "./stream-preview.ts";

const DROP_PATH = /^\/drop\/([^/]+)$/;

/** Finds something at a path; undefined if the path belongs to another finder. */
type Finder<Arguments extends readonly unknown[], Found> = (
  path: string,
  ...rest: Arguments
) => Promise<Found> | undefined;

/** A finder for paths that contain an id or key, which `read` extracts. */
function holding<Arguments extends readonly unknown[], Found>(
  read: (path: string) => string | undefined,
  find: (id: string, ...rest: Arguments) => Promise<Found>,
): Finder<Arguments, Found> {
  return (path, ...rest) => {
    const id = read(path);
    return id === undefined ? undefined : find(id, ...rest);
  };
}

type PageFinder = Finder<[HttpRequest, WebDeps], Page>;

/** One path of the site, with its description and its finder. */
interface SiteRoute<Find> {
  /** One sentence for `docs/reference/http-routes.md`. */
  readonly does: string;
  readonly find: Find;
}

/** A finder for one fixed path. */
function at(
  own: string,
  does: string,
  find: (request: HttpRequest, deps: WebDeps) => Promise<Page> | Page,
): readonly [string, SiteRoute<PageFinder>] {
  const finder: PageFinder = (path, request, deps) =>
    path === own ? Promise.resolve(find(request, deps)) : undefined;
  return [own, { does, find: finder }];
}

/** Every page of the site, by its path pattern. */
const pages: Readonly<Record<string, SiteRoute<PageFinder>>> = {
  "/drop/:id": {
    does: "A drop: picture, price, what is left, and how to buy it.",
    find: holding(
      (path) => readId(DROP_PATH.exec(path)?.[1]),
      (id, _request, deps) => dropPage(id, deps),
    ),
  },
  "/auction/:id": {
    does: "An auction, kept current while it runs.",
    find: holding(auctionIdOf.page, (id, _request, deps) => auctionPage(id, deps)),
  },
  "/overlay/:id": {
    does: "An auction's transparent overlay for OBS: `?theme=pastel|dark|minimal&size=small|medium|large`.",
    find: holding(auctionIdOf.overlay, (id, request, deps) => {
      const look = { theme: parameter(request, "theme"), size: parameter(request, "size") };
      return overlayPage(id, look, deps);
    }),
  },
  "/overlay/pot/:key": {
    does: "A host's Live Pot for OBS.",
    find: holding(potKeyOf.overlay, (key, request, deps) =>
      potOverlayPage(key, (name) => parameter(request, name), deps),
    ),
  },
  "/buy/:word": {
    does: "Leads viewers of a race to its shop.",
    find: holding(shopWordOf, (word, _request, deps) => shopPage(word, deps)),
  },
  "/race/:id": {
    does: "A race: who races, the pot, and the time that is left.",
    find: holding(lobbyIdOf, (id, _request, deps) => racePage(id, deps)),
  },
  "/order/:key": {
    does: "A buyer's order; everyone who has the link sees it.",
    find: holding(
      (path) => (path.startsWith("/order/") ? path : undefined),
      (path, _request, deps) => orderPage(path, deps),
    ),
  },
  "/desk/team/:pass/:signature": {
    does: "The team's desk: all builders' lists, or one's with `?builder=`; for the member of staff who got the link in Discord.",
    find: holding(passIn, teamDeskPage),
  },
  ...Object.fromEntries([
    at(
      "/desk",
      "A builder's desk: `?list=ship|build|sent|arrived|problems&search=&after=&month=`; for anyone else the button to sign in.",
      deskPage,
    ),
    at(
      "/desk/slips",
      "Packing slips for printing: `?parcel=&parcel=&size=a4|letter|4x6&anyway=`, for their builder alone.",
      slipsPage,
    ),
    at(
      "/desk/order",
      "What happened to an order, as evidence: `?order=`, for its builder alone.",
      deskOrderPage,
    ),
    at("/", "What is on sale, and the auctions that run.", (_request, deps) => landingPage(deps)),
    at("/about", "What C500 is, and how it treats data.", aboutPage),
    at("/success", "Thanks a buyer who comes back from Stripe.", (request, deps) =>
      successPage(parameter(request, "session_id"), deps),
    ),
    at(
      "/cancel",
      "Says how long a unit stays reserved for a buyer who left Stripe.",
      (request, deps) => cancelPage(parameter(request, "order"), deps),
    ),
    at("/payouts/return", "Where Stripe sends builders after its form.", payoutsReturnPage),
    at("/payouts/refresh", "The same, when the link to the form has expired.", payoutsRefreshPage),
  ]),
};

/** Everything that is not a page, by its path pattern: data for scripts and crawlers, and QR codes. */
const feeds: Readonly<Record<string, SiteRoute<Finder<[Response, WebDeps], void>>>> = {
  "/auction/:id/feed.json": {
    does: "What the auction's page and overlay show, as JSON.",
    find: holding(auctionIdOf.feed, sendFeed),
  },
  "/pot/:key.json": {
    does: "What the Live Pot shows, as JSON; `askAgainMs` says when to ask again.",
    find: holding(potKeyOf.feed, sendPot),
  },
  "/desk/parcels.csv": {
    does: "Parcels as services that print labels import them: `?parcel=&parcel=&anyway=`, for their builder alone.",
    find: (path, response, deps) =>
      path === "/desk/parcels.csv" ? sendParcelsCsv(response.req, response, deps) : undefined,
  },
  "/live/:channel/preview": {
    does: "The picture of a builder's stream while it is live.",
    find: holding(previewedChannel, sendStreamPreview),
  },
  "/buy/:word/code.svg": {
    does: "The QR code of the shop's short address.",
    find: holding(shopCodeWordOf, sendShopCode),
  },
  [SITEMAP_PATH]: {
    does: "The addresses of the pages that are for everyone, for search engines.",
    find: (path, response, deps) =>
      path === SITEMAP_PATH ? sendSitemap(response, deps) : undefined,
  },
  [CRAWLERS_PATH]: {
    does: "What crawlers may read, and where the sitemap is; `/robots.txt` is redirected here.",
    find: (path, response, deps) =>
      path === CRAWLERS_PATH ? sendCrawlerRules(response, deps) : undefined,
  },
};

const pictures = Object.fromEntries(picturePaths.map((path) => [path, { does: "Its picture." }]));
const read = Object.entries({ ...pages, ...feeds, ...pictures });

/** Every path of the site, with its methods and a description. Any other path is not found. */
export const siteRoutes: Readonly<
  Record<string, { readonly methods: string; readonly does: string }>
> = {
  ...Object.fromEntries(read.map(([path, { does }]) => [path, { methods: "GET, HEAD", does }])),
  ...Object.fromEntries(
    Object.entries(siteActions).map(([path, { method, does }]) => [
      path,
      { methods: method, does },
    ]),
  ),
};

/** Finds the page at a request's path. */
export async function pageAt(request: HttpRequest, deps: WebDeps): Promise<Page> {
  const path = request.path.replace(/(.)\/+$/, "$1");
  for (const { find } of Object.values(pages)) {
    const page = find(path, request, deps);
    if (page) return page;
  }
  return notFoundPage();
}

/** Sends the feed at a path, if there is one. */
export function feedAt(path: string, response: Response, deps: WebDeps): Promise<void> | undefined {
  for (const { find } of Object.values(feeds)) {
    const sent = find(path, response, deps);
    if (sent) return sent;
  }
  return undefined;
}

/** A query parameter; undefined if it is missing, empty or repeated. */
function parameter({ query }: HttpRequest, name: string): string | undefined {
  const value = query[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}
