import { community } from "../../../../local/cloud/community.ts";
import { press, useCommand } from "../../../people.ts";
import type { Stage } from "../../../stage.ts";
import type { Pick } from "../../scenario.ts";
import { chooseFrom, listUnder } from "../../shop/choosing.ts";
import { marketOf } from "../../shop/market.ts";
import { othersOf } from "../others.ts";
import { type StoredParcel, storedParcels } from "../parcels.ts";
import { foundOf, open } from "../sending/desk.ts";

/** How long people look at a list before they press something. */
const READING_MS = 5_000;
const TEAM_LINK = /https:\/\/[^"]*(\/desk\/team\/[^"]+)/;
/** The link works for an hour. */
const PASS_MS = 3_600_000;
/** What is typed into the form that sends one parcel. */
const TYPED = [
  { tracking: "1Z999AA10123456784" },
  { tracking: "RR123456785DE", carrier: "DHL" },
  { tracking: "4711" },
  { tracking: "1Z 999 AA1 0123 4567 85", carrier: "pigeon" },
  {},
] as const;
/** What is pasted behind an order. */
const PASTED = ["1Z999AA10123456784", "RR123456785DE", "123456789012 FedEx", "4711", ""];

/** Somebody lists a builder's orders, or all builders', and looks at more of them. */
export async function listOrders(stage: Stage, pick: Pick): Promise<void> {
  const { builder, buyers } = marketOf(stage);
  const { staff, stranger, rival } = othersOf(stage);
  const user = pick([builder, builder, builder, staff, staff, rival, stranger, pick(buyers)]);
  const whose = pick([undefined, builder, rival]);
  const id = await list(stage, user, whose);
  await checkListed(stage, user, id);
  const more = buttonUnder(stage, id, "orders-more:");
  if (!more) return;
  const pressed = await press(stage, user, more.customId, more);
  await stage.cloud.clock.sleep(READING_MS);
  await checkListed(stage, user, pressed.id);
}

/** The builder picks an order from their list, and says in the form how it was sent. */
export async function shipFromList(stage: Stage, pick: Pick): Promise<void> {
  const { builder, shipments } = marketOf(stage);
  const shown = listUnder(stage, await list(stage, builder, undefined));
  const parcelId = pick(shown?.values ?? []);
  if (!shown) return;
  const { id: of } = await chooseFrom(stage, builder, shown, parcelId);
  await stage.cloud.clock.sleep(READING_MS);
  const values: Readonly<Record<string, string>> = pick(TYPED);
  const { id } = await stage.discord.client.modalSubmit(stage.endpoint, { of, values });
  shipments.push({ id, named: parcelId, tracking: values["tracking"] });
}

/** The builder pastes several lines below their list: good ones, bad ones and one of them twice. */
export async function pasteInDiscord(stage: Stage, pick: Pick): Promise<void> {
  const { builder, shipments } = marketOf(stage);
  const button = buttonUnder(stage, await list(stage, builder, undefined), "ship-several");
  const parcels = await stage.withoutFaults(() => storedParcels(stage));
  const lines = Array.from({ length: pick([1, 3, 3]) }, () => {
    const { id, orderIds }: StoredParcel = pick(parcels);
    return { named: pick([id, ...orderIds]), number: pick(PASTED) };
  });
  if (!button) return;
  const { id: of } = await press(stage, builder, button.customId, button);
  await stage.cloud.clock.sleep(READING_MS);
  const typed = [...lines, ...pick([[], lines.slice(0, 1)])];
  const values = { lines: typed.map(({ named, number }) => `${named} ${number}`).join("\n") };
  const { id } = await stage.discord.client.modalSubmit(stage.endpoint, { of, values });
  for (const [line, { named, number }] of typed.entries()) {
    const [tracking = ""] = number.split(" ");
    if (tracking !== "") shipments.push({ id, named, tracking, line });
  }
}

/** Staff open the team's desk with the link below the list; others try the same link, or an old one. */
export async function openTeamDesk(stage: Stage, pick: Pick): Promise<void> {
  const { builder } = marketOf(stage);
  const { staff, stranger, rival } = othersOf(stage);
  const id = await list(stage, staff, pick([undefined, builder]));
  const answer = JSON.stringify(stage.discord.interaction(id)?.original?.components ?? []);
  const path = TEAM_LINK.exec(answer)?.[1];
  if (path === undefined) return;
  const user = pick([staff, staff, rival, stranger, builder]);
  const isOld = pick([false, false, true]);
  if (isOld) await stage.cloud.clock.sleep(PASS_MS);
  const page = await open(stage, user, path);
  const isOpen = page.html.includes("<h1>The team's desk");
  if (isOpen && (user !== staff || isOld)) foundOf(stage).push(`${user} opened ${path}`);
}

async function list(stage: Stage, user: string, builder: string | undefined): Promise<string> {
  const { id } = await useCommand(stage, user, "c500 orders", { ...(builder && { builder }) });
  await stage.cloud.clock.sleep(READING_MS);
  return id;
}

/** S12: only a builder and staff are shown what is to be sent. */
async function checkListed(stage: Stage, user: string, interactionId: string): Promise<void> {
  const { builder } = marketOf(stage);
  if ([builder, othersOf(stage).staff].includes(user)) return;
  const answer = JSON.stringify(stage.discord.interaction(interactionId)?.original ?? "");
  const parcels = await stage.withoutFaults(() => storedParcels(stage));
  const shown = parcels.flatMap(({ id, orderIds }) => [id, ...orderIds]);
  const seen = shown.find((id) => answer.includes(id));
  if (seen) foundOf(stage).push(`${user} was listed ${seen}`);
}

/** A button below an answer, and where it is. */
function buttonUnder({ discord }: Stage, interactionId: string, name: string) {
  const answer = discord.interaction(interactionId)?.original;
  const customId = new RegExp(`"custom_id":"(${name}[^"]*)"`).exec(
    JSON.stringify(answer?.components ?? []),
  )?.[1];
  if (!answer || customId === undefined) return undefined;
  return { customId, channelId: community.generalChannelId, message: answer.id };
}
