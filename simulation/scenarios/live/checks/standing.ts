import { SIGN_IN_MS } from "../../../../functions/members/domain/sign-in.ts";
import type { QueryDocumentSnapshot } from "../../../../shared/ports/database.ts";
import { mustEqual, mustHold } from "../../../rules.ts";
import type { Stage } from "../../../stage.ts";
import { airOf, TOLERANCE_MS } from "../air.ts";

const DECIDED_AGAINST = ["declined", "suspended", "removed"];

/** B1, B2, B3 and F5: who is a builder or a host, and by whose decision. */
export async function checkStandings(
  stage: Stage,
  builders: readonly QueryDocumentSnapshot[],
): Promise<void> {
  const hosts = await stage.database.collection("hosts").get();
  checkOwners(builders);
  rememberStandings(stage, builders);
  for (const person of [...builders, ...hosts.docs]) await checkChanges(stage, person);
}

function checkOwners(builders: readonly QueryDocumentSnapshot[]): void {
  const owned = builders.flatMap((builder) => {
    const channel = builder.get("twitch_user_id") as string | null | undefined;
    return channel ? [channel] : [];
  });
  const isOnce = new Set(owned).size === owned.length;
  mustHold("B1", isOnce, () => `a channel has two builders: ${owned.join(", ")}`);
}

/** Records who is approved, and against whom staff had decided when they were forgotten. */
function rememberStandings(stage: Stage, builders: readonly QueryDocumentSnapshot[]): void {
  const { approvedAtMs, standings, barred } = airOf(stage).seen;
  const nowMs = stage.cloud.clock.nowMs();
  for (const [id, was] of [...standings]) {
    if (builders.some((builder) => builder.id === id)) continue;
    standings.delete(id);
    const [state = "", channel = ""] = was.split(" ");
    if (!DECIDED_AGAINST.includes(state)) continue;
    barred.add(id);
    if (channel) barred.add(channel);
  }
  for (const builder of builders) {
    const state = String(builder.get("standing"));
    standings.set(builder.id, `${state} ${builder.get("twitch_user_id") ?? ""}`);
    if (state === "approved") approvedAtMs.set(builder.id, nowMs);
  }
}

/** Each version of a standing has its recorded change, by someone with permission. */
async function checkChanges(stage: Stage, person: QueryDocumentSnapshot): Promise<void> {
  const { seen } = airOf(stage);
  const what = person.ref.path;
  const version = Number(person.get("standing_version") ?? 0);
  const key = `${what} ${version} ${person.get("standing")}`;
  if (seen.goLives.has(key)) return;
  seen.goLives.add(key);
  const { docs } = await person.ref.collection("standings").get();
  const changes = docs.toSorted(
    (one, other) => Number(one.get("version")) - Number(other.get("version")),
  );
  const versions = changes.map((change) => Number(change.get("version")));
  mustEqual(
    "B3",
    `the changes of ${what}`,
    versions,
    versions.map((_, index) => index + 1),
  );
  const last = changes.at(-1);
  mustEqual(
    "B3",
    `the last change of ${what}`,
    [last?.get("version"), last?.get("to")],
    [version, person.get("standing")],
  );
  for (const change of changes) checkChange(stage, person, change);
  const isBuilder = person.ref.parent.id === "builders";
  const channel = String(person.get("twitch_user_id"));
  if (!isBuilder || person.get("standing") !== "approved") return;
  if (!seen.barred.has(person.id) && !seen.barred.has(channel)) return;
  const isByStaff = changes.some(
    (change) => change.get("to") === "approved" && isStaff(stage, String(change.get("by_id"))),
  );
  mustHold(
    "F5",
    isByStaff,
    () => `${person.id} is a builder again although staff had decided against`,
  );
}

function isStaff(stage: Stage, id: string): boolean {
  return airOf(stage).staff.includes(id);
}

/** By staff, by the user with the right code, or because another user has proved the channel. */
function checkChange(
  stage: Stage,
  person: QueryDocumentSnapshot,
  change: QueryDocumentSnapshot,
): void {
  const { codes, channels, builders } = airOf(stage);
  const by = String(change.get("by_id"));
  const to = String(change.get("to"));
  const what = `${person.ref.path} became ${to} by ${by}`;
  const cause = stage.discord.interaction(change.id);
  mustEqual("B3", `who is named for it that ${what}`, by, cause?.userId);
  const [, seenVersion] = /\.(\d+)$/.exec(airOf(stage).pressed.get(change.id) ?? "") ?? [];
  if (seenVersion !== undefined) {
    const version = Number(change.get("version"));
    mustEqual(
      "B3",
      `the version by a button about ${seenVersion}: ${what}`,
      version,
      Number(seenVersion) + 1,
    );
  }
  if (isStaff(stage, by)) return;
  if (person.ref.parent.id === "hosts") {
    mustHold("B3", by === person.id && to === "awaiting", () => what);
    return;
  }
  if (by !== person.id) {
    mustHold("B3", to === "unproved" || to === "removed", () => what);
    return;
  }
  const isFirst = builders.includes(by);
  const atMs = (change.get("at") as { toMillis(): number }).toMillis();
  const isInTime = (askedAtMs: number) => atMs <= askedAtMs + SIGN_IN_MS + TOLERANCE_MS;
  const isShown =
    isFirst || codes.some(({ user, link }) => user === by && isInTime(link.askedAtMs));
  mustHold("B1", isShown, () => `${what}, who was shown no code`);
  const channel = person.get("twitch_user_id") as string | null;
  const isLast = Number(change.get("version")) === Number(person.get("standing_version"));
  if (!isLast || !channel) return;
  const isOwn =
    (isFirst && channels[builders.indexOf(by)]?.id === channel) ||
    codes.some((code) => code.user === by && code.channelId === channel);
  mustHold("B1", isOwn, () => `${what} on channel ${channel}, whose code they were not shown`);
}
