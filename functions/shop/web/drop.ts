import { html, type SafeHtml } from "@remix-run/html-template";
import { decimalOf, formatMoney } from "../../../shared/money/money.ts";
import { addressOf } from "../../../shared/web/files.ts";
import { notFoundPage } from "../../../shared/web/notices.ts";
import type { Page, Preview, StructuredData } from "../../../shared/web/page.ts";
import { cardPath, picturesIn } from "../../../shared/web/picture.ts";
import { readSize } from "../../../shared/web/picture-size.ts";
import { plainLine, plainText } from "../../../shared/web/text.ts";
import type { Deps } from "../deps.ts";
import { type Drop, isHidden, postUrl } from "../domain/drop.ts";
import { builderLink, builderName, findBuilder, liveBadge } from "./builder.ts";
import { initialKey } from "./drop-card.ts";
import { howItIsPaid } from "./payment-plan.ts";
import { howItShips } from "./shipping.ts";
import { availabilityOf, isForSale, isPaused, type Offer, stockBadge, stockText } from "./stock.ts";
import { schemaAvailability, structuredOffer } from "./structured.ts";

type DropDeps = Pick<Deps, "builders" | "drops" | "config">;

/** The number of characters that a link preview shows. */
const MAX_PREVIEW_LENGTH = 200;

/** A drop's page. Closed drops stay readable, because people keep their links. */
export async function dropPage(id: string, { builders, drops, config }: DropDeps): Promise<Page> {
  const [drop, stock] = await Promise.all([drops.get(id), drops.stockLevel(id)]);
  if (!drop || isHidden(drop)) return notFoundPage("There is no such drop. Check the link.");
  const builder = await findBuilder(builders, drop.builderId);
  const offer = { drop, stock, builder };
  const title = plainLine(drop.title, 100);
  return {
    status: 200,
    title,
    caching: "stock",
    sheets: [addressOf("shop.css")],
    canonicalPath: `/drop/${drop.id}`,
    preview: previewOf(offer, title),
    structured: structuredOf(offer, title, config.PUBLIC_SITE_URL),
    body: html`<article class="item">
<div class="seen">${picturesOf(drop, title)}</div>
<div class="facts">
<header>
<p class="by"><span>A drop by ${builderLink(builder)}</span>${builder?.isLive ? liveBadge() : ""}</p>
<h1><bdi>${title}</bdi></h1>
<p class="price big">${formatMoney(drop.price, drop.currency)} ${stockBadge(offer)}</p>
</header>
${howToBuy(offer, config.DISCORD_GUILD_ID)}
${description(drop)}
${howItIsPaid(drop)}
${howItShips(drop)}
</div>
</article>`,
  };
}

function picturesOf({ id, image, title: fullTitle }: Drop, title: string): SafeHtml {
  if (!image) return html`<p class="picture none">${initialKey(fullTitle)}</p>`;
  const sizes = [image.url, ...image.moreUrls].map((_, index) => readSize(image.sizes[index]));
  return picturesIn({ kind: "drop", id, sizes }, title);
}

function previewOf(offer: Offer, title: string): Preview {
  const { drop, builder } = offer;
  const about = plainLine(drop.description, MAX_PREVIEW_LENGTH) || `By ${builderName(builder)}.`;
  return {
    title: `${title}, ${formatMoney(drop.price, drop.currency)}`,
    description: `${stockText(offer)}. ${about}`,
    ...(drop.image && {
      picture: { path: cardPath({ kind: "drop", id: drop.id, number: 1 }), alt: title },
    }),
    price: {
      amount: decimalOf(drop.price, drop.currency),
      currency: drop.currency.toUpperCase(),
    },
  };
}

function structuredOf(offer: Offer, title: string, siteUrl: string): StructuredData {
  const { drop, builder } = offer;
  const url = `${siteUrl}/drop/${drop.id}`;
  const path = cardPath({ kind: "drop", id: drop.id, number: 1 });
  return {
    "@type": "Product",
    name: title,
    sku: drop.id,
    url,
    ...(drop.description && { description: plainText(drop.description) }),
    ...(drop.image && { image: `${siteUrl}${path}` }),
    brand: { "@type": "Brand", name: builderName(builder) },
    offers: structuredOffer({
      url,
      price: drop.price,
      currency: drop.currency,
      availability: schemaAvailability(availabilityOf(offer), drop.plan),
      seller: builderName(builder),
      shipping: drop.shipping,
    }),
  };
}

function description(drop: Drop): SafeHtml | undefined {
  const text = plainText(drop.description);
  return text ? html`<div class="card description" dir="auto">${text}</div>` : undefined;
}

function howToBuy(offer: Offer, guildId: string): SafeHtml {
  const { drop, stock } = offer;
  const link = postLink(drop, guildId);
  if (drop.isClosed) {
    return html`<section class="card buy"><h2>This drop is closed</h2>
<p>It is no longer on sale. <a href="/#drops">See what else is open</a>.</p></section>`;
  }
  if (isPaused(offer)) {
    return html`<section class="card buy"><h2>This drop is paused</h2>
<p>Its builder can't sell at the moment. <a href="/#drops">See what else is open</a>.</p></section>`;
  }
  if (!isForSale(offer)) {
    const hope =
      stock.reserved > 0
        ? "Someone is at the checkout right now. Units that aren't paid for come back within about half an hour: press Notify me under its post in our Discord to get a message."
        : "The builder may restock it: press Notify me under its post in our Discord to get a message then.";
    return html`<section class="card buy"><h2>Every unit is taken</h2><p>${hope}</p>${link}</section>`;
  }
  return html`<section class="card buy"><h2>How to buy</h2>
<p>Press <strong>Buy Now</strong> under this drop in the C500 Discord. ${howManyText(drop)}</p>${link}</section>`;
}

function howManyText({ limitPerBuyer }: Drop): string {
  return limitPerBuyer === 1
    ? "A unit is reserved for you while you pay; one for each buyer."
    : `You choose how many, and they are reserved for you while you pay; up to ${limitPerBuyer} for each buyer.`;
}

/** A link straight to the post, once there is one. */
function postLink({ post }: Drop, guildId: string): SafeHtml | undefined {
  if (!post) return undefined;
  return html`<p><a class="button" href="${postUrl(post, guildId)}">Open it in Discord</a></p>`;
}
