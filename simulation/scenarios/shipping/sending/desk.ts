import {
  type CookieBrowser,
  cookieBrowser,
  fieldsOf,
} from "../../../../local/browser/cookie-browser.ts";
import type { Stage } from "../../../stage.ts";
import type { Pick } from "../../scenario.ts";
import { marketOf } from "../../shop/market.ts";
import { checkPage } from "../checks/page.ts";
import { othersOf } from "../others.ts";
import { storedParcels } from "../parcels.ts";
import { idAt } from "./interaction-times.ts";

const SENT_PATH = "/desk/sent";
const TEAM_PATH = "/desk/team/";
const MOST_PICKED = 3;
/** What is typed behind an order: good numbers, with and without a carrier, and bad ones. */
const NUMBERS = [
  "1Z999AA10123456784",
  "RR123456785DE",
  "123456789012 FedEx",
  "123456789012",
  "4711",
  "1Z999AA10123456784 pigeon",
  "",
];
/** The answers to a line that had an effect, or has had it before. */
const DONE = /letting the buyer know/;
/** The error of an instance's clock. */
const SKEW_MS = 1_000;

/** Somebody opens a list of the desk, or searches it. */
export async function openDesk(stage: Stage, pick: Pick): Promise<void> {
  const list = pick(["ship", "build", "sent", "arrived", "strange"]);
  const search = pick(["", "", "Brass", "1"]);
  await open(stage, visitorOf(stage, pick), `/desk?list=${list}&search=${search}`);
}

/** Somebody prints slips or downloads labels, of picked parcels or of all. */
export async function printParcels(stage: Stage, pick: Pick): Promise<void> {
  const parcels = await stage.withoutFaults(() => storedParcels(stage));
  const picked = pick([[], parcels.slice(-1), parcels.slice(-MOST_PICKED)]);
  const asked = new URLSearchParams(picked.map(({ id }) => ["parcel", id]));
  if (pick([true, false])) asked.set("anyway", "yes");
  const path = pick(["/desk/slips", "/desk/slips", "/desk/parcels.csv"]);
  await open(stage, visitorOf(stage, pick), `${path}?${asked}`);
}

/** Somebody pastes lines with orders and numbers: good ones, bad ones and one of them twice. */
export async function pasteNumbers(stage: Stage, pick: Pick): Promise<void> {
  const user = visitorOf(stage, pick);
  const parcels = await stage.withoutFaults(() => storedParcels(stage));
  const lines = Array.from({ length: pick([1, 3, 3]) }, () => {
    const parcel = pick(parcels);
    return { order: pick([parcel.id, ...parcel.orderIds]), number: pick(NUMBERS) };
  });
  const typed = [...lines, ...pick([[], lines.slice(0, 1)])];
  const page = await open(stage, user, "/desk?list=ship");
  if (page.status !== 200 || !page.html.includes(SENT_PATH)) return;
  const text = typed.map(({ order, number }) => `${order} ${number}`).join("\n");
  const fields = { ...fieldsOf(page.html, SENT_PATH), lines: `${text}\nnothing` };
  const fromMs = stage.cloud.clock.nowMs();
  const noted = typed.map(({ order, number }) => note(stage, order, number, fromMs, user));
  const response = await browserOf(stage, user).post(SENT_PATH, fields);
  const html = await response.text();
  look(stage, user, SENT_PATH, html);
  if (response.status !== 200) return;
  const said = html.split('<li class="card">').slice(1);
  noted.forEach((shipment, index) => {
    if (!shipment) return;
    shipment.isDone = DONE.test(said[index] ?? "");
    shipment.toId = idAt(stage.cloud.clock.nowMs() + SKEW_MS);
  });
}

/** Remembers a line that the builder has sent; until it is answered it may or may not be done. */
function note(stage: Stage, named: string, number: string, fromMs: number, user: string) {
  const { builder, shipments } = marketOf(stage);
  const [tracking = ""] = number.split(" ");
  if (user !== builder || tracking === "") return undefined;
  const ids = { id: idAt(fromMs - SKEW_MS), toId: idAt(fromMs + 2 ** 40) };
  const shipment = {
    ...ids,
    named,
    tracking,
    isDone: undefined as boolean | undefined,
  };
  shipments.push(shipment);
  return shipment;
}

/** Somebody opens a buyer's page by the link in a message, or with another key. */
export async function openOrderPage(stage: Stage, pick: Pick): Promise<void> {
  const { buyers } = marketOf(stage);
  const shown = buyers.flatMap((buyer) =>
    stage.discord.dms(buyer).map(({ components }) => JSON.stringify(components)),
  );
  const paths = shown.flatMap((text) => /\/order\/[\w-]+/.exec(text)?.[0] ?? []);
  const path = pick(paths);
  const tried = pick([path, path, `${path.slice(0, -1)}x`, "/order/1"]);
  const user = visitorOf(stage, pick);
  const { html, status } = await readPage(stage, user, tried);
  look(stage, user, tried, html);
  if (tried !== path && status < 400) foundOf(stage).push(`${user} opened ${tried}`);
  const people = [...buyers, marketOf(stage).builder];
  const named = people.find((id) => html.includes(id));
  if (named) foundOf(stage).push(`the page of an order names ${named}`);
}

/** Mostly the builder. */
function visitorOf(stage: Stage, pick: Pick): string {
  const { builder, buyers } = marketOf(stage);
  const { staff, stranger, rival } = othersOf(stage);
  return pick([builder, builder, builder, builder, rival, rival, staff, stranger, pick(buyers)]);
}

/** Opens a page of the desk, and signs in before if that is necessary. */
export async function open(stage: Stage, user: string, path: string) {
  let page = await readPage(stage, user, path);
  if (page.html.includes('action="/sign-in"')) {
    await browserOf(stage, user).signIn(user);
    page = await readPage(stage, user, path);
  }
  const { builder } = marketOf(stage);
  const isOfTeam = user === othersOf(stage).staff && path.startsWith(TEAM_PATH);
  const parcels = await stage.withoutFaults(() => storedParcels(stage));
  const ids = isOfTeam ? [] : parcels.flatMap(({ id, orderIds }) => [id, ...orderIds]);
  const found = checkPage({ user, path, html: page.html }, { builder, ids });
  if (found) foundOf(stage).push(found);
  return page;
}

function readPage(stage: Stage, user: string, path: string) {
  return browserOf(stage, user).open(path);
}

/** S12: an order's page and the answer to a form show no address. */
function look(stage: Stage, user: string, path: string, html: string): void {
  const found = checkPage({ user, path, html }, { builder: marketOf(stage).builder, ids: [] });
  if (found) foundOf(stage).push(found);
}

export function browserOf({ memory, cloud, discord }: Stage, user: string): CookieBrowser {
  const place = `browser of ${user}`;
  const known = memory.get(place) as CookieBrowser | undefined;
  const { fetch, settings } = cloud;
  const browser = known ?? cookieBrowser({ fetch, settings, discord });
  memory.set(place, browser);
  return browser;
}

/** What somebody saw that is not theirs. */
export function foundOf({ memory }: Stage): string[] {
  const found = (memory.get("seen by others") ?? []) as string[];
  memory.set("seen by others", found);
  return found;
}
