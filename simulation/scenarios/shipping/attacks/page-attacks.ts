import { noteSometimes, type Stage } from "../../../stage.ts";
import type { Pick } from "../../scenario.ts";
import { marketOf } from "../../shop/market.ts";
import { checkPage } from "../checks/page.ts";
import { othersOf } from "../others.ts";
import { type StoredParcel, storedParcels } from "../parcels.ts";
import { browserOf, foundOf } from "../sending/desk.ts";

/** How somebody asks for a page about a parcel of others. */
type Ask = (parcel: StoredParcel, pick: Pick) => string;

const SENT_PATH = "/desk/sent";
const LISTS = ["ship", "build", "sent", "arrived", "problems"];
const KEY = "A".repeat(43);

/** Every page of fulfilment, by its path pattern. Forms are sent to the one that has no address to ask for. */
export const attackedPages: Readonly<Record<string, Ask | "form">> = {
  "/order/:key": ({ id }, pick) => `/order/${pick([id, KEY, "1"])}`,
  "/desk": ({ id }, pick) => `/desk?list=${pick(LISTS)}&search=${pick(["", id])}`,
  "/desk/team/:pass/:signature": (_parcel, pick) =>
    `/desk/team/${pick(["e30", "x"])}/${KEY}?list=${pick(LISTS)}`,
  "/desk/slips": ({ id }) => `/desk/slips?parcel=${id}&anyway=yes`,
  "/desk/order": ({ orderIds }, pick) => `/desk/order?order=${pick(orderIds)}`,
  "/desk/parcels.csv": ({ id }) => `/desk/parcels.csv?parcel=${id}&anyway=yes`,
  [SENT_PATH]: "form",
};

/** How many pages somebody opens, one after another. */
const PAGES = [2, 4, 8];

/** Somebody opens pages of others, or sends the form of their own desk about others' parcels. */
export async function openForOthers(stage: Stage, pick: Pick): Promise<void> {
  for (const _ of Array(pick(PAGES))) await openOneForOthers(stage, pick);
}

async function openOneForOthers(stage: Stage, pick: Pick): Promise<void> {
  const { buyers, builder } = marketOf(stage);
  const { stranger, rival, staff } = othersOf(stage);
  const parcels = await stage.withoutFaults(() => storedParcels(stage));
  const parcel = pick(parcels);
  const user = pick([stranger, rival, rival, staff, pick(buyers)]);
  const [pattern, ask] = pick(Object.entries(attackedPages));
  const browser = browserOf(stage, user);
  const path = ask === "form" ? "/desk?list=ship" : ask(parcel, pick);
  const first = await browser.open(path);
  const isSignedOut = first.html.includes('action="/sign-in"');
  if (isSignedOut) await browser.signIn(user);
  const page = isSignedOut ? await browser.open(path) : first;
  const pages = [{ user, path, html: page.html }];
  if (ask === "form") pages.push(await sendLines(stage, pick, { user, parcel, html: page.html }));
  const ids = parcels.flatMap(({ id, orderIds }) => [id, ...orderIds]);
  for (const each of pages) {
    const found = checkPage(each, { builder, ids });
    if (found) foundOf(stage).push(found);
  }
  noteSometimes(stage, `attack: ${pattern}`);
}

/** Sends the form with lines about a parcel of others: with the fields of one's own page, or with guessed ones. */
async function sendLines(
  stage: Stage,
  pick: Pick,
  {
    user,
    parcel,
    html,
  }: { readonly user: string; readonly parcel: StoredParcel; readonly html: string },
) {
  const browser = browserOf(stage, user);
  const token = /name="token" value="([^"]*)"/.exec(html)?.[1];
  const fields = {
    token: pick([token, undefined]) ?? "guessed",
    lines: `${parcel.id} 1Z999AA10123456784`,
  };
  const response = await browser.post(SENT_PATH, fields);
  return {
    user,
    path: `${SENT_PATH}?${parcel.id}`,

    html: await response.text(),
  };
}
