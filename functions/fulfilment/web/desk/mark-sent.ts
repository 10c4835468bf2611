import { html, type SafeHtml } from "@remix-run/html-template";
import { snowflakeAt } from "../../../../shared/discord/snowflake.ts";
import type { HttpRequest } from "../../../../shared/runtime/http.ts";
import { readForm, tokenField } from "../../../../shared/web/form.ts";
import { refusedFormPage } from "../../../../shared/web/notices.ts";
import type { Page } from "../../../../shared/web/page.ts";
import { plainLine } from "../../../../shared/web/text.ts";
import type { Deps } from "../../deps.ts";
import { shippedLineText } from "../../messages/sent-lines.ts";
import { shipLines } from "../../service/ship-lines.ts";
import type { ShipDeps } from "../../service/ship-parcel.ts";
import { type DeskVisitor, deskPageOf, deskVisitor, type VisitorDeps } from "../desk-visitor.ts";

/** Where the form below is sent. */
export const MARK_SENT_PATH = "/desk/sent";

function secretOf({ session }: DeskVisitor, { config }: Pick<Deps, "config">) {
  return { action: MARK_SENT_PATH, tiedTo: session.id, keys: config.SESSION_KEY };
}

/** The form that marks many parcels as sent. */
export function markSentForm(visitor: DeskVisitor, deps: Pick<Deps, "config">): SafeHtml {
  return html`<section class="card screen" aria-labelledby="mark-sent"><h2 id="mark-sent">Mark as sent</h2>
<form method="post" action="${MARK_SENT_PATH}">${tokenField(secretOf(visitor, deps))}
<p><label for="lines">One parcel a line: order, tracking number and, if several use such numbers, the carrier</label></p>
<p><textarea id="lines" name="lines" rows="5" cols="48" required maxlength="4000"></textarea></p>
<p><button class="button">Mark as sent</button></p></form></section>`;
}

/** Marks the builder's parcels as sent, a line each, and says what became of each. Idempotent like `shipLines`. */
export async function markSent(request: HttpRequest, deps: ShipDeps & VisitorDeps): Promise<Page> {
  const visitor = await deskVisitor(request, deps);
  if ("instead" in visitor) return visitor.instead;
  const siteUrl = deps.config.PUBLIC_SITE_URL;
  const form = readForm(request, { siteUrl, secret: secretOf(visitor, deps) });
  if (!form.ok) return refusedFormPage(form.status);
  const changeId = snowflakeAt(deps.clock.now());
  const pasting = { builderId: visitor.builder.id, changeId };
  const lines = await shipLines(form.fields.get("lines") ?? "", pasting, deps);
  const rows = lines.map(
    (line) => html`<li class="card"><p><bdi>${plainLine(line.text, 200)}</bdi></p>
<p>${shippedLineText(line)}</p></li>`,
  );
  const body = html`<h1>Marked as sent</h1>
${rows.length === 0 ? html`<p>There was nothing to read.</p>` : html`<ol class="rows">${rows}</ol>`}
<p><a class="button" href="/desk">Back to the desk</a></p>`;
  return deskPageOf(visitor, { title: "Marked as sent", body }, deps);
}
