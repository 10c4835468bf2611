import { html, type SafeHtml } from "@remix-run/html-template";
import { formatMoney } from "../../../shared/money/money.ts";
import { pictureTag } from "../../../shared/web/picture.ts";
import { readSize } from "../../../shared/web/picture-size.ts";
import { plainLine } from "../../../shared/web/text.ts";
import type { Drop } from "../domain/drop.ts";
import { builderName, liveBadge } from "./builder.ts";
import { isForSale, type Offer, stockBadge } from "./stock.ts";

/** A card takes half of a phone's width, and a quarter of a larger screen. */
export const CARD_SIZES = "(min-width: 64rem) 17rem, (min-width: 40rem) 33vw, 50vw";

/** A drop as a card that leads to its page. `isFirst`: it is seen without scrolling. */
export function dropCard(offer: Offer, isFirst: boolean): SafeHtml {
  const { drop, builder } = offer;
  const [isOn, stock] = [isForSale(offer), stockBadge(offer)];
  const badge = isOn ? (builder?.isLive ? liveBadge() : "") : stock;
  return html`<li class="card product${isOn ? "" : " gone"}">
<div class="shot">${shotOf(drop, isFirst)}${badge}</div>
<div class="about"><h3><a href="/drop/${drop.id}"><bdi>${plainLine(drop.title, 100)}</bdi></a></h3>
<p class="by">by <bdi>${builderName(builder)}</bdi></p>
<p class="price">${formatMoney(drop.price, drop.currency)} ${isOn ? stock : ""}</p></div></li>`;
}

/** The card's link says what is pictured. */
function shotOf({ id, image, title }: Drop, isFirst: boolean): SafeHtml {
  if (!image) return initialKey(title);
  const place = { alt: "", sizes: CARD_SIZES, isLazy: !isFirst };
  return pictureTag({ kind: "drop", id, number: 1 }, readSize(image.sizes[0]), place);
}

/** A keycap with a title's first letter, in place of a picture. */
export function initialKey(title: string): SafeHtml {
  const [initial = "C"] = plainLine(title, 100).match(/[\p{L}\p{N}]/u) ?? [];
  return html`<span class="keycap" aria-hidden="true">${initial.toUpperCase()}</span>`;
}
