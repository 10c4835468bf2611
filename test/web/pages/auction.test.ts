import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { bidders } from "../../support/auctions/auctions.ts";
import { community, startTestCloud, type TestCloud } from "../../support/cloud.ts";
import { shoppers } from "../../support/shop/shop.ts";
import { type AuctionSeeder, auctionSeeder, secrets } from "../auctions.ts";
import { type SiteSeeder, siteSeeder } from "../seed.ts";
import { type Visitor, visitor, wordsOf } from "../visitor.ts";

const ANN = "300000000000011111";
const BOB = "300000000000022222";
const BUILDER = "300000000000099999";

let cloud: TestCloud;
let seed: AuctionSeeder;
let site: SiteSeeder;
let read: Visitor["read"];

beforeAll(async () => {
  cloud = await startTestCloud({ rateLimits: false });
  seed = auctionSeeder(cloud.firestore, cloud.clock);
  site = siteSeeder(cloud.firestore, cloud.clock);
  ({ read } = visitor(cloud.url("web"), cloud));
});
beforeEach(() => Promise.all([seed.clear(), site.clear()]));
afterAll(() => cloud.stop());

const feed = async (id: string) => JSON.parse(await read(`/auction/${id}/feed.json`));
const page = async (id: string) => wordsOf(await read(`/auction/${id}`));
/** Everything the site shows about an auction. */
const everything = (id: string) =>
  Promise.all([`/auction/${id}`, `/auction/${id}/feed.json`, `/overlay/${id}`, "/"].map(read));
const inSeconds = (seconds: number) => new Date(cloud.clock.nowMs() + seconds * 1000);
const claim = (fields: object) => ({
  claim: { round: 0, bidder_id: ANN, amount: 6_000, state: "ordered", ...fields },
});
const twoBids = [
  { bidderId: BOB, price: 5_000 },
  { bidderId: ANN, price: 6_000 },
];

describe("a running auction", () => {
  test("shows who sells what, the price, who leads, and what to bid next", async () => {
    const builder_id = await site.builder({ twitch_username: "mossy", is_live: true });
    const id = await seed.auction({ builder_id }, twoBids);
    const words = await page(id);
    expect(words).toMatch(/An auction by mossy Live now Brass C500 Live [45]:\d\d/);
    expect(words).toMatch(/Price now \$60\.00 Leading bidder …1111/);
    expect(words).toMatch(/Bids 2 bids by 2 bidders Next bid \$63\.00 or more/);
    expect(words).toMatch(/Last bids bidder …1111 \$60\.00 bidder …2222 \$50\.00/);
    expect(words).toContain("How to bid");
  });

  test("has all of that in its feed", async () => {
    const builder_id = await site.builder({ twitch_username: "mossy" });
    const ends_at = inSeconds(90);
    const id = await seed.auction({ builder_id, ends_at }, twoBids);
    expect(await feed(id)).toEqual({
      id,
      title: "Brass C500",
      builder: "mossy",
      state: "live",
      phase: "live",
      headline: "Live",
      currency: "usd",
      amount: 6_000,
      price: "$60.00",
      priceLabel: "Price now",
      leader: "bidder …1111",
      leaderLabel: "Leading",
      bids: 2,
      bidders: 2,
      activity: "2 bids by 2 bidders",
      nextBid: "$63.00 or more",
      reserve: "met",
      endsAt: ends_at.toISOString(),
      now: expect.any(String),
      ends: expect.stringMatching(/^\w+ \d+, \d{4}, \d\d:\d\d:\d\d UTC$/),
      endsLabel: "Ends",
      lastBids: [
        { number: 2, bidder: "bidder …1111", price: "$60.00", isLeading: true },
        { number: 1, bidder: "bidder …2222", price: "$50.00", isLeading: true },
      ],
    });
  });

  test("without a bid shows its starting price and no leader", async () => {
    const id = await seed.auction();
    expect(await feed(id)).toMatchObject({
      priceLabel: "Starts at",
      price: "$50.00",
      leader: null,
      nextBid: "$50.00 or more",
      activity: "0 bids by 0 bidders",
      reserve: "not met yet",
      lastBids: [],
    });
    expect(await page(id)).toContain("None yet.");
  });

  test("shows no reserve if there is none", async () => {
    const id = await seed.auction({ reserve: 0 }, twoBids);
    expect((await feed(id)).reserve).toBeNull();
    expect(await read(`/auction/${id}`)).toMatch(/<div hidden data-row><dt>Reserve/);
  });

  test("rises by the builder's own increment", async () => {
    const id = await seed.auction({ increment: 2_500 }, twoBids);
    expect((await feed(id)).nextBid).toBe("$85.00 or more");
  });

  test.each([
    ["half a minute before the end", 30, twoBids, "live", "Live"],
    ["shortly before the end", 8, twoBids, "going", "Going once…"],
    ["shortly before the end without a bid", 8, [], "live", "Live"],
    ["when the time is up", 0, twoBids, "counting", "Time is up…"],
  ])("%s", async (_when, seconds, bids, phase, headline) => {
    const id = await seed.auction({ ends_at: inSeconds(seconds) }, bids);
    expect(await feed(id)).toMatchObject({ state: "live", phase, headline });
    expect(await page(id)).toContain(headline);
  });

  test("distinguishes a bid that was outbid at once from one that led", async () => {
    const beaten = { bidderId: BOB, price: 7_000, leaderId: ANN };
    const id = await seed.auction({}, [...twoBids, beaten]);
    const [last] = (await feed(id)).lastBids;
    expect(last).toEqual({ number: 3, bidder: "bidder …2222", price: "$70.00", isLeading: false });
    expect((await feed(id)).leader).toBe("bidder …1111");
  });

  test("shows only the last bids", async () => {
    const many = Array.from({ length: 9 }, (_, index) => ({
      bidderId: index % 2 ? ANN : BOB,
      price: 5_000 + index * 300,
    }));
    const { lastBids } = await feed(await seed.auction({}, many));
    expect(lastBids.map(({ number }: { number: number }) => number)).toEqual([9, 8, 7, 6, 5, 4]);
  });
});

