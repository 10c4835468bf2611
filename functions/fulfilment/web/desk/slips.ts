import { html, type SafeHtml } from "@remix-run/html-template";
import type { PostalAddress } from "../../../../shared/clients/stripe/reading.ts";
import type { HttpRequest } from "../../../../shared/runtime/http.ts";
import { countryName } from "../../../../shared/text/countries.ts";
import type { Page } from "../../../../shared/web/page.ts";
import { PICKUP } from "../../../shipping/domain/terms.ts";
import { builderName } from "../../../shop/web/builder.ts";
import { ADDRESS_DAYS } from "../../domain/address-access.ts";
import { holdReasonTexts } from "../../messages/hold-reasons.ts";
import { type LeftOutReason, MAX_PICKED, type PickedParcels } from "../../service/pick-parcels.ts";
import { deskPageOf, deskVisitor } from "../desk-visitor.ts";
import { parametersOf } from "./parameters.ts";
import { type AddressedParcel, addressed, type PickedDeps, pickedOf } from "./picked.ts";

/**
 * Packing slips, one sheet for each parcel: those that may be sent, and those that were sent until 30 days after their
 * arrival. The addresses are read at Stripe for this page alone; those of other parcels are not read.
 */
export async function slipsPage(request: HttpRequest, deps: PickedDeps): Promise<Page> {
  const visitor = await deskVisitor(request, deps);
  if ("instead" in visitor) return visitor.instead;
  const asked = parametersOf(request);
  const picked = await pickedOf({ asked, withSent: true }, visitor, deps);
  const slips = await addressed(picked.ready, visitor, deps);
  const name = builderName(visitor.builder);
  const body = html`<div class="slips ${sizeClass(asked.get("size"))}">
<div class="screen"><h1>Packing slips</h1>
<p>${slips.length === 0 ? "There is nothing to print." : `${slips.length} to print: use your browser's Print.`}
At most ${MAX_PICKED} are shown at once.</p>
${leftOutList(picked)}
<p><a class="button" href="/desk">Back to the desk</a></p></div>
${slips.map((slip) => slipSheet(slip, name))}</div>`;
  return deskPageOf(visitor, { title: "Packing slips", body }, deps);
}

function sizeClass(size: string | null): string {
  return size === "letter" ? "letter" : size === "4x6" ? "label" : "a4";
}

const leftOutTexts: Readonly<Record<LeftOutReason, string>> = {
  ...holdReasonTexts,
  "not-open": "There is nothing left to send.",
  "address-over": `It arrived more than ${ADDRESS_DAYS} days ago, or its buyer was forgotten, so where it went is no longer shown.`,
};

/** Parcels without a slip, and why; only on screen. */
function leftOutList({ leftOut }: PickedParcels): SafeHtml {
  if (leftOut.length === 0) return html``;
  return html`<h2>Left out</h2><ul>${leftOut.map(
    ({ id, reasons }) =>
      html`<li><span class="id">${id}</span>: ${
        reasons.length === 0
          ? "You have no such parcel."
          : reasons.map((reason) => leftOutTexts[reason]).join(" ")
      }</li>`,
  )}</ul>`;
}

function slipSheet({ packed, recipient, items }: AddressedParcel, builder: string): SafeHtml {
  const { name, address } = recipient;
  const lines = address ? addressLines(address) : [];
  const place = packed.parcel.destination === PICKUP ? ["To be picked up"] : lines;
  return html`<article class="slip card">
<p class="label">From <bdi>${builder}</bdi> at C500</p>
<address><strong><bdi>${name ?? ""}</bdi></strong>${place.map((line) => html`<br><bdi>${line}</bdi>`)}</address>
<table><thead><tr><th scope="col">Item</th><th scope="col">Quantity</th></tr></thead>
<tbody>${items.map(
    ({ title, quantity, orderId }) => html`<tr><td><bdi>${title}</bdi><br>
<small>Order ${orderId}</small></td><td>${quantity}</td></tr>`,
  )}</tbody></table>
<p>Thank you for letting me build for you. Happy typing!</p>
</article>`;
}

/** An address as carriers want it: the country by its name, in the last line. */
function addressLines(address: PostalAddress): readonly string[] {
  const { lines, country } = address;
  return [...lines, cityLine(address), ...(country ? [countryName(country)] : [])];
}

/** "Springfield, IL 62701", or without a state "10115 Berlin". */
function cityLine({ city, state, postalCode }: PostalAddress): string {
  const parts = state ? [city && `${city},`, state, postalCode] : [postalCode, city];
  return parts.filter(Boolean).join(" ");
}
