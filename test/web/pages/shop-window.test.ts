import { describe, expect, test } from "@jest/globals";
import { resizedAddress } from "../../../shared/discord/resized-picture.ts";
import { useCloud } from "../../support/cloud.ts";
import { auctionSeeder } from "../auctions.ts";
import { siteSeeder } from "../seed.ts";
import { visitor } from "../visitor.ts";

const cloud = await useCloud();
const seed = siteSeeder(cloud.firestore, cloud.clock);
const auctions = auctionSeeder(cloud.firestore, cloud.clock);
const { visit, read } = visitor(cloud.url("web"), cloud);

const structured = (html: string) =>
  JSON.parse(/<script type="application\/ld\+json">(.*?)<\/script>/s.exec(html)?.[1] ?? "{}");

describe("a picture", () => {
  const file = "https://cdn.discordapp.com/attachments/1/2/a.png?ex=6a&is=6b&hm=6c";

  test("is asked of Discord's media proxy in the width that is needed, with its signature", () => {
    const size = { width: 1200, height: 800 };
    expect(resizedAddress(file, { width: 600, format: "webp" }, size)).toBe(
      "https://media.discordapp.net/attachments/1/2/a.png?ex=6a&is=6b&hm=6c&format=webp&width=600&height=400",
    );
  });

  test.each([[{ width: 400, height: 800 }], [undefined]])(
    "of size %p is never enlarged",
    (size) => {
      expect(resizedAddress(file, { width: 600, format: "webp" }, size)).not.toContain("width");
    },
  );

  test("has its size and several widths on the page, but none that is far larger than itself", async () => {
    const image = { image_url: file, image_url_at: cloud.clock.now(), image_sizes: ["700x900"] };
    const html = await read(`/drop/${await seed.drop(image)}`);
    expect(html).toContain('width="700" height="900"');
    expect(html).toContain("?width=960 960w");
    expect(html).not.toContain("?width=1440");
  });
});

describe("the picture of a stream", () => {
  test("is Twitch's while the builder is live, and ours until Twitch has one", async () => {
    await seed.builder({ twitch_username: "mossy", is_live: true });
    await seed.builder({ twitch_username: "asleep" });
    cloud.twitch.addUser({ id: "70", login: "mossy" });
    const begins = await visit("/live/mossy/preview");
    expect([begins.status, begins.headers.get("location")]).toEqual([302, "/pictures/stream.svg"]);
    cloud.twitch.goLive("mossy", { title: "Lubing" });
    await cloud.settle();
    const shown = await visit("/live/mossy/preview");
    expect(shown.headers.get("content-type")).toBe("image/png");
    for (const name of ["asleep", "anyone_at_all"]) {
      expect((await visit(`/live/${name}/preview`)).status).toBe(404);
    }
  });
});

describe("what search engines read", () => {
  test.each([
    ["held", ["free"], "MadeToOrder"],
    ["split", ["free", "sold"], "InStock"],
    ["split", ["reserved"], "OutOfStock"],
    ["split", ["sold"], "SoldOut"],
  ])("of a drop with the plan %s and the units %p is %s", async (plan, units, availability) => {
    const html = await read(`/drop/${await seed.drop({ plan, price: 12_550 }, units)}`);
    expect(structured(html)).toMatchObject({
      "@type": "Product",
      offers: {
        price: "125.50",
        priceCurrency: "USD",
        availability: `https://schema.org/${availability}`,
      },
    });
  });

  test("of an auction is its price so far and its end", async () => {
    const id = await auctions.auction({}, [{ bidderId: "1", price: 6_000 }]);
    expect(structured(await read(`/auction/${id}`))).toMatchObject({
      "@type": "SaleEvent",
      endDate: expect.any(String),
      offers: { price: "60.00" },
    });
  });

  test("cannot be ended by a title", async () => {
    const title = "</script><script>alert(1)</script>";
    const html = await read(`/drop/${await seed.drop({ title })}`);
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(structured(html).name).toContain("</script>");
  });
});

test("the page of a drop is shared with its picture, its price and its state", async () => {
  const image = { image_url: "https://cdn.discordapp.com/a.png", image_url_at: cloud.clock.now() };
  const id = await seed.drop({ ...image, title: "Cozy65", price: 12_000 }, ["sold"]);
  const html = await read(`/drop/${id}`);
  expect(html).toContain(`content="${cloud.settings.PUBLIC_SITE_URL}/drop/${id}/picture?for=card"`);
  expect(html).toContain('property="og:title" content="Cozy65, $120.00"');
  expect(html).toContain('property="og:description" content="Sold out.');
});

test.each(["/", "/about", "/nothing"])("%s leads to our Discord", async (path) => {
  const html = await (await visit(path)).text();
  expect(html).toContain(`href="${cloud.settings.DISCORD_INVITE_URL}">Join our Discord`);
});
