import { ADDRESS_MARKER } from "../../../../local/stripe/objects/addresses.ts";

/** A page, and who saw it. */
interface SeenPage {
  readonly user: string;
  readonly path: string;
  readonly html: string;
}

/** S12: what of others somebody saw: an address, evidence, or an order that they had not named. Undefined if nothing. */
export function checkPage(
  { user, path, html }: SeenPage,
  { builder, ids }: { readonly builder: string; readonly ids: readonly string[] },
): string | undefined {
  const isBuilder = user === builder;
  const mayRead = isBuilder && /^\/desk\/(?:slips|parcels)/.test(path);
  if (!mayRead && html.includes(ADDRESS_MARKER)) return `${user} saw an address at ${path}`;
  if (isBuilder) return undefined;
  if (html.includes('class="evidence"')) return `${user} saw evidence at ${path}`;
  if (html.includes("letting the buyer know")) return `${user} sent parcels at ${path}`;
  const asked = decodeURIComponent(path);
  const shown = ids.find((id) => !asked.includes(id) && html.includes(id));
  return shown === undefined ? undefined : `${user} saw ${shown} at ${path}`;
}
