import { typedCommands } from "../../../people.ts";
import type { Fields, StoredChange } from "../../../replay/record.ts";
import { mustHold } from "../../../rules.ts";
import type { Stage } from "../../../stage.ts";
import { marketOf } from "../../shop/market.ts";
import { othersOf } from "../others.ts";

/** Something that somebody typed, pressed or sent. */
export interface Act {
  readonly user: string;
  /** The command, button or form. */
  readonly name: string;
  /** The order or parcel that it names. */
  readonly about: string;
  readonly atMs: number;
}

/** The most by which the clock of Firestore may be behind that of the people. */
const SLACK_MS = 1_000;
const REPORTED = ["c500 problem", "problem-form"];
const MOVED = ["c500 case", "case"];
const ANSWERED = ["c500 cancel", "cancel-accept", "cancel-decline"];

/**
 * S12: whatever happened to a parcel, a case or a request to cancel, its buyer, its builder or staff had asked for
 * before. Time and banks ask for nothing.
 */
export function checkActors(stage: Stage): void {
  const acts = actsOf(stage);
  for (const entry of stage.record.entries()) {
    if (entry.kind !== "commit") continue;
    for (const change of entry.changes()) {
      checkChange(change, {
        staff: othersOf(stage).staff,
        acts: acts.filter(({ atMs }) => atMs <= entry.atMs + SLACK_MS),
        senderOf: (changeId) => senderOf(stage, changeId),
      });
    }
  }
}

/** Who may have caused a change. */
export interface Causes {
  readonly staff: string;
  /** Everything that people did before it. */
  readonly acts: readonly Act[];
  /** Who sent an interaction, or a line at the desk. */
  readonly senderOf: (changeId: string) => string | undefined;
}

/** S12, of one change. Throws RuleBroken. */
export function checkChange({ path, before, after }: StoredChange, causes: Causes): void {
  const [, kind, id = ""] = /^(parcels|orders|cases)\/([^/]+)$/.exec(path) ?? [];
  if (!after) return;
  if (kind === "parcels") checkParcelActor(id, before, after, causes);
  if (kind === "orders" && before?.["cancel_state"] !== after["cancel_state"]) {
    checkCancelActor(id, before, after, causes);
  }
  if (kind === "cases" && before?.["version"] !== after["version"]) {
    checkCaseActor(id, after, causes);
  }
}

function checkParcelActor(
  id: string,
  before: Fields | undefined,
  after: Fields,
  { acts, senderOf }: Causes,
): void {
  const [buyer, builder] = [String(after["buyer_id"]), String(after["builder_id"])];
  const changeId = after["number_change_id"];
  if (typeof changeId === "string" && before?.["number_change_id"] !== changeId) {
    const sender = senderOf(changeId);
    mustHold("S12", sender === builder, () => `${sender} sent parcel ${id} of ${builder}`);
  }
  if (before?.["state"] === "sent" && after["arrived_by"] === "buyer") {
    const has = acts.some((act) => act.user === buyer && isAct(act, ["parcel-arrived"], [id]));
    mustHold("S12", has, () => `parcel ${id} arrived, and ${buyer} has not said so`);
  }
  if (time(before, "wait_until") !== time(after, "wait_until")) {
    const orders = (after["lines"] as readonly Fields[]).map((line) => String(line["order_id"]));
    const has = acts.some(
      (act) => act.user === buyer && isAct(act, ["c500 wait"], [id, ...orders]),
    );
    mustHold("S12", has, () => `parcel ${id} waits, and ${buyer} has not asked for it`);
  }
}

function checkCancelActor(
  id: string,
  before: Fields | undefined,
  after: Fields,
  { acts, staff }: Causes,
): void {
  const [buyer, builder] = [String(after["buyer_id"]), String(after["builder_id"])];
  const state = String(after["cancel_state"]);
  // Silence answers what was asked, and sending it again too.
  const isAnswered = before?.["cancel_state"] === "asked";
  const may = state === "declined" ? [builder, staff] : [buyer, builder, staff];
  const users = state === "asked" ? [buyer] : may;
  const has = acts.some((act) => users.includes(act.user) && isAct(act, ANSWERED, [id]));
  mustHold("S12", has || isAnswered, () => `the request to cancel ${id} is ${state} by nobody`);
}

function checkCaseActor(id: string, after: Fields, { acts, staff, senderOf }: Causes): void {
  const by = String(after["moved_by"]);
  const users: Readonly<Record<string, unknown>> = {
    buyer: after["buyer_id"],
    builder: after["builder_id"],
    staff,
  };
  const user = users[by];
  if (user === undefined) return;
  const state = String(after["state"]);
  const names = state === "open" ? REPORTED : MOVED;
  const has = acts.some((act) => act.user === user && isAct(act, names, [id]));
  mustHold("S12", has, () => `the case about ${id} is ${state} by ${by}, who did nothing`);
  const answer = after["answer_change_id"];
  if (state !== "answered" || typeof answer !== "string") return;
  const sender = senderOf(answer);
  mustHold("S12", sender === user, () => `${sender} answered the case about ${id} as its ${by}`);
}

function isAct({ name, about }: Act, names: readonly string[], abouts: readonly string[]): boolean {
  return names.includes(name) && abouts.includes(about);
}

function time(fields: Fields | undefined, name: string): unknown {
  return fields?.[name] ?? undefined;
}

/** What was typed, and what was pressed or sent of what the product had shown. */
function actsOf(stage: Stage): readonly Act[] {
  const typed = typedCommands(stage).map(({ user, name, options, atMs }) => {
    return { user, name, about: String(options["order"]), atMs };
  });
  const pressed = stage.discord.events().flatMap((event): Act[] => {
    if (event.kind !== "interaction-sent") return [];
    const [, customId] = /^(?:press|submit) (\S+)$/.exec(event.what) ?? [];
    const [name, ...parts] = customId?.split(":") ?? [];
    if (name === undefined) return [];
    return [{ user: event.userId, name, about: parts.at(-1) ?? "", atMs: event.atMs }];
  });
  return [...typed, ...pressed];
}

function senderOf(stage: Stage, changeId: string): string | undefined {
  const seen = stage.discord.interaction(changeId);
  if (seen) return seen.userId;
  const { builder, shipments } = marketOf(stage);
  const isLine = ({ id, toId = id }: { readonly id: string; readonly toId?: string }) =>
    id <= changeId && changeId <= toId;
  return shipments.some(isLine) ? builder : undefined;
}
