import { html, type SafeHtml } from "@remix-run/html-template";
import { snowflakeAt } from "../../../../shared/discord/snowflake.ts";
import type { HttpRequest } from "../../../../shared/runtime/http.ts";
import { readForm, tokenField } from "../../../../shared/web/form.ts";
import { refusedFormPage } from "../../../../shared/web/notices.ts";
import type { Page } from "../../../../shared/web/page.ts";
import { plainLine } from "../../../../shared/web/text.ts";
import type { Deps } from "../../deps.ts";
import {
  type LineError,
  MAX_LINES,
  readSentLines,
  type SentLine,
} from "../../domain/sent-lines.ts";
import { type ShipDeps, type ShipResult, shipParcel } from "../../service/ship-parcel.ts";
import { type DeskVisitor, deskPageOf, deskVisitor, type VisitorDeps } from "../desk-visitor.ts";
import { holdReasonTexts } from "./rows.ts";

/** Where the form below is sent. */
export const MARK_SENT_PATH = "/desk/sent";

const errorTexts: Readonly<Record<LineError, string>> = {
  "no-order": "It does not begin with an order's id.",
  "no-number": "The tracking number is missing.",
  "bad-number": "A tracking number has 6 to 40 letters and digits.",
  "unknown-carrier": "We don't know that carrier; write another, such as UPS, or “other”.",
  "ambiguous-carrier": "Several carriers use such numbers: write the carrier behind it.",
  repeated: "This order is in a line above.",
  "too-many": `Only ${MAX_LINES} lines are read at once.`,
};

function secretOf({ session }: DeskVisitor, { config }: Pick<Deps, "config">) {
  return { action: MARK_SENT_PATH, tiedTo: session.id, keys: config.SESSION_KEY };
}

/** The form that marks many parcels as sent. */
export function markSentForm(visitor: DeskVisitor, deps: Pick<Deps, "config">): SafeHtml {
  return html`<section class="card" aria-labelledby="mark-sent"><h2 id="mark-sent">Mark as sent</h2>
<form method="post" action="${MARK_SENT_PATH}">${tokenField(secretOf(visitor, deps))}
<p><label for="lines">One parcel a line: order, tracking number and, if several use such numbers, the carrier</label></p>
<p><textarea id="lines" name="lines" rows="5" cols="48" required maxlength="4000"></textarea></p>
<p><button class="button">Mark as sent</button></p></form></section>`;
}

/**
 * Marks the builder's parcels as sent, a line each, and says what became of each.
 *
 * Idempotency: a parcel is sent once, so a repeat of the form changes nothing. Crash safety: each line is a commit of
 * its own, and sending the form again does the rest.
 */
export async function markSent(request: HttpRequest, deps: ShipDeps & VisitorDeps): Promise<Page> {
  const visitor = await deskVisitor(request, deps);
  if ("instead" in visitor) return visitor.instead;
  const siteUrl = deps.config.PUBLIC_SITE_URL;
  const form = readForm(request, { siteUrl, secret: secretOf(visitor, deps) });
  if (!form.ok) return refusedFormPage(form.status);
  const rows: SafeHtml[] = [];
  for (const line of readSentLines(form.fields.get("lines") ?? "")) {
    const said = await sendLine(line, visitor.builder.id, deps);
    rows.push(
      html`<li class="card"><p><bdi>${plainLine(line.text, 200)}</bdi></p><p>${said}</p></li>`,
    );
  }
  const body = html`<h1>Marked as sent</h1>
${rows.length === 0 ? html`<p>There was nothing to read.</p>` : html`<ol class="rows">${rows}</ol>`}
<p><a class="button" href="/desk">Back to the desk</a></p>`;
  return deskPageOf(visitor, { title: "Marked as sent", body }, deps);
}

async function sendLine(line: SentLine, builderId: string, deps: ShipDeps): Promise<string> {
  if ("error" in line) return errorTexts[line.error];
  const { orderId, tracking, carrier } = line;
  const changeId = snowflakeAt(deps.clock.now());
  const shipment = { orderId, builderId, changeId, tracking, carrier, isAnyway: false };
  return textOf(await shipParcel(shipment, deps));
}

function textOf(result: ShipResult): string {
  switch (result.outcome) {
    case "sent":
      return "On its way, and the buyer knows.";
    case "corrected":
      return "It has a new tracking number, and the buyer knows.";
    case "held":
      return result.reasons.map((reason) => holdReasonTexts[reason]).join(" ");
    case "not-found":
      return "You have no such order to send.";
    case "bad-tracking":
      return errorTexts["bad-number"];
    case "unknown-carrier":
      return errorTexts["unknown-carrier"];
  }
}
