import { readId } from "../../shared/domain/outside-id.ts";
import type { Deps } from "../../shared/runtime/deps.ts";
import type { HttpRequest } from "../../shared/runtime/http.ts";
import { aboutPage } from "./about.ts";
import { auctionPage } from "./auction.ts";
import { auctionIdOf } from "./auction-facts.ts";
import { cancelPage, successPage } from "./checkout.ts";
import { dropPage } from "./drop.ts";
import { landingPage } from "./landing.ts";
import { notFoundPage, payoutsRefreshPage, payoutsReturnPage } from "./notices.ts";
import { overlayPage } from "./overlay.ts";
import type { Page } from "./page.ts";
import { potOverlayPage } from "./pot-overlay.ts";
import { racePage } from "./race.ts";
import { lobbyIdOf, potKeyOf } from "./race-facts.ts";

/** What the pages are made from. */
export type PageDeps = Pick<
  Deps,
  | "auctions"
  | "bids"
  | "builders"
  | "drops"
  | "ledger"
  | "lobbies"
  | "orders"
  | "sales"
  | "clock"
  | "config"
>;

const DROP_PATH = /^\/drop\/([^/]+)$/;

/** Finds the page at a request's path. */
export async function pageAt(request: HttpRequest, deps: PageDeps): Promise<Page> {
  const path = request.path.replace(/(.)\/+$/, "$1");
  const dropId = readId(DROP_PATH.exec(path)?.[1]);
  if (dropId !== undefined) return dropPage(dropId, deps);
  const auctionId = auctionIdOf.page(path);
  if (auctionId !== undefined) return auctionPage(auctionId, deps);
  const overlaid = auctionIdOf.overlay(path);
  if (overlaid !== undefined) {
    const look = { theme: parameter(request, "theme"), size: parameter(request, "size") };
    return overlayPage(overlaid, look, deps);
  }
  const potKey = potKeyOf.overlay(path);
  if (potKey !== undefined) {
    return potOverlayPage(potKey, (name) => parameter(request, name), deps);
  }
  const lobbyId = lobbyIdOf(path);
  if (lobbyId !== undefined) return racePage(lobbyId, deps);
  switch (path) {
    case "/":
      return landingPage(deps);
    case "/about":
      return aboutPage();
    case "/success":
      return successPage(parameter(request, "session_id"), deps);
    case "/cancel":
      return cancelPage(parameter(request, "order"), deps);
    case "/payouts/return":
      return payoutsReturnPage();
    case "/payouts/refresh":
      return payoutsRefreshPage();
    default:
      return notFoundPage();
  }
}

/** A parameter of the query that is there once. */
function parameter({ query }: HttpRequest, name: string): string | undefined {
  const value = query[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}
