import { community } from "../../../local/cloud/community.ts";
import { press, useCommand } from "../../people.ts";
import type { Stage } from "../../stage.ts";
import type { Action, Pick } from "../scenario.ts";
import { airOf, recordAct } from "./air.ts";
import { people } from "./leaving.ts";

/** Moderators' actions on channels and messages, and people's on their DMs, with their weights. */
export const moderatingActions: readonly Action[] = [
  { name: "delete a message", weight: 4, perform: deleteMessage },
  { name: "take a permission away", weight: 3, perform: takePermission },
  { name: "give a permission back", weight: 3, perform: givePermission },
  { name: "close DMs", weight: 3, perform: closeDms },
  { name: "open DMs again", weight: 2, perform: openDms },
  { name: "decline in the form", weight: 5, perform: declineInForm },
  { name: "ask for my data again and again", weight: 1, perform: askOften },
];

const WRITES_MS = 12_000;
const IMPATIENT = 5;
const PLACES = {
  general: community.generalChannelId,
  marketplace: community.marketplaceChannelId,
  orders: community.ordersChannelId,
} as const;
type PlaceName = keyof typeof PLACES;
const names = Object.keys(PLACES) as PlaceName[];

/** An announcement, a drop's post or a notice to the operators, preferably a new one. */
async function deleteMessage(stage: Stage, pick: Pick): Promise<void> {
  const { cloud, discord } = stage;
  const channelId = pick([...Object.values(PLACES), community.operatorsChannelId]);
  const shown = discord.messages(channelId);
  const message = pick([...shown.slice(-2), ...shown.slice(-8)]);
  const { DISCORD_API_BASE_URL, DISCORD_BOT_TOKEN } = cloud.settings;
  const url = `${DISCORD_API_BASE_URL}/v10/channels/${channelId}/messages/${message.id}`;
  const headers = { authorization: `Bot ${DISCORD_BOT_TOKEN}` };
  airOf(stage).deleted.set(message.id, { channelId, message });
  await stage.withoutFaults(async () =>
    (await cloud.fetch(url, { method: "DELETE", headers })).text(),
  );
}

function takePermission(stage: Stage, pick: Pick): void {
  if (!stage.swarm.kinds.has("discord refuses messages")) throw new Error("Not in this run.");
  const name = pick(names);
  airOf(stage).refusing.add(PLACES[name]);
  const botMay = pick([{ sendMessages: false }, { viewChannel: false }]);
  stage.discord.addChannel({ id: PLACES[name], guildId: community.guildId, name, botMay });
  stage.faults.note("discord refuses messages");
}

function givePermission(stage: Stage, pick: Pick): void {
  const { refusing } = airOf(stage);
  const name = pick(names.filter((each) => refusing.has(PLACES[each])));
  stage.discord.addChannel({ id: PLACES[name], guildId: community.guildId, name });
}

function closeDms(stage: Stage, pick: Pick): void {
  if (!stage.swarm.kinds.has("discord refuses messages")) throw new Error("Not in this run.");
  const id = pick(people(stage));
  airOf(stage).closedDms.add(id);
  setDms(stage, id, false);
  stage.faults.note("discord refuses messages");
}

function openDms(stage: Stage, pick: Pick): void {
  const id = pick([...airOf(stage).closedDms]);
  setDms(stage, id, true);
}

function setDms(stage: Stage, id: string, isOpen: boolean): void {
  const username = airOf(stage).names.get(id) ?? id;
  stage.discord.addUser({ id, username, dmsClosed: !isOpen });
}

/** The button opens a form for the reason, which they fill in or close. */
async function declineInForm(stage: Stage, pick: Pick): Promise<void> {
  const { staff, pressed } = airOf(stage);
  const channelId = community.operatorsChannelId;
  const buttons = stage.discord.messages(channelId).flatMap((message) => {
    const found = JSON.stringify(message.components ?? []).matchAll(
      /(?:host|builder)-decline[\w-]*:[\d.]+/g,
    );
    return [...found].map(([customId]) => ({ message: message.id, customId }));
  });
  const { message, customId } = pick(buttons);
  const user = pick(staff);
  const { id } = await press(stage, user, customId, { channelId, message });
  if (pick([true, true, true, false])) {
    await stage.cloud.clock.sleep(WRITES_MS);
    recordAct(stage, /:(\d+)/.exec(customId)?.[1] ?? "");
    const form = { of: id, values: { reason: "Not at the moment." } };
    const sent = await stage.discord.client.modalSubmit(stage.endpoint, form);
    pressed.set(sent.id, customId);
  }
}

/** Someone who does not see the answer and immediately asks again. */
async function askOften(stage: Stage, pick: Pick): Promise<void> {
  const user = pick(people(stage));
  for (let time = 0; time < IMPATIENT; time += 1) {
    await useCommand(stage, user, "c500 my-data");
    await stage.cloud.clock.sleep(WRITES_MS);
  }
}
