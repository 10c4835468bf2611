import { html, type SafeHtml } from "@remix-run/html-template";
import type { Builder } from "../../members/store/builders.ts";
import { builderName, channelUrl, liveBadge } from "../../shop/web/builder.ts";
import { PREVIEW_SIZE, previewPath } from "./stream-preview.ts";

/** Who is on stream now, each with a picture of it. */
export function liveSection(live: readonly Builder[]): SafeHtml {
  return html`<section id="live" aria-labelledby="live-title">
<h2 id="live-title">On the bench right now</h2>
${live.length > 0 ? html`<ul class="products streams">${live.map(liveCard)}</ul>` : quiet()}
</section>`;
}

function liveCard(builder: Builder): SafeHtml {
  const url = channelUrl(builder);
  const name = html`<bdi>${builderName(builder)}</bdi>`;
  return html`<li class="card product">
<div class="shot">${preview(builder)}${liveBadge()}</div>
<div class="about"><h3>${url ? html`<a href="${url}">${name}</a>` : name}</h3>
<p class="by">${url ? "Watch on Twitch" : "Building live"}</p></div></li>`;
}

/** The card's link says whose stream it is. */
function preview(builder: Builder): SafeHtml {
  const { width, height } = PREVIEW_SIZE;
  const isKnown = channelUrl(builder) !== undefined && builder.twitchUsername !== undefined;
  const path = isKnown ? previewPath(builder.twitchUsername) : "/pictures/stream.svg";
  return html`<img src="${path}" width="${width}" height="${height}" alt="" decoding="async">`;
}

function quiet(): SafeHtml {
  return html`<p class="quiet">Nobody is streaming at the moment. The irons are cooling and the tea is
brewing. Come back later!</p>`;
}
