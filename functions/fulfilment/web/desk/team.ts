import { html, type SafeHtml } from "@remix-run/html-template";
import { readSnowflake } from "../../../../shared/documents/outside-id.ts";
import type { HttpRequest } from "../../../../shared/runtime/http.ts";
import type { Page } from "../../../../shared/web/page.ts";
import type { Builder } from "../../../members/store/builders.ts";
import { builderName, findBuilder } from "../../../shop/web/builder.ts";
import { deskPageOf, staffVisitor, type VisitorDeps } from "../desk-visitor.ts";
import { readList } from "./navigation.ts";
import { parametersOf } from "./parameters.ts";
import { type DeskView, listSection, monthSection, type SectionDeps } from "./sections.ts";

/** Builders whose names are offered, of each standing; any other is asked for by id. */
const MAX_OFFERED = 100;

/** The team's desk: the lists of all builders, or of one. It shows no address, and nothing can be sent there. */
export async function teamDeskPage(
  pass: string,
  request: HttpRequest,
  deps: VisitorDeps & SectionDeps,
): Promise<Page> {
  const visitor = await staffVisitor(pass, request, deps);
  if ("instead" in visitor) return visitor.instead;
  const asked = parametersOf(request);
  const builderId = readSnowflake(asked.get("builder"));
  const path = `/desk/team/${pass.replace(".", "/")}`;
  const place = { path, kept: builderId === undefined ? {} : { builder: builderId } };
  const view = { place, builderId, isOwn: false, asked };
  const [filter, list, numbers] = await Promise.all([
    builderFilter(view, deps),
    listSection(view, deps),
    monthSection(view, deps),
  ]);
  const body = html`<div class="desk"><h1>The team's desk</h1>
${filter}
${list}
${numbers}</div>`;
  return {
    ...deskPageOf(visitor, { title: "The team's desk", body }, deps),
    hasSecretAddress: true,
  };
}

async function builderFilter(
  { place, builderId, asked }: DeskView,
  { builders }: SectionDeps,
): Promise<SafeHtml> {
  const [approved, suspended] = await Promise.all([
    builders.withStanding("approved", MAX_OFFERED),
    builders.withStanding("suspended", MAX_OFFERED),
  ]);
  const offered: Pick<Builder, "id">[] = [...approved, ...suspended];
  const isOffered = offered.some(({ id }) => id === builderId);
  const names = new Map([...approved, ...suspended].map((each) => [each.id, builderName(each)]));
  if (builderId !== undefined && !isOffered) {
    names.set(builderId, builderName(await findBuilder(builders, builderId)));
  }
  const sorted = [...names].toSorted(([, one], [, other]) => one.localeCompare(other));
  return html`<form class="search" method="get" action="${place.path}">
<input type="hidden" name="list" value="${readList(asked.get("list"))}">
<label for="builder">Builder</label>
<select id="builder" name="builder"><option value="">All builders</option>
${sorted.map(([id, name]) =>
  id === builderId
    ? html`<option value="${id}" selected>${name}</option>`
    : html`<option value="${id}">${name}</option>`,
)}</select>
<button class="button">Show</button>
</form>`;
}
