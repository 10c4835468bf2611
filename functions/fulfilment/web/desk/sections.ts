import { html, type SafeHtml } from "@remix-run/html-template";
import { plainLine } from "../../../../shared/web/text.ts";
import { builderName, findBuilder } from "../../../shop/web/builder.ts";
import type { Deps } from "../../deps.ts";
import { readCursor } from "../../domain/desk-cursor.ts";
import { monthNumbers, readMonth } from "../../domain/month-numbers.ts";
import { isLate, withReasons } from "../../service/overview.ts";
import {
  type DeskList,
  type DeskPlace,
  deskLists,
  deskNavigation,
  nextPart,
  readList,
  searchForm,
} from "./navigation.ts";
import { numbersSection } from "./numbers.ts";
import { problemList } from "./problem-rows.ts";
import { buildList, parcelList, type RowOptions, toShipForm, toShipList } from "./rows.ts";

/** What a desk reads. */
export type SectionDeps = Pick<Deps, "deskLists" | "builders" | "clock">;

const MAX_SEARCH = 100;

/** Whose desk is shown, and which part of it. */
export interface DeskView {
  readonly place: DeskPlace;
  /** Undefined: all builders'. */
  readonly builderId: string | undefined;
  /** Whether its parcels can be picked for packing slips, which show addresses. */
  readonly isOwn: boolean;
  readonly asked: URLSearchParams;
}

/** The list that an address asks for, with the links to the others and the search. */
export async function listSection(view: DeskView, deps: SectionDeps): Promise<SafeHtml> {
  const list = readList(view.asked.get("list"));
  const search = plainLine(view.asked.get("search") ?? "", MAX_SEARCH);
  return html`${deskNavigation(view.place, list)}
${searchForm(view.place, list, search)}
<section aria-labelledby="list"><h2 id="list">${deskLists[list]}</h2>
${await rowsOf(view, { list, search }, deps)}</section>`;
}

/** What a month's orders came to. */
export async function monthSection(
  { place, builderId, asked }: DeskView,
  { deskLists: lists, clock }: SectionDeps,
): Promise<SafeHtml> {
  const now = clock.now();
  const month = readMonth(asked.get("month"), now);
  const orders = await Array.fromAsync(lists.paidBetween(builderId, month.from, month.until));
  return numbersSection(place, month, monthNumbers(orders), now);
}

async function rowsOf(
  view: DeskView,
  shown: { readonly list: DeskList; readonly search: string },
  deps: SectionDeps,
): Promise<SafeHtml> {
  const { place, builderId, asked, isOwn } = view;
  const { list, search } = shown;
  const part = { builderId, after: readCursor(asked.get("after")), search };
  const more = (next: Parameters<typeof nextPart>[2]) => nextPart(place, shown, next);
  if (list === "build") {
    const { rows, next } = await deps.deskLists.toBuild(part);
    return html`${buildList(rows, await optionsFor(view, rows, deps))}${more(next)}`;
  }
  if (list === "problems") {
    const { rows, next } = await deps.deskLists.cases(part);
    const late = part.after === undefined ? await lateParcels(part, deps) : [];
    const sellers = [...rows.map(({ order }) => order), ...late.map(({ parcel }) => parcel)];
    const options = await optionsFor(view, sellers, deps);
    return html`${problemList(rows, late, options)}${more(next)}`;
  }
  const { rows, next } = await deps.deskLists.parcels(list === "ship" ? "open" : list, part);
  const sellers = rows.map(({ parcel }) => parcel);
  const options = await optionsFor(view, sellers, deps);
  if (list !== "ship") return html`${parcelList(rows, options)}${more(next)}`;
  const waiting = await withReasons(rows, deps);
  return html`${isOwn ? toShipForm(waiting, options) : toShipList(waiting, options)}${more(next)}`;
}

async function lateParcels(
  part: Parameters<Deps["deskLists"]["parcels"]>[1],
  { deskLists: lists, clock }: SectionDeps,
) {
  const { rows } = await lists.parcels("open", part);
  return rows.filter((packed) => isLate(packed, clock.now()));
}

/** Rows of several builders say whose they are. */
async function optionsFor(
  { builderId, isOwn }: DeskView,
  sellers: readonly { readonly builderId: string }[],
  { builders, clock }: SectionDeps,
): Promise<RowOptions> {
  const now = clock.now();
  if (builderId !== undefined) return { now, names: undefined, isOwn };
  const ids = [...new Set(sellers.map((each) => each.builderId))];
  const named = ids.map(async (id) => [id, builderName(await findBuilder(builders, id))] as const);
  return { now, names: new Map(await Promise.all(named)), isOwn };
}
