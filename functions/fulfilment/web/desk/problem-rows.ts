import { html, type SafeHtml } from "@remix-run/html-template";
import { dayOf, plainLine } from "../../../../shared/web/text.ts";
import { caseKindWords } from "../../../shipping/domain/case.ts";
import { caseTurnWords } from "../../messages/case-turns.ts";
import type { ReportedOrder } from "../../store/desk-lists.ts";
import type { PackedParcel } from "../../store/parcel-moves.ts";
import { contents, type RowOptions, titleOf } from "./rows.ts";

const MAX_REPORT = 1000;

/** What buyers reported, and parcels that should have been sent. */
export function problemList(
  reported: readonly ReportedOrder[],
  late: readonly PackedParcel[],
  options: RowOptions,
): SafeHtml {
  if (reported.length + late.length === 0) return html`<p>Nothing is wrong.</p>`;
  return html`<ul class="rows">${reported.map((row) => reportedRow(row, options))}${late.map(
    (packed) => html`<li class="card">${contents(packed, options)}
<p class="by">It should have been sent by ${dayOf(packed.parcel.dispatchBy)}. <span class="badge few">Late</span></p></li>`,
  )}</ul>`;
}

const picturesText = html`<p>There are pictures: in Discord, in the operators' channel and in my message to the builder.</p>`;

function reportedRow({ order, reported }: ReportedOrder, options: RowOptions): SafeHtml {
  const { kind, state, text, openedAt, pictures } = reported;
  const words =
    text === undefined
      ? ""
      : html`<blockquote><bdi>${plainLine(text, MAX_REPORT)}</bdi></blockquote>`;
  return html`<li class="card">${titleOf(order, options)}
<p>Reported ${dayOf(openedAt)}: ${caseKindWords[kind]}. It ${caseTurnWords[state] ?? "is over"}.</p>${words}${pictures.length === 0 ? "" : picturesText}
<p class="quiet">Run <code>/c500 case order:${order.id}</code> in our Discord.</p></li>`;
}
