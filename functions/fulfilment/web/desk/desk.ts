import { html, type SafeHtml } from "@remix-run/html-template";
import type { HttpRequest } from "../../../../shared/runtime/http.ts";
import type { Page } from "../../../../shared/web/page.ts";
import { plainLine } from "../../../../shared/web/text.ts";
import type { Builder } from "../../../members/store/builders.ts";
import { builderName } from "../../../shop/web/builder.ts";
import type { Deps } from "../../deps.ts";
import { readCursor } from "../../domain/desk-cursor.ts";
import { monthNumbers, readMonth } from "../../domain/month-numbers.ts";
import { deskPageOf, deskVisitor, type VisitorDeps } from "../desk-visitor.ts";
import { markSentForm } from "./mark-sent.ts";
import { type DeskList, deskLists, deskNavigation, nextPart, searchForm } from "./navigation.ts";
import { numbersSection } from "./numbers.ts";
import { parametersOf } from "./parameters.ts";
import { buildList, parcelList, toShipForm } from "./rows.ts";

/** What the desk reads. */
export type DeskDeps = VisitorDeps & Pick<Deps, "deskLists">;

const MAX_SEARCH = 100;

/** A builder's desk: one of their lists, and what a month came to. Nobody sees another builder's. */
export async function deskPage(request: HttpRequest, deps: DeskDeps): Promise<Page> {
  const visitor = await deskVisitor(request, deps);
  if ("instead" in visitor) return visitor.instead;
  const asked = parametersOf(request);
  const list = readList(asked.get("list"));
  const search = plainLine(asked.get("search") ?? "", MAX_SEARCH);
  const [rows, numbers] = await Promise.all([
    listSection(list, { visitor, asked, search }, deps),
    monthSection(visitor.builder.id, asked.get("month"), deps),
  ]);
  const body = html`<div class="desk"><h1>Hello, <bdi>${builderName(visitor.builder)}</bdi></h1>
${suspendedNote(visitor.builder)}
${deskNavigation(list)}
${searchForm(list, search)}
<section aria-labelledby="list"><h2 id="list">${deskLists[list]}</h2>
${rows}</section>
${list === "ship" ? markSentForm(visitor, deps) : ""}
${numbers}</div>`;
  return deskPageOf(visitor, { title: "Your desk", body }, deps);
}

function suspendedNote({ standing }: Builder): SafeHtml | undefined {
  if (standing.state !== "suspended") return undefined;
  return html`<p class="card">The team has suspended you, so nothing of yours is for sale. What is already sold still
has to reach its buyers.</p>`;
}

function readList(typed: string | null): DeskList {
  return typed === "build" || typed === "sent" || typed === "arrived" ? typed : "ship";
}

async function listSection(
  list: DeskList,
  {
    visitor: { builder },
    asked,
    search,
  }: {
    readonly visitor: { readonly builder: { readonly id: string } };
    readonly asked: URLSearchParams;
    readonly search: string;
  },
  deps: DeskDeps,
): Promise<SafeHtml> {
  const part = { builderId: builder.id, after: readCursor(asked.get("after")), search };
  if (list === "build") {
    const { rows, next } = await deps.deskLists.toBuild(part);
    return html`${buildList(rows)}${nextPart(list, search, next)}`;
  }
  const state = list === "ship" ? "open" : list;
  const { rows, next } = await deps.deskLists.parcels(state, part);
  const now = deps.clock.now();
  const report = await deps.builders.streamReport(builder.id);
  const shown = list === "ship" ? toShipForm(rows, { report, now }) : parcelList(rows);
  return html`${shown}${nextPart(list, search, next)}`;
}

async function monthSection(
  builderId: string,
  typed: string | null,
  { deskLists: lists, clock }: DeskDeps,
): Promise<SafeHtml> {
  const now = clock.now();
  const month = readMonth(typed, now);
  const orders = await Array.fromAsync(lists.paidBetween(builderId, month.from, month.until));
  return numbersSection(month, monthNumbers(orders), now);
}
