import { community } from "../../../local/cloud/community.ts";
import { press, useCommand } from "../../people.ts";
import type { Stage } from "../../stage.ts";
import type { Action, Pick } from "../scenario.ts";
import { airOf } from "./air.ts";

/** People's actions about their data, and their weights. */
export const leavingActions: readonly Action[] = [
  { name: "ask for my data", weight: 5, perform: askForData },
  { name: "forget oneself", weight: 8, perform: forget },
  { name: "forget oneself twice at once", weight: 2, perform: forgetTwice },
  { name: "close a drop to leave", weight: 2, perform: closeDrop },
  { name: "attack: forget another", weight: 2, perform: forgetAnother },
];

const READS_MS = 8_000;

/** Everyone except staff. */
export function people(stage: Stage): string[] {
  const { builders, candidates, buyers, guests } = airOf(stage);
  return [...builders, ...candidates, ...buyers, ...guests];
}

async function askForData(stage: Stage, pick: Pick): Promise<void> {
  await useCommand(stage, pick(people(stage)), "c500 my-data");
}

/** The answer with the red confirmation button; undefined while something is open. */
async function redButton(stage: Stage, user: string) {
  const { id } = await useCommand(stage, user, "c500 forget me");
  await stage.cloud.clock.sleep(READS_MS);
  const answer = stage.discord.interaction(id)?.original;
  const hasButton = JSON.stringify(answer?.components ?? []).includes(`forget-me:${user}`);
  return hasButton ? answer?.id : undefined;
}

/** Prefers people with few open obligations. */
function whoLeaves(stage: Stage, pick: Pick): string {
  const { candidates, guests } = airOf(stage);
  return pick([...people(stage), ...candidates, ...guests]);
}

async function forgetIn(stage: Stage, user: string, presses: number): Promise<void> {
  const message = await redButton(stage, user);
  if (message === undefined) return;
  const place = { channelId: community.generalChannelId, message };
  const pressed = Array.from({ length: presses }, () =>
    press(stage, user, `forget-me:${user}`, place),
  );
  await Promise.all(pressed);
}

function forget(stage: Stage, pick: Pick): Promise<void> {
  return forgetIn(stage, whoLeaves(stage, pick), 1);
}

function forgetTwice(stage: Stage, pick: Pick): Promise<void> {
  return forgetIn(stage, whoLeaves(stage, pick), 2);
}

/** A builder with a drop on sale cannot leave. */
async function closeDrop(stage: Stage, pick: Pick): Promise<void> {
  const stored = await stage.withoutFaults(() => stage.database.collection("inventory").get());
  const drop = pick(stored.docs);
  const options = { drop: drop.id, close: true };
  await useCommand(stage, String(drop.get("builder_id")), "c500 drops", options);
}

/** Presses a button that names somebody else, on a message that everyone sees. */
async function forgetAnother(stage: Stage, pick: Pick): Promise<void> {
  const [by, user] = [pick(airOf(stage).guests), pick(people(stage))];
  if (by === user) return;
  const [message] = stage.discord.messages(community.marketplaceChannelId);
  const data = { custom_id: `forget-me:${user}`, component_type: 2 };
  const channelId = community.marketplaceChannelId;
  const pressed = { user: by, channelId, message: message?.id ?? "", type: 3, data };
  await stage.discord.client.raw(stage.endpoint, pressed);
}