describe("an auction that is not running", () => {
  test.each([
    ["planned", { state: "planned", opens: "live", ends_at: null }, [], "Opens when the builder"],
    ["about to open", { state: "planned", ends_at: null }, [], "Opens in a moment"],
    ["sold", { state: "sold" }, twoBids, "Sold for $60.00 Won by bidder …1111"],
    ["sold and ordered", { state: "sold", ...claim({}) }, twoBids, "Sold for $60.00 Won by"],
    [
      "offered to a runner-up",
      { state: "sold", ...claim({ round: 1, bidder_id: BOB, amount: 5_000, state: "offered" }) },
      twoBids,
      "Offered to the next bidder",
    ],
    [
      "sold to a runner-up",
      { state: "sold", ...claim({ round: 1, bidder_id: BOB, amount: 5_000, state: "paid" }) },
      twoBids,
      "Sold for $50.00 Won by bidder …2222",
    ],
    ["unpaid", { state: "sold", ...claim({ state: "over" }) }, twoBids, "Nobody paid"],
    ["unsold", { state: "unsold" }, [], "Unsold: nobody bid"],
    ["below its reserve", { state: "unsold" }, twoBids, "Unsold: the reserve was not met"],
    ["cancelled", { state: "cancelled" }, twoBids, "Cancelled: nobody pays"],
    ["void", { state: "void" }, twoBids, "The result was taken back: nobody pays"],
  ])("and is %s says so on every page", async (_what, fields, bids, says) => {
    const id = await seed.auction(fields, bids);
    for (const path of [`/auction/${id}`, `/overlay/${id}`]) {
      expect(wordsOf(await read(path))).toContain(says);
    }
    expect((await feed(id)).state).toBe((fields as { state: string }).state);
  });

  test("asks nobody to bid, names no leader whose result was taken back, and does not reload", async () => {
    for (const state of ["unsold", "cancelled", "void"]) {
      const id = await seed.auction({ state }, twoBids);
      const html = await read(`/auction/${id}`);
      expect(html).not.toMatch(/How to bid|http-equiv="refresh"|auction\.js/);
      expect(await feed(id)).toMatchObject({ leader: null, nextBid: null, reserve: null });
      expect(html).not.toContain("How you pay");
    }
  });
});

