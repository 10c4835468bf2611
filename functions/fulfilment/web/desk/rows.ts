import { html, type SafeHtml } from "@remix-run/html-template";
import { countryName } from "../../../../shared/text/countries.ts";
import { dayOf, plainLine } from "../../../../shared/web/text.ts";
import type { StreamReport } from "../../../members/domain/stream.ts";
import { holdsOf } from "../../../shipping/domain/parcel.ts";
import { PICKUP } from "../../../shipping/domain/terms.ts";
import { type Order, orderTitle } from "../../../shop/domain/order.ts";
import { carriers, trackingLink } from "../../domain/carriers.ts";
import { holdReasonTexts } from "../../messages/hold-reasons.ts";
import { type PackedParcel, toShippable } from "../../store/parcel-moves.ts";

/** The sizes of paper that slips are printed on, by their name in the address. */
const slipSizes = { a4: "A4", letter: "US Letter", "4x6": "4 × 6 inch label" } as const;

const MAX_TITLE = 100;

/** The orders that wait for their proof of work. */
export function buildList(orders: readonly Order[]): SafeHtml {
  if (orders.length === 0) return html`<p>Nothing waits to be built.</p>`;
  return html`<ul class="rows">${orders.map(
    (order) => html`<li class="card">${titleOf(order)}
<p>${order.payment?.heldUntil ? `Show it live by ${dayOf(order.payment.heldUntil)}, or the money goes back to the buyer.` : ""}</p>
</li>`,
  )}</ul>`;
}

/** The open parcels, to be picked for packing slips. */
export function toShipForm(
  parcels: readonly PackedParcel[],
  at: { readonly report: StreamReport; readonly now: Date },
): SafeHtml {
  if (parcels.length === 0) return html`<p>Nothing waits to be sent.</p>`;
  return html`<form method="get" action="/desk/slips">
<ul class="rows">${parcels.map((packed) => openRow(packed, at))}</ul>
<fieldset><legend>With those that you picked, or with all</legend>
<label><input type="checkbox" name="anyway" value="yes"> Also those with reasons to wait</label>
<label>Paper <select name="size">${Object.entries(slipSizes).map(([size, name]) => html`<option value="${size}">${name}</option>`)}</select></label>
<button class="button">Packing slips</button>
<button class="button" formaction="/desk/parcels.csv">CSV for labels</button></fieldset>
</form>`;
}

/** Parcels that are on their way, or have arrived. */
export function parcelList(parcels: readonly PackedParcel[]): SafeHtml {
  if (parcels.length === 0) return html`<p>There is nothing here.</p>`;
  return html`<ul class="rows">${parcels.map(
    (packed) => html`<li class="card">${contents(packed)}<p>${wayOf(packed)}</p></li>`,
  )}</ul>`;
}

function openRow(
  packed: PackedParcel,
  at: { readonly report: StreamReport; readonly now: Date },
): SafeHtml {
  const { parcel, orders } = packed;
  const reasons = holdsOf(parcel, orders.map(toShippable), at);
  const late = parcel.dispatchBy < at.now ? html`<span class="badge few">Late</span>` : "";
  return html`<li class="card">${contents(packed)}
<p class="screen"><label><input type="checkbox" name="parcel" value="${parcel.id}"> Pick this parcel</label></p>
<p class="by">${placeOf(packed)}, due ${dayOf(parcel.dispatchBy)} ${late}</p>
${reasons.length > 0 ? html`<ul class="reasons">${reasons.map((reason) => html`<li>${holdReasonTexts[reason]}</li>`)}</ul>` : ""}</li>`;
}

function contents({ orders }: PackedParcel): SafeHtml {
  const together = orders.length > 1 ? html`<p><strong>They ship together.</strong></p>` : "";
  return html`${orders.map(titleOf)}${together}`;
}

function titleOf(order: Order): SafeHtml {
  return html`<h3><a href="/desk/order?order=${order.id}"><bdi>${plainLine(orderTitle(order) ?? "An order", MAX_TITLE)}</bdi></a></h3>
<p class="quiet">Order <span class="id">${order.id}</span></p>`;
}

function placeOf({ parcel: { destination } }: PackedParcel): string {
  return destination === PICKUP ? "To be picked up" : `Destination: ${countryName(destination)}`;
}

function wayOf({ parcel }: PackedParcel): SafeHtml {
  const { sentAt, arrivedAt, carrier, tracking } = parcel;
  const days = [
    sentAt ? `Sent ${dayOf(sentAt)}.` : "",
    arrivedAt ? `Arrived ${dayOf(arrivedAt)}.` : "",
  ];
  if (tracking === undefined) return html`${days.join(" ")} It has no tracking number.`;
  const link = trackingLink(carrier, tracking);
  const known = Object.entries(carriers).find(([id]) => id === carrier && id !== "other");
  const number = link ? html`<a href="${link}" rel="noreferrer">${tracking}</a>` : tracking;
  return html`${days.join(" ")} ${known ? known[1].name : "Tracking"}: ${number}`;
}
