import { html, type SafeHtml } from "@remix-run/html-template";
import { countryName } from "../../../../shared/text/countries.ts";
import { dayOf, plainLine } from "../../../../shared/web/text.ts";
import { PICKUP } from "../../../shipping/domain/terms.ts";
import { type Order, orderTitle } from "../../../shop/domain/order.ts";
import { subjectOf } from "../../addresses/read-recipient.ts";
import { isAddressOver } from "../../domain/address-access.ts";
import { carriers, trackingLink } from "../../domain/carriers.ts";
import { holdReasonTexts } from "../../messages/hold-reasons.ts";
import type { WaitingParcel } from "../../service/overview.ts";
import type { PackedParcel } from "../../store/parcel-moves.ts";

/** The sizes of paper that slips are printed on, by their name in the address. */
const slipSizes = { a4: "A4", letter: "US Letter", "4x6": "4 × 6 inch label" } as const;

const MAX_TITLE = 100;

/** What all rows of a list need. */
export interface RowOptions {
  readonly now: Date;
  /** The builders' names by their ids, where rows of several are shown. */
  readonly names: ReadonlyMap<string, string> | undefined;
  /** Orders lead to their pages at the desk, which are their builder's alone. */
  readonly isOwn: boolean;
}

/** The orders that wait for their proof of work. */
export function buildList(orders: readonly Order[], options: RowOptions): SafeHtml {
  if (orders.length === 0) return html`<p>Nothing waits to be built.</p>`;
  return html`<ul class="rows">${orders.map(
    (order) => html`<li class="card">${titleOf(order, options)}
<p>${order.payment?.heldUntil ? `Show it live by ${dayOf(order.payment.heldUntil)}, or the money goes back to the buyer.` : ""}</p>
</li>`,
  )}</ul>`;
}

/** The open parcels, to be picked for packing slips. */
export function toShipForm(waiting: readonly WaitingParcel[], options: RowOptions): SafeHtml {
  if (waiting.length === 0) return toShipList(waiting, options);
  return html`<form method="get" action="/desk/slips">
<ul class="rows">${waiting.map((each) =>
    openRow(
      each,
      html`<p class="screen"><label><input type="checkbox" name="parcel" value="${each.packed.parcel.id}"> Pick this parcel</label></p>`,
      options,
    ),
  )}</ul>
<fieldset><legend>With those that you picked, or with all</legend>
<label><input type="checkbox" name="anyway" value="yes"> Also those with reasons to wait</label>
<label>Paper <select name="size">${Object.entries(slipSizes).map(([size, name]) => html`<option value="${size}">${name}</option>`)}</select></label>
<button class="button">Packing slips</button>
<button class="button" formaction="/desk/parcels.csv">CSV for labels</button></fieldset>
</form>`;
}

/** The open parcels, to be looked at. */
export function toShipList(waiting: readonly WaitingParcel[], options: RowOptions): SafeHtml {
  if (waiting.length === 0) return html`<p>Nothing waits to be sent.</p>`;
  return html`<ul class="rows">${waiting.map((each) => openRow(each, undefined, options))}</ul>`;
}

/** Parcels that are on their way, or have arrived. */
export function parcelList(parcels: readonly PackedParcel[], options: RowOptions): SafeHtml {
  if (parcels.length === 0) return html`<p>There is nothing here.</p>`;
  return html`<ul class="rows">${parcels.map(
    (packed) => html`<li class="card">${contents(packed, options)}<p>${wayOf(packed)}</p>
${slipLink(packed, options)}</li>`,
  )}</ul>`;
}

/** A link to a parcel's packing slip, for as long as its builder may read the address. */
function slipLink({ parcel }: PackedParcel, { isOwn, now }: RowOptions): SafeHtml {
  if (!isOwn || isAddressOver(subjectOf(parcel), now)) return html``;
  return html`<p class="screen"><a href="/desk/slips?parcel=${parcel.id}">Packing slip</a></p>`;
}

function openRow(
  { packed, reasons }: WaitingParcel,
  pick: SafeHtml | undefined,
  options: RowOptions,
): SafeHtml {
  const { parcel } = packed;
  const late = parcel.dispatchBy < options.now ? html`<span class="badge few">Late</span>` : "";
  return html`<li class="card">${contents(packed, options)}
${pick}
<p class="by">${placeOf(packed)}, due ${dayOf(parcel.dispatchBy)} ${late}</p>
${reasons.length > 0 ? html`<ul class="reasons">${reasons.map((reason) => html`<li>${holdReasonTexts[reason]}</li>`)}</ul>` : ""}</li>`;
}

/** What is in a parcel. */
export function contents({ orders }: PackedParcel, options: RowOptions): SafeHtml {
  const together = orders.length > 1 ? html`<p><strong>They ship together.</strong></p>` : "";
  return html`${orders.map((order) => titleOf(order, options))}${together}`;
}

/** An order's title and id, and whose it is where that is not clear. */
export function titleOf(order: Order, { names, isOwn }: RowOptions): SafeHtml {
  const title = html`<bdi>${plainLine(orderTitle(order) ?? "An order", MAX_TITLE)}</bdi>`;
  const name = names?.get(order.builderId);
  return html`<h3>${isOwn ? html`<a href="/desk/order?order=${order.id}">${title}</a>` : title}</h3>
<p class="quiet">Order <span class="id">${order.id}</span>${name === undefined ? "" : html` of <bdi>${name}</bdi>`}</p>`;
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
