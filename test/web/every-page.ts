import { createOrderLinks } from "../../functions/shop/store/order-links.ts";
import { linkToOrder } from "../../functions/shop/web/order-link.ts";
import { drawnPicture } from "../../local/kit/drawn-picture.ts";
import { upload } from "../support/calls/upload.ts";
import type { TestCloud } from "../support/cloud.ts";
import { pots } from "../support/races/pots.ts";
import { auctionSeeder } from "./auctions.ts";
import { orderBuyers } from "./orders/orders.ts";
import { siteSeeder } from "./seed.ts";

const MINUTE_MS = 60_000;
const BIDS = [
  { bidderId: "100000000000001111", price: 15_000 },
  { bidderId: "100000000000002222", price: 22_500 },
];
const SHIPPING = {
  from: "US",
  zones: [{ kind: "home", countries: [], price: 800, further: 200 }],
  free_from: null,
  dispatch_days: 5,
  needs_phone: false,
  is_pickup: false,
  bundle_hours: 0,
  currency: "usd",
};

/** A page by a name, with the status that it is answered with. */
export type NamedPage = readonly [name: string, path: string, status?: number];

/** All pages that people may open, in each of their states. */
export interface EveryPage {
  readonly open: readonly NamedPage[];
  /** The desk of a builder, for those who sign in as them. */
  readonly desk: readonly NamedPage[];
  readonly deskUsername: string;
}

/** Fills a cloud with everything that the site shows, and lists the pages. */
export async function everyPage(cloud: TestCloud): Promise<EveryPage> {
  const orders = await orderPages(cloud);
  const builderId = await streamingBuilder(cloud);
  const races = await racePages(cloud);
  const auctions = await auctionPages(cloud, builderId);
  return {
    open: [
      ["the landing page", "/"],
      ...(await dropPages(cloud, builderId)),
      ...auctions,
      ...races,
      ...orders.open,
      ["about", "/about"],
      ["the end of Stripe's form", "/payouts/return"],
      ["a used link to Stripe's form", "/payouts/refresh"],
      ["the way to sign in", "/desk"],
      ["a sign-in that was not begun", "/discord/callback?code=1&state=2", 400],
      ["Twitch's sign-in without a code", "/twitch/callback", 400],
      ["nothing", "/nothing", 404],
      ["a link that opens no order", "/order/none", 404],
    ],
    desk: orders.desk,
    deskUsername: orders.deskUsername,
  };
}

async function streamingBuilder(cloud: TestCloud): Promise<string> {
  const login = "mossy_switches";
  cloud.twitch.addUser({ id: "7001", login });
  cloud.twitch.goLive(login, { title: "Lubing switches by candlelight" });
  return siteSeeder(cloud.firestore, cloud.clock).builder({
    twitch_username: login,
    is_live: true,
  });
}

async function dropPages(cloud: TestCloud, builder_id: string): Promise<NamedPage[]> {
  const seed = siteSeeder(cloud.firestore, cloud.clock);
  const about = { builder_id, description: "Built live, to order.\nHot-swap.", shipping: SHIPPING };
  const page = async (name: string, fields: object, units?: string[]): Promise<NamedPage> => {
    const id = await seed.drop({ ...about, title: name, ...fields }, units);
    return [name, `/drop/${id}`];
  };
  const several = await pictures(cloud, [1200, 900], [600, 900], [1200, 700]);
  return [
    await page("a drop with pictures", several, ["free", "free", "sold"]),
    await page("a drop with a tall picture", await pictures(cloud, [600, 1000])),
    await page("a drop without a picture", { plan: "split" }),
    await page("a drop that is sold out", {}, ["sold"]),
    await page("a drop at the checkout", {}, ["reserved"]),
    await page("a drop that is closed", { is_closed: true }),
    await page("a drop that is paused", {
      builder_id: await seed.builder({ standing: "awaiting" }),
    }),
  ];
}

