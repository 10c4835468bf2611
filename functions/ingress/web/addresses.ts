import type { HttpRequest } from "../../../shared/runtime/http.ts";
import { isPicturePath, pictureParameters } from "../../../shared/web/picture.ts";
import { auctionIdOf } from "../../auctions/web/auction-facts.ts";
import { overlayParameters } from "../../auctions/web/overlay.ts";
import { potParameters } from "../../races/web/pot-overlay.ts";
import { potKeyOf } from "../../races/web/race-paths.ts";

/** The query parameters of an address, in order: each maps a value to its canonical spelling. */
type Parameters = Readonly<Record<string, (value: string) => string | undefined>>;

/**
 * Answers that are not cached, so they may have any query. They are not redirected either: a redirect would be cached,
 * and some of these paths are secret.
 */
const UNCACHED = /^\/(?:success|cancel|desk|order)(?:\/|$)/;

/**
 * The canonical address of a page, if it was requested at a variant: with unknown or repeated parameters, in
 * another order or spelling, or with another ending. The CDN caches an answer for each address, so this keeps
 * people from bypassing the cache with made-up addresses.
 */
export function canonicalAddress({
  path,
  url,
}: Pick<HttpRequest, "path" | "url">): string | undefined {
  // A path that starts with two slashes, in either direction, would lead to another site.
  const canonicalPath = path.replace(/^[/\\]+/, "/").replace(/(.)\/+$/, "$1");
  if (UNCACHED.test(canonicalPath)) return undefined;
  const canonical = `${canonicalPath}${queryOf(parametersOf(canonicalPath), url)}`;
  return canonical === url ? undefined : canonical;
}

function parametersOf(path: string): Parameters {
  if (isPicturePath(path)) return pictureParameters;
  if (auctionIdOf.overlay(path) !== undefined) return overlayParameters;
  return potKeyOf.overlay(path) === undefined ? {} : potParameters;
}

function queryOf(parameters: Parameters, url: string): string {
  const [, asked = ""] = /^[^?]*\?(.*)$/s.exec(url) ?? [];
  const given = new URLSearchParams(asked);
  const read = Object.entries(parameters).flatMap(([name, spell]) => {
    const value = given.getAll(name).flatMap((each) => spell(each) ?? [])[0];
    return value === undefined ? [] : [[name, value]];
  });
  return read.length === 0 ? "" : `?${new URLSearchParams(read)}`;
}
