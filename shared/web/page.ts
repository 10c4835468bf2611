import type { SafeHtml } from "@remix-run/html-template";

/** One answer of the site before it is put in the layout. */
export interface Page {
  readonly status: number;
  /** The document's title without the site's name; empty on the landing page. */
  readonly title: string;
  readonly caching: Caching;
  /** The path that search engines should know it by; undefined keeps it out of them. */
  readonly canonicalPath?: string;
  /** What a link preview says. */
  readonly preview?: Preview;
  /** Seconds after which the browser looks again, without a script. */
  readonly refreshSeconds?: number;
  /** The address of the one script of ours that keeps the page current. */
  readonly script?: string;
  /** Stands alone over a stream's picture, not in the site's layout. */
  readonly overlay?: Overlay;
  readonly body: SafeHtml;
}

/** An overlay's style sheet, and how it was asked to look: each becomes a `data-` attribute. */
export interface Overlay {
  readonly sheet: string;
  readonly look: Readonly<Record<string, string>>;
}

/** A link preview's text, and the price where it is of something on sale. */
export interface Preview {
  /** The document's own unless told. */
  readonly title?: string;
  readonly description: string;
  readonly price?: { readonly amount: string; readonly currency: string };
}

/**
 * Who may keep an answer and how long. `stock`: what is on sale, kept by the CDN so briefly that it
 * is never more than about five seconds old. `bidding`: an auction that runs, two seconds old at the
 * most. `pot`: a race's pot, which the CDN asks for every second. `rest`: one between two races. `ended`: what is over. `steady`: text that changes with a release. `personal`: nobody
 * keeps it.
 */
export type Caching = "stock" | "bidding" | "pot" | "rest" | "ended" | "steady" | "personal";

/** The header of each. https://firebase.google.com/docs/hosting/manage-cache */
export const cacheControl: Readonly<Record<Caching, string>> = {
  stock: "public, max-age=0, s-maxage=3, stale-while-revalidate=2",
  bidding: "public, max-age=0, s-maxage=1, stale-while-revalidate=1",
  pot: "public, max-age=0, s-maxage=1",
  rest: "public, max-age=0, s-maxage=5",
  ended: "public, max-age=0, s-maxage=30, stale-while-revalidate=30",
  steady: "public, max-age=0, s-maxage=3600, stale-while-revalidate=60",
  personal: "private, no-store",
};
