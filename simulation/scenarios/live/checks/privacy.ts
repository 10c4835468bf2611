import { documentDefinitions } from "../../../../functions/documents.ts";
import { limits } from "../../../../shared/limits/limits.ts";
import { mustEqual, mustHold } from "../../../rules.ts";
import type { Stage } from "../../../stage.ts";
import { countSent } from "../../race/messages.ts";
import { airOf } from "../air.ts";
import { people } from "../leaving.ts";
import { MENTION_IN_TITLE } from "../streaming.ts";

/** The maximum duration of a command, and the longer one when messages and tasks can be late. */
const DONE_MS = 5 * 60_000;
const DONE_LATE_MS = 60 * 60_000;
const LATE = ["delivered late", "delivery lost", "delivery's answer lost"] as const;
/** The sweeper resumes what was due this long ago. */
const OVERDUE_MS = 25 * 60_000;
const FILE = "c500-my-data.json";

/** F1, N1 and N5 for stored personal data. */
export async function checkPrivacy(stage: Stage): Promise<void> {
  await checkForgettings(stage);
  await checkFiles(stage);
  await checkForgotten(stage);
  checkLimit(stage);
}

const DEFERRED = 5;
/** Allows for clock differences. */
const SKEW_MS = 1_000;

/** N7: nobody gets more files per hour than allowed. Forgetting somebody forgets what they have used up, too. */
function checkLimit(stage: Stage): void {
  const { discord, faults } = stage;
  // Without Redis nothing is counted.
  if (faults.appliedFaults.some(({ kind }) => kind.startsWith("upstash "))) return;
  if (airOf(stage).seen.uncounted.has("myData")) return;
  const { most, windowMs } = limits.myData;
  const events = discord.events();
  const taken = new Set(
    events.flatMap((event) =>
      event.kind === "interaction-answered" && event.responseType === DEFERRED
        ? [event.interactionId]
        : [],
    ),
  );
  const asked = events.flatMap((event) =>
    event.kind === "interaction-sent" && event.what === "/c500 my-data" ? [event] : [],
  );
  const forgettings = events.flatMap((event) =>
    event.kind === "interaction-sent" && event.what.startsWith("press forget-me:") ? [event] : [],
  );
  const isForgotten = (userId: string, beforeMs: number, atMs: number) =>
    forgettings.some(
      (each) => each.userId === userId && each.atMs >= beforeMs - DONE_LATE_MS && each.atMs <= atMs,
    );
  const served = asked.filter(({ interactionId }) => taken.has(interactionId));
  for (const own of Map.groupBy(served, ({ userId }) => userId).values()) {
    for (const [index, { userId, atMs }] of own.entries()) {
      const before = own[index - most];
      const isRight =
        !before ||
        atMs - before.atMs >= windowMs - SKEW_MS ||
        isForgotten(userId, before.atMs, atMs);
      mustHold("N7", isRight, () => `${userId} asked for their file more than ${most} times`);
    }
  }
}

async function checkForgettings({ database, cloud }: Stage): Promise<void> {
  for (const forgetting of (await database.collection("forgettings").get()).docs) {
    const dueMs = (forgetting.get("due_at") as { toMillis(): number }).toMillis();
    const isLate = dueMs + OVERDUE_MS < cloud.clock.nowMs();
    mustHold("F2", !isLate, () => `${forgetting.id} has not been forgotten in time`);
  }
}

/** Only users whom no later action concerned. */
async function checkForgotten(stage: Stage): Promise<void> {
  const { seen, actsMs, candidates, guests, buyers } = airOf(stage);
  const { discord } = stage;
  const actedMs = new Map(actsMs);
  for (const event of discord.events()) {
    if (event.kind !== "interaction-sent") continue;
    const known = actedMs.get(event.userId) ?? 0;
    actedMs.set(event.userId, Math.max(known, event.atMs));
  }
  const isLate = LATE.some((kind) => stage.swarm.kinds.has(kind));
  const doneMs = isLate ? DONE_LATE_MS : DONE_MS;
  const gone = [...seen.forgotten].filter(
    ([user, atMs]) => (actedMs.get(user) ?? 0) < atMs - doneMs,
  );
  if (gone.length === 0) return;
  const texts = [...(await documents(stage)), ...(await redisKeys(stage))];
  const names = new Map(
    [...candidates, ...guests, ...buyers].map((user) => [user, nameOf(stage, user)]),
  );
  for (const [user] of gone) {
    const name = names.get(user);
    const found = texts.filter(
      (text) => text.includes(user) || (name !== undefined && text.includes(name)),
    );
    mustEqual("F1", `what still names ${user}`, found, []);
  }
}

/** The user's name as Discord shows it with a command. */
function nameOf({ discord }: Stage, user: string): string | undefined {
  const used = discord
    .events()
    .find((event) => event.kind === "interaction-sent" && event.userId === user);
  if (used?.kind !== "interaction-sent") return undefined;
  const original = discord.interaction(used.interactionId)?.original;
  return original?.interaction_metadata?.user.username;
}

/** Every document with its path, as text. */
async function documents({ database }: Stage): Promise<string[]> {
  const ids = new Set(
    documentDefinitions.map(({ collection }) => collection.split("/").at(-1) ?? ""),
  );
  const found = await Promise.all([...ids].map((id) => database.collectionGroup(id).get()));
  return found.flatMap(({ docs }) =>
    docs.map((document) => `${document.ref.path} ${JSON.stringify(document.data())}`),
  );
}

async function redisKeys({ cloud }: Stage): Promise<string[]> {
  const { UPSTASH_REDIS_REST_URL: url = "", UPSTASH_REDIS_REST_TOKEN: token = "" } = cloud.settings;
  const answer = await cloud.fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(["KEYS", "*"]),
  });
  return ((await answer.json()) as { readonly result: string[] }).result;
}

/** Each file names only its owner and is sent once. */
async function checkFiles(stage: Stage): Promise<void> {
  const { discord, cloud } = stage;
  const everybody = [...people(stage), ...airOf(stage).staff];
  for (const user of everybody) {
    for (const { attachments } of discord.dms(user)) {
      for (const { url } of attachments.filter(({ filename }) => filename === FILE)) {
        const file = await (await cloud.fetch(url)).text();
        const content = file.replaceAll(MENTION_IN_TITLE, "");
        mustHold("N5", content.includes(user), () => `${user} got another's file: ${content}`);
        const others = everybody.filter((other) => other !== user && content.includes(other));
        mustEqual("N5", `who else is named in the file of ${user}`, others, []);
      }
    }
  }
  for (const event of discord.events()) {
    if (event.kind !== "interaction-sent" || event.what !== "/c500 my-data") continue;
    const { interactionId: id, userId } = event;
    const answer = discord.interaction(id)?.original?.content ?? "";
    const times = countSent(discord.dms(userId), `my-data:${id}`);
    const isSent = answer.startsWith("I've sent you a DM");
    const isRight = times <= 1 && (!isSent || times === 1);
    mustHold("N1", isRight, () => `${userId} got ${times} files for ${id}: ${answer}`);
  }
}
