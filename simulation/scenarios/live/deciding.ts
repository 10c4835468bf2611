import { community } from "../../../local/cloud/community.ts";
import { press, useCommand } from "../../people.ts";
import type { Stage } from "../../stage.ts";
import type { Action, Pick } from "../scenario.ts";
import { airOf, recordAct } from "./air.ts";

/** Staff's decisions about builders and hosts, and requests for them, with their weights. */
export const decidingActions: readonly Action[] = [
  { name: "ask to host", weight: 6, perform: askToHost },
  { name: "press a button of the operators' notice", weight: 5, perform: pressNotice },
  { name: "decide about a host", weight: 5, perform: decideHost },
  { name: "decide about a builder", weight: 5, perform: decideBuilder },
  { name: "let a builder sell again", weight: 6, perform: restoreBuilder },
  { name: "two of staff decide at once", weight: 3, perform: decideTwice },
  { name: "attack: decide without being staff", weight: 2, perform: decideAsGuest },
];

const DECISIONS = ["approve", "suspend", "restore", "remove", "decline"];
const READS_MS = 8_000;

/** A user who may not host reads so and finds a button. */
async function askToHost(stage: Stage, pick: Pick): Promise<void> {
  const user = pick(airOf(stage).guests);
  const times = pick([1, 1, 2]);
  const options = { name: "Night race", seats: 2 };
  const { id } = await useCommand(stage, user, "race lobby", options);
  await stage.cloud.clock.sleep(READS_MS);
  const answer = stage.discord.interaction(id)?.original;
  if (!JSON.stringify(answer?.components ?? []).includes("host-ask:me")) return;
  const place = { channelId: community.generalChannelId, message: answer?.id ?? "" };
  const presses = Array.from({ length: times }, () => press(stage, user, "host-ask:me", place));
  await Promise.all(presses);
}

/** Includes buttons that are gone since they were observed: the press may be in transit. */
async function pressNotice(stage: Stage, pick: Pick): Promise<void> {
  const channelId = community.operatorsChannelId;
  const { buttons } = airOf(stage);
  const shown = stage.discord.messages(channelId);
  for (const { id, components } of shown) {
    const found = JSON.stringify(components ?? []).matchAll(/(host|builder)-approve:[\d.]+/g);
    for (const [customId] of found) buttons.set(customId, id);
  }
  const isThere = (message: string) => shown.some(({ id }) => id === message);
  const [customId, message] = pick([...buttons].filter(([, each]) => isThere(each)));
  recordAct(stage, /:(\d+)/.exec(customId)?.[1] ?? "");
  const data = { custom_id: customId, component_type: 2 };
  const pressed = { user: pick(airOf(stage).staff), channelId, message, type: 3, data };
  const { id } = await stage.discord.client.raw(stage.endpoint, pressed);
  airOf(stage).pressed.set(id, customId);
}

async function decideHost(stage: Stage, pick: Pick): Promise<void> {
  const { guests, staff } = airOf(stage);
  await decide(stage, pick(staff), { role: "host", decision: pick(DECISIONS), user: pick(guests) });
}

async function decideBuilder(stage: Stage, pick: Pick): Promise<void> {
  const { candidates, builders, staff } = airOf(stage);
  const user = pick([...candidates, ...candidates, ...builders]);
  await decide(stage, pick(staff), { role: "builder", decision: pick(DECISIONS), user });
}

async function restoreBuilder(stage: Stage, pick: Pick): Promise<void> {
  const stored = await stage.withoutFaults(() => stage.database.collection("builders").get());
  const stopped = stored.docs.filter((builder) => builder.get("standing") !== "approved");
  const builder = pick(stopped);
  const isWaiting = ["awaiting", "declined"].includes(String(builder.get("standing")));
  const decision = isWaiting ? "approve" : "restore";
  await decide(stage, pick(airOf(stage).staff), { role: "builder", decision, user: builder.id });
}

async function decideTwice(stage: Stage, pick: Pick): Promise<void> {
  const { guests, builders, candidates, staff } = airOf(stage);
  const role = pick(["host", "builder"] as const);
  const user = pick(role === "host" ? guests : [...builders, ...candidates]);
  const decisions = [
    pick(["approve", "suspend", "restore"]),
    pick(["remove", "decline", "suspend"]),
  ];
  await Promise.all(
    decisions.map((decision, index) => decide(stage, staff[index] ?? "", { role, decision, user })),
  );
}

/** Mostly about themselves. */
async function decideAsGuest(stage: Stage, pick: Pick): Promise<void> {
  const { guests, candidates } = airOf(stage);
  const by = pick([...guests, ...candidates]);
  const decision = pick(["approve", "restore", "remove"]);
  await decide(stage, by, { role: pick(["host", "builder"] as const), decision, user: by });
}

async function decide(
  stage: Stage,
  by: string,
  { role, decision, user }: { role: "host" | "builder"; decision: string; user: string },
): Promise<void> {
  recordAct(stage, user);
  const hasReason = decision !== "approve" && decision !== "restore";
  const options = { [role]: user, ...(hasReason && { reason: "We have talked about it." }) };
  await useCommand(stage, by, `c500 ${role}s ${decision}`, options);
}
