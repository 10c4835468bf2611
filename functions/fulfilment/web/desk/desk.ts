import { html, type SafeHtml } from "@remix-run/html-template";
import type { HttpRequest } from "../../../../shared/runtime/http.ts";
import type { Page } from "../../../../shared/web/page.ts";
import type { Builder } from "../../../members/store/builders.ts";
import { builderName } from "../../../shop/web/builder.ts";
import { deskPageOf, deskVisitor, type VisitorDeps } from "../desk-visitor.ts";
import { markSentForm } from "./mark-sent.ts";
import { OWN_DESK, readList } from "./navigation.ts";
import { parametersOf } from "./parameters.ts";
import { listSection, monthSection, type SectionDeps } from "./sections.ts";

/** What the desk reads. */
export type DeskDeps = VisitorDeps & SectionDeps;

/** A builder's desk: one of their lists, and what a month came to. Nobody sees another builder's here. */
export async function deskPage(request: HttpRequest, deps: DeskDeps): Promise<Page> {
  const visitor = await deskVisitor(request, deps);
  if ("instead" in visitor) return visitor.instead;
  const asked = parametersOf(request);
  const view = { place: OWN_DESK, builderId: visitor.builder.id, isOwn: true, asked };
  const [list, numbers] = await Promise.all([listSection(view, deps), monthSection(view, deps)]);
  const body = html`<div class="desk"><h1>Hello, <bdi>${builderName(visitor.builder)}</bdi></h1>
${suspendedNote(visitor.builder)}
${list}
${readList(asked.get("list")) === "ship" ? markSentForm(visitor, deps) : ""}
${numbers}</div>`;
  return deskPageOf(visitor, { title: "Your desk", body }, deps);
}

function suspendedNote({ standing }: Builder): SafeHtml | undefined {
  if (standing.state !== "suspended") return undefined;
  return html`<p class="card">The team has suspended you, so nothing of yours is for sale. What is already sold still
has to reach its buyers.</p>`;
}