describe("what is secret", () => {
  test("ceilings, reserves, typed amounts and people's full ids appear nowhere", async () => {
    const hidden = [ANN, BOB, BUILDER, ...Object.values(secrets).map(String)];
    const money = Object.values(secrets).map((cents) => (cents / 100).toFixed(2));
    for (const state of ["planned", "live", "sold", "unsold", "cancelled", "void"]) {
      const id = await seed.auction({ state, builder_id: BUILDER, ...claim({}) }, twoBids);
      for (const text of await everything(id)) {
        const bare = text.replaceAll(",", "");
        for (const secret of [...hidden, ...money]) expect(bare).not.toContain(secret);
      }
    }
  });

  test("a raised ceiling changes nothing visible", async () => {
    const id = await seed.auction({}, twoBids);
    const seen = async () =>
      (await everything(id)).map((text) => text.replace(/"now":"[^"]*"|>[45]:\d\d</, ""));
    const before = await seen();
    const raise = { bidderId: ANN, price: 6_000, kind: "ceiling" } as const;
    await seed.bid(
      id,
      Array.from({ length: 8 }, () => raise),
    );
    expect(await seen()).toEqual(before);
  });
});

describe("someone else's title", () => {
  test.each([
    "<script>alert(1)</script>",
    `"'><img src=x onerror=alert(1)>`,
    "</title></textarea><b>",
  ])("%p creates no tag on page, overlay or landing page", async (title) => {
    const id = await seed.auction({ title });
    for (const path of [`/auction/${id}`, `/overlay/${id}`, "/"]) {
      const html = await read(path);
      expect(html).not.toContain(title);
      expect(html).toContain("&gt;");
    }
    expect((await feed(id)).title).toBe(title);
  });
});

describe("the landing page", () => {
  test("lists running auctions with price, end and link, the first to end first", async () => {
    const later = await seed.auction({ title: "Later", ends_at: inSeconds(600) });
    const soon = await seed.auction({ title: "Soon", ends_at: inSeconds(60) }, twoBids);
    await seed.auction({ title: "Over", state: "sold" }, twoBids);
    const html = await read("/");
    expect(html).toContain(`href="/auction/${soon}"`);
    expect(html).toContain(`href="/auction/${later}"`);
    expect(wordsOf(html)).toMatch(
      /Under the hammer .*Live Soon \$60\.00 2 bids Ends in 1:00 .* UTC .*Live Later from \$50\.00 0 bids Ends in 10:00 .* UTC/,
    );
    expect(html).not.toContain("Over");
  });

  test("does not mention auctions when none is running", async () => {
    expect(await read("/")).not.toContain("Under the hammer");
  });

  test("lists a dozen and says that there are more", async () => {
    await Promise.all(Array.from({ length: 13 }, () => seed.auction()));
    const html = await read("/");
    expect(html.match(/href="\/auction\//g)).toHaveLength(12);
    expect(html).toContain("There are more in our Discord.");
  });
});

test("a bid made in Discord is on the site as soon as it is recorded", async () => {
  const people = shoppers(cloud);
  const room = bidders(cloud, people);
  const { id: builder, login } = await people.builder({ isLive: true });
  const channelId = room.channel(community.guildId);
  const id = await room.start(builder, channelId);
  const [ann, bob] = [people.person(), people.person()];
  await room.bid(ann, channelId, "50", "80");
  await room.pass(3);
  await room.bid(bob, channelId, "60");
  await room.pass(3);
  expect(await feed(id)).toMatchObject({
    builder: login,
    price: "$63.00",
    leader: `bidder …${ann.slice(-4)}`,
    bids: 2,
    lastBids: [
      { bidder: `bidder …${bob.slice(-4)}`, price: "$63.00", isLeading: false },
      { bidder: `bidder …${ann.slice(-4)}`, price: "$50.00", isLeading: true },
    ],
  });
  for (const text of await everything(id)) expect(text).not.toMatch(/\$80\.00/);
  await room.pass(300);
  expect(await page(id)).toContain(`Sold for $63.00 Won by bidder …${ann.slice(-4)}`);
});