async function auctionPages(cloud: TestCloud, builder_id: string): Promise<NamedPage[]> {
  const seed = auctionSeeder(cloud.firestore, cloud.clock);
  const at = (ms: number) => new Date(cloud.clock.nowMs() + ms);
  const { image_url, image_sizes } = await pictures(cloud, [1200, 900]);
  const pictured = { image_url, image_url_at: cloud.clock.now(), image_size: image_sizes[0] };
  const planned = {
    state: "planned",
    opens: "live",
    opened_at: null,
    ends_at: null,
    latest_end: null,
  };
  const ended = { ends_at: at(-MINUTE_MS) };
  const page = async (name: string, fields: object, bids = BIDS): Promise<NamedPage> => {
    const auction = { builder_id, title: name, shipping: SHIPPING, ...fields };
    return [name, `/auction/${await seed.auction(auction, bids)}`];
  };
  const live = await page("an auction that runs", { ...pictured, ends_at: at(30 * MINUTE_MS) });
  return [
    live,
    ["an auction's overlay", live[1].replace("auction", "overlay")],
    await page("an auction without bids", { ends_at: at(90 * MINUTE_MS) }, []),
    await page("an auction that is planned", planned, []),
    await page("an auction whose time is up", ended),
    await page("an auction that is sold", { ...ended, state: "sold" }),
    await page("an auction that is unsold", { ...ended, state: "unsold" }),
    await page("an auction that is cancelled", { ...ended, state: "cancelled" }),
  ];
}

async function racePages({ firestore, clock }: TestCloud): Promise<NamedPage[]> {
  const race = pots(firestore, clock);
  const shop = { shopUrl: "https://shop.example/c500", shopWord: "frid" };
  const waiting = await race.lobby("Next Friday", ["Ann"]);
  const cancelled = await race.lobby("Called off", ["Ann"]);
  await race.cancel(cancelled);
  const over = await race.race("Last Friday", ["Ann", "Bo"]);
  await race.sell({ lobbyId: over.id });
  await race.finish(over);
  const open = await race.race("Friday Night GP", ["Ann", "Bo", "Cleo"], shop);
  await race.sell({ lobbyId: open.id });
  return [
    ["a race", `/race/${open.id}`],
    ["a race that waits", `/race/${waiting.id}`],
    ["a race that is over", `/race/${over.id}`],
    ["a race that is called off", `/race/${cancelled.id}`],
    ["a race's shop", "/buy/frid"],
    ["the Live Pot", `/overlay/pot/${open.potKey}`],
  ];
}

async function orderPages(cloud: TestCloud) {
  const { people, sentTogether, buy } = orderBuyers(cloud);
  const { builder, orderId } = await sentTogether();
  const dropId = await people.drop(builder.id, { title: "Brass plate" });
  const waiting = await buy(dropId);
  const site = cloud.settings["PUBLIC_SITE_URL"] ?? "";
  const orderLinks = createOrderLinks(async () => cloud.firestore);
  const pathOf = async (id: string) => {
    const link = await linkToOrder(id, { orderLinks, config: { PUBLIC_SITE_URL: site } });
    return (link ?? "").slice(site.length);
  };
  const { checkout_session_id: sessionId } = await people.order(waiting.orderId);
  const open: NamedPage[] = [
    ["an order that was sent", await pathOf(orderId)],
    ["an order that waits", await pathOf(waiting.orderId)],
    ["the return from Checkout", `/success?session_id=${sessionId}`],
    ["leaving Checkout", `/cancel?order=${waiting.orderId}`],
  ];
  const desk: NamedPage[] = [
    ...["ship", "build", "sent", "arrived", "problems"].map(
      (list): NamedPage => [`the desk, ${list}`, `/desk?list=${list}`],
    ),
    ["an order at the desk", `/desk/order?order=${orderId}`],
    ["packing slips", "/desk/slips?anyway=yes"],
  ];
  return { open, desk, deskUsername: `person_${builder.id.slice(-5)}` };
}

/** The fields of a drop whose pictures have these sizes. */
async function pictures(cloud: TestCloud, ...sizes: readonly (readonly [number, number])[]) {
  const files = await Promise.all(
    sizes.map(([width, height], index) =>
      upload(cloud, Buffer.from(drawnPicture(width, height, index * 5)), "image/png"),
    ),
  );
  const [image_url, ...more_image_urls] = files.map(({ url }) => url);
  return {
    image_url,
    more_image_urls,
    image_sizes: sizes.map(([width, height]) => `${width}x${height}`),
    image_url_at: cloud.clock.now(),
    has_image: true,
  };
}
