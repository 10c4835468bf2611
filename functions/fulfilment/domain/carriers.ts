/** A company that delivers parcels. */
interface Carrier {
  /** As people know it. */
  readonly name: string;
  /** The page about one parcel; its number is appended, percent-encoded. */
  readonly link: string;
  /** Numbers that only this carrier uses; numbers of the others look too much like each other. */
  readonly pattern?: RegExp;
}

/**
 * The usual carriers, by the ids that commands and documents use. The formats are those of the carriers' own pages,
 * such as https://www.ups.com/us/en/support/tracking-support/where-to-find-your-tracking-number and
 * https://tools.usps.com/go/TrackConfirmAction_input.
 */
export const carriers = {
  ups: {
    name: "UPS",
    link: "https://www.ups.com/track?tracknum=",
    pattern: /^1Z[0-9A-Z]{16}$/,
  },
  usps: {
    name: "USPS",
    link: "https://tools.usps.com/go/TrackConfirmAction?tLabels=",
    pattern: /^(?:9[2-5]\d{20}|[A-Z]{2}\d{9}US)$/,
  },
  fedex: { name: "FedEx", link: "https://www.fedex.com/fedextrack/?trknbr=" },
  dhl: { name: "DHL", link: "https://www.dhl.com/en/express/tracking.html?AWB=" },
  "royal-mail": {
    name: "Royal Mail",
    link: "https://www.royalmail.com/track-your-item#/tracking-results/",
    pattern: /^[A-Z]{2}\d{9}GB$/,
  },
  "canada-post": {
    name: "Canada Post",
    link: "https://www.canadapost-postescanada.ca/track-reperage/en#/resultList?searchFor=",
    pattern: /^[A-Z]{2}\d{9}CA$/,
  },
  "deutsche-post": {
    name: "Deutsche Post",
    link: "https://www.deutschepost.de/sendung/simpleQuery.html?form.sendungsnummer=",
    pattern: /^[A-Z]{2}\d{9}DE$/,
  },
  "australia-post": {
    name: "Australia Post",
    link: "https://auspost.com.au/mypost/track/details/",
    pattern: /^[A-Z]{2}\d{9}AU$/,
  },
  other: { name: "another carrier", link: "" },
} as const satisfies Readonly<Record<string, Carrier>>;

/** The id of a carrier. */
export type CarrierId = keyof typeof carriers;

/** The carriers by their ids, with the names that people choose from. */
export const carrierNames = Object.fromEntries(
  Object.entries(carriers).map(([id, { name }]) => [id, name]),
) as Readonly<Record<CarrierId, string>>;

/** The name of a carrier by the id that a parcel has; empty if it is none that we know. */
export function carrierName(id: string | undefined): string {
  const isKnown = id !== undefined && id !== "other" && Object.hasOwn(carriers, id);
  return isKnown ? carriers[id as CarrierId].name : "";
}

/** The most characters of a tracking number; the longest in use have 34. */
export const MAX_TRACKING_LENGTH = 40;
/** Fewer characters are no tracking number. */
export const MIN_TRACKING_LENGTH = 6;
const TRACKING = new RegExp(`^[0-9A-Z]{${MIN_TRACKING_LENGTH},${MAX_TRACKING_LENGTH}}$`);

/** A tracking number as carriers print it, without spaces; undefined where it is none. */
export function readTracking(typed: string): string | undefined {
  const bare = typed.replace(/[\s-]+/g, "").toUpperCase();
  return TRACKING.test(bare) ? bare : undefined;
}

/** The only carrier that uses numbers like this; undefined where several may. */
export function recognizeCarrier(tracking: string): CarrierId | undefined {
  const known: readonly (readonly [string, Carrier])[] = Object.entries(carriers);
  const matching = known.filter(([, { pattern }]) => pattern?.test(tracking));
  return matching.length === 1 ? (matching[0]?.[0] as CarrierId) : undefined;
}

/** Reads a carrier's name or id as people write it. */
export function readCarrier(typed: string): CarrierId | undefined {
  const bare = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, "");
  const found = Object.entries(carriers).find(
    ([id, { name }]) => bare(id) === bare(typed) || bare(name) === bare(typed),
  );
  return found?.[0] as CarrierId | undefined;
}

/** The carrier's page about a parcel; undefined where there is none that we know. */
export function trackingLink(carrier: string | undefined, tracking: string): string | undefined {
  if (carrier === undefined || !Object.hasOwn(carriers, carrier)) return undefined;
  const { link } = carriers[carrier as CarrierId];
  return link === "" ? undefined : `${link}${encodeURIComponent(tracking)}`;
}
