import type { ProviderName } from "../../../functions/races/providers/settings.ts";

/** The functions that third parties and browsers call, with their paths. */
const ROUTES = {
  interactions: { path: "/discord-interactions", onSite: "/interactions" },
  stripe: { path: "/stripe-webhook", onSite: "/webhooks/stripe" },
  twitch: { path: "/twitch-webhook", onSite: "/webhooks/twitch" },
} as const;

/** One of these, or a provider of merch sales. */
export type Route = keyof typeof ROUTES | ProviderName;

/** The public addresses of an installation. */
export interface Addresses {
  readonly functionsUrl: string;
  readonly siteUrl: string;
  /** The function's own address, which works before the site's domain does and saves a hop. */
  direct(route: Route): string;
  /** The same function's address on the site's domain, through the rewrites of `firebase.json`. */
  onSite(route: Route): string;
  /** Whether a URL is one of these two. */
  isOurs(route: Route, url: string | null | undefined): boolean;
}

/** Builds the addresses. Neither base ends with a slash. */
export function addressesOf(functionsUrl: string, siteUrl: string): Addresses {
  const direct = (route: Route) => `${functionsUrl}${placesOf(route).path}`;
  const onSite = (route: Route) => `${siteUrl}${placesOf(route).onSite}`;
  return {
    functionsUrl,
    siteUrl,
    direct,
    onSite,
    isOurs: (route, url) => url === direct(route) || url === onSite(route),
  };
}

function placesOf(route: Route): { readonly path: string; readonly onSite: string } {
  const known: Readonly<Record<string, { path: string; onSite: string }>> = ROUTES;
  return known[route] ?? { path: `/shop-webhook/${route}`, onSite: `/webhooks/${route}` };
}

/** The address that Google gives each function besides the one ending in run.app. */
export function defaultFunctionsUrl(region: string, projectId: string): string {
  return `https://${region}-${projectId}.cloudfunctions.net`;
}
