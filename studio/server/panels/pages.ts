import * as z from "zod/mini";
import type { StoredDocument } from "../../../local/google/firestore/types.ts";
import { type Frames, startFrames } from "../frames.ts";
import type { StudioHost } from "../host.ts";
import { defineCall } from "../panel.ts";

const MOST_SHOWN = 30;

/** A page of the site, or an overlay of a stream. */
interface SitePage {
  readonly title: string;
  readonly path: string;
  readonly isOverlay: boolean;
  /** The order, where it is an order's page. */
  readonly orderId?: string;
}

/** The site's pages and overlays, served so that the studio can frame them. */
export function pagesPanel({ cloud }: StudioHost) {
  const site = cloud.settings["PUBLIC_SITE_URL"] ?? "";
  const opened = new Map<string, Promise<Frames>>();
  const documents = (collection: string) => {
    const inspection = cloud.inspectFirestore?.(cloud.settings["GOOGLE_CLOUD_PROJECT"] ?? "");
    const query = { collection, filters: [], sort: undefined, offset: 0, limit: 1_000 };
    const { found } = inspection?.page(query) ?? { found: [] };
    const existing = found.flatMap(({ document }) => (document ? [document] : []));
    return existing.sort((one, other) => seconds(other) - seconds(one)).slice(0, MOST_SHOWN);
  };
  return {
    calls: {
      /** Opens the listener for the page's own origin. */
      open: defineCall(
        z.object({ origin: z.string().check(z.regex(/^http:\/\/(127\.0\.0\.1|localhost):\d+$/)) }),
        async ({ origin }) => {
          const frames = opened.get(origin) ?? startFrames(site, origin);
          opened.set(origin, frames);
          return { framesUrl: (await frames).url, siteUrl: site };
        },
      ),
      read: defineCall(z.object({}), () => ({
        pages: [
          { title: "The site", path: "/", isOverlay: false },
          { title: "Builder's desk", path: "/desk", isOverlay: false },
          ...documents("auctions").flatMap(auctionPages),
          ...documents("lobbies").flatMap(racePages),
          ...documents("inventory").map((drop) => named("Drop", drop, "/drop/")),
          ...documents("orders").flatMap(orderPages),
        ] satisfies SitePage[] as readonly SitePage[],
      })),
    },
    stop: async () => {
      const all = await Promise.all(opened.values());
      await Promise.all(all.map((frames) => frames.stop()));
    },
  };
}

function seconds({ createTime }: StoredDocument): number {
  return Number(createTime.seconds);
}

function idOf({ name }: StoredDocument): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

function textIn({ fields }: StoredDocument, name: string): string | undefined {
  const value = fields[name];
  return value?.valueType === "stringValue" ? value.stringValue : undefined;
}

function named(kind: string, document: StoredDocument, path: string): SitePage {
  const title = textIn(document, "title") ?? textIn(document, "name") ?? idOf(document);
  return { title: `${kind}: ${title}`, path: `${path}${idOf(document)}`, isOverlay: false };
}

function auctionPages(auction: StoredDocument): SitePage[] {
  return [
    named("Auction", auction, "/auction/"),
    { ...named("Overlay of the auction", auction, "/overlay/"), isOverlay: true },
  ];
}

function racePages(lobby: StoredDocument): SitePage[] {
  const page = named("Race", lobby, "/race/");
  const key = textIn(lobby, "pot_key");
  if (key === undefined) return [page];
  const title = page.title.replace("Race", "Live Pot of the race");
  return [page, { title, path: `/overlay/pot/${key}`, isOverlay: true }];
}

/** An order's page exists once its buyer was sent the link. */
function orderPages(order: StoredDocument): SitePage[] {
  const key = textIn(order, "page_key");
  if (key === undefined) return [];
  const { title } = named("Order", order, "");
  return [{ title, path: `/order/${key}`, isOverlay: false, orderId: idOf(order) }];
}
