import type { SafeHtml } from "@remix-run/html-template";

/** A page of the site before it is put in the layout. */
export interface Page {
  readonly status: number;
  /** The document's title without the site's name; empty on the landing page. */
  readonly title: string;
  readonly caching: Caching;
  /** The path for search engines; undefined keeps the page out of them. */
  readonly canonicalPath?: string;
  /** What a link preview shows. */
  readonly preview?: Preview;
  /** Without scripts, the browser reloads the page after this many seconds. */
  readonly refreshSeconds?: number;
  /** The address of our script that keeps the page current. */
  readonly script?: string;
  /** The addresses of style sheets that the page has besides the site's own. */
  readonly sheets?: readonly string[];
  /** What search engines read of it, as schema.org describes it. */
  readonly structured?: StructuredData;
  /** An overlay for a stream, without the site's layout. */
  readonly overlay?: Overlay;
  /** Where the page's forms may be sent and redirected: `'self'`, other sites by origin. Without it it has none. */
  readonly formTargets?: readonly string[];
  /** Its address holds a key or a code, so it is named to nobody, not even to our own server. */
  readonly hasSecretAddress?: true;
  /** A `Set-Cookie`; only of a page that is not cached. */
  readonly cookie?: string;
  readonly body: SafeHtml;
}

/** A redirect to another page with a GET. It is not cached. */
export interface Redirect {
  readonly to: string;
  /** A `Set-Cookie`. */
  readonly cookie?: string;
}

/** The site's answer to an action. */
export type Answer = Page | Redirect;

/** An overlay's style sheets and requested look; each entry becomes a `data-` attribute. */
export interface Overlay {
  readonly sheets: readonly string[];
  readonly look: Readonly<Record<string, string>>;
}

/** A link preview: text, picture, and the price if something is on sale. */
export interface Preview {
  /** The default is the document's own title. */
  readonly title?: string;
  readonly description: string;
  /** The default is the site's own card. */
  readonly picture?: PreviewPicture;
  readonly price?: { readonly amount: string; readonly currency: string };
}

/** The picture of a link preview; `path` is on this site. */
export interface PreviewPicture {
  readonly path: string;
  readonly alt: string;
  readonly size?: { readonly width: number; readonly height: number };
}

/** An object of schema.org; `@context` is added. https://schema.org/docs/gs.html */
export type StructuredData = { readonly "@type": string } & Readonly<Record<string, unknown>>;

/**
 * Who may cache an answer and for how long.
 *
 * - `stock`: what is on sale, at most about five seconds old.
 * - `bidding`: a running auction or race, at most two seconds old.
 * - `pot`: a race's pot, which the CDN fetches every second.
 * - `rest`: a pot between two races.
 * - `ended`: an auction or race that is over.
 * - `steady`: text that changes only with a release.
 * - `personal`: not cached.
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
