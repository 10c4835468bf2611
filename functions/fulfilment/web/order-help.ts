import { html, type SafeHtml } from "@remix-run/html-template";
import type { Builder } from "../../members/store/builders.ts";
import { LATE_DAYS } from "../../shipping/domain/parcel.ts";
import { builderName, channelUrl } from "../../shop/web/builder.ts";
import type { OrderView } from "../store/order-views.ts";
import { isKept } from "./order-standing.ts";

/** What the buyer can do, and where. */
export function help(
  { order, parcel }: OrderView,
  builder: Builder | undefined,
  guildId: string,
): SafeHtml {
  const discord = `https://discord.com/channels/${guildId}`;
  const isWaiting = isKept(order) && (parcel === undefined || parcel.state === "open");
  const items = [
    parcel?.state === "sent"
      ? html`<li><strong>It is here?</strong> Press the green button under our Discord message about this parcel.</li>`
      : undefined,
    isWaiting
      ? html`<li><strong>Don't want it any more?</strong> <code>/c500 cancel</code> asks your builder to cancel it. Once
it is late by ${LATE_DAYS} days, you cancel it yourself, and all of your money goes back the way it came.
${button("Cancel it in Discord", discord)}</li>
<li><strong>Are you away?</strong> <code>/c500 wait</code> asks your builder to send it later.</li>`
      : undefined,
    parcel && (parcel.state === "sent" || parcel.state === "arrived")
      ? html`<li><strong>Something is wrong?</strong> <code>/c500 problem</code> asks your builder, and then the team.
${button("Report it in Discord", discord)}</li>`
      : html`<li><strong>Something is wrong?</strong> Write to your builder first; they can fix most things. If that
doesn't help, ask the team in our Discord.</li>`,
    html`<li><strong>Your builder</strong> is <bdi>${builderName(builder)}</bdi>. You find them in our Discord under that
name${channel(builder)}.</li>`,
  ];
  return html`<section class="card help"><h2>What you can do</h2>
<ul class="plain">${items.filter((item) => item !== undefined)}</ul>
<p><a class="button" href="${discord}">Open our Discord</a></p></section>`;
}

function button(text: string, url: string): SafeHtml {
  return html`<br><a class="button join" href="${url}">${text}</a>`;
}

function channel(builder: Builder | undefined): SafeHtml | undefined {
  const url = channelUrl(builder);
  return url ? html`, and in their <a href="${url}">Twitch chat</a> when they are live` : undefined;
}
