import type { ProviderName } from "../../functions/races/providers/settings.ts";

/** The functions that others call, by what is ours at each address. */
const ROUTES = {
  interactions: { path: "/discord-interactions", onSite: "/interactions" },
  stripe: { path: "/stripe-webhook", onSite: "/webhooks/stripe" },
  twitch: { path: "/twitch-webhook", onSite: "/webhooks/twitch" },
} as const;

/** One of these, or a provider of merch sales. */
export type Route = keyof typeof ROUTES | ProviderName;

/** Where an installation is. */
export interface Addresses {
  readonly functionsUrl: string;
  readonly siteUrl: string;
  /** The function's own address: a site's domain may not lead there yet, and costs a detour. */
  direct(route: Route): string;
  /** The same below the site's domain, by the rewrites of `firebase.json`. */
  onSite(route: Route): string;
  /** Whether an address is one of these two. */
  isOurs(route: Route, url: string | null | undefined): boolean;
}

/** Makes the addresses; neither base ends with a slash. */
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

/** Google gives each function this address beside the one that ends in run.app. */
export function defaultFunctionsUrl(region: string, projectId: string): string {
  return `https://${region}-${projectId}.cloudfunctions.net`;
}
