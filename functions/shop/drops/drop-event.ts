import { createHash } from "node:crypto";
import { DiscordError } from "../../../shared/clients/discord/errors.ts";
import type { EventContent } from "../../../shared/clients/discord/server-events.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import { NotYetError } from "../../../shared/runtime/delivery/task-worker.ts";
import { underLock } from "../../../shared/runtime/under-lock.ts";
import type { Deps } from "../deps.ts";
import type { Drop } from "../domain/drop.ts";

/** The dependencies of `keepEvent`. */
export type KeepEventDeps = Pick<Deps, "drops" | "discord" | "redis" | "clock" | "log"> & {
  readonly config: Pick<Deps["config"], "DISCORD_GUILD_ID" | "PUBLIC_SITE_URL">;
};

/** What a drop's event should be; undefined while the drop is about to open. */
type Wanted = "scheduled" | "running" | "none" | undefined;
type DropEvent = NonNullable<Drop["event"]>;

/** Discord requires an end. Most of a drop is sold by then. */
const LASTS_MS = 3_600_000;
/** Waits between attempts to take the lock. Their sum is longer than a call to Discord usually takes. */
const LOCK_WAITS_MS = [200, 400, 800] as const;

const UNKNOWN_EVENT = 10070;
const FINISHED = 180000;
/** Why Discord refuses for good, in words for operators, by its code. */
const REFUSALS: Readonly<Record<number, string>> = {
  [UNKNOWN_EVENT]: "the event was deleted",
  30038: "the server has as many events as Discord allows",
  50001: "the bot may not see the server",
  50013: 'the bot lacks the permission "Create Events"',
};

/**
 * Announces a drop that opens later among the server's events, changes that with its title, price and time, and ends it
 * with the drop. Discord begins events by itself at their time; one whose drop opens earlier begins then.
 *
 * Idempotency: it asks Discord only while the record says otherwise. Crash safety: that an event is being created is
 * recorded first; then a repeat looks for it among the server's events. A refusal for good is logged once, and changes
 * nothing of the drop. Throws NotYetError while another run holds the lock, and what a retry may resolve.
 */
export async function keepEvent(dropId: string, deps: KeepEventDeps): Promise<void> {
  const drop = await deps.drops.get(dropId);
  if (!drop || !isOwed(drop, deps)) return;
  const key = `drop-event-lock:${dropId}`;
  await underLock(key, LOCK_WAITS_MS, () => reachWanted(dropId, deps), deps);
}

async function reachWanted(dropId: string, deps: KeepEventDeps): Promise<void> {
  const drop = await deps.drops.get(dropId);
  if (!drop || !isOwed(drop, deps)) return;
  const wanted = wantedOf(drop, deps);
  const known = await findBegun(drop, deps);
  if (wanted === "running" && known) return begin(drop, known, deps);
  if (known && (wanted === "none" || known.state === "running")) await end(drop, known, deps);
  if (wanted !== "scheduled") return deps.drops.recordEvent(dropId, undefined);
  if (known?.state === "scheduled") return change(drop, known, deps);
  return create(drop, deps);
}

/** Whether a drop's event is to be created, changed or ended. */
function isOwed(drop: Drop, deps: KeepEventDeps): boolean {
  const { event } = drop;
  switch (wantedOf(drop, deps)) {
    case "scheduled":
      return (
        !["scheduled", "refused"].includes(event?.state ?? "") || event?.shows !== digestOf(drop)
      );
    case "running":
      return event?.state === "begun" || event?.state === "scheduled";
    case "none":
      return event !== undefined;
    case undefined:
      return false;
  }
}

function wantedOf({ draftState, opensAt, isClosed }: Drop, { clock }: KeepEventDeps): Wanted {
  if (draftState === "draft" && opensAt) return opensAt > clock.now() ? "scheduled" : undefined;
  if (draftState === "draft" || draftState === "discarded" || isClosed) return "none";
  return "running";
}

/** The known event of a drop. One whose creation was begun is looked for; it is undefined if there is none. */
async function findBegun(
  drop: Drop,
  { discord, config }: KeepEventDeps,
): Promise<(DropEvent & { readonly id: string }) | undefined> {
  const { event } = drop;
  if (!event || event.state === "refused") return undefined;
  if (event.id !== undefined) return { ...event, id: event.id };
  const location = markOf(drop, config);
  const events = await discord.serverEvents(config.DISCORD_GUILD_ID);
  const found = events.find((each) => each.location === location);
  return found && { ...event, state: "scheduled", id: found.id };
}

/**
 * Creates the event. A run that stood still until its lock was lost finds that another one has made the record since,
 * and deletes what it created itself.
 */
async function create(drop: Drop, deps: KeepEventDeps): Promise<void> {
  const { drops, discord, config } = deps;
  const guildId = config.DISCORD_GUILD_ID;
  const content = contentOf(drop, config);
  const event = { startsAt: content.startsAt, shows: digestOf(drop) };
  const begun = { ...event, id: undefined, state: "begun" } as const;
  const isFirst = await drops.replaceEvent(drop.id, drop.event, begun);
  if (!isFirst) throw new NotYetError(`Another run creates the event of drop ${drop.id}`);
  let id: string | undefined;
  const isDone = await isTaken(drop, deps, async () => {
    id = await discord.createServerEvent(guildId, content);
  });
  const created = { ...event, id, state: isDone ? "scheduled" : "refused" } as const;
  if ((await drops.replaceEvent(drop.id, begun, created)) || id === undefined) return;
  const extra = id;
  await isTaken(drop, deps, () => discord.deleteServerEvent(guildId, extra));
}

async function change(drop: Drop, { id }: { readonly id: string }, deps: KeepEventDeps) {
  const { drops, discord, config } = deps;
  const content = contentOf(drop, config);
  const isDone = await isTaken(drop, deps, () =>
    discord.editServerEvent(config.DISCORD_GUILD_ID, id, content),
  );
  const event = { startsAt: content.startsAt, shows: digestOf(drop) };
  const state = isDone ? "scheduled" : "refused";
  await drops.recordEvent(drop.id, { ...event, id, state });
}

/** Has the event lead to the drop's page, and begins it if the drop opened before its time. */
async function begin(drop: Drop, event: DropEvent & { readonly id: string }, deps: KeepEventDeps) {
  const { drops, discord, clock, config } = deps;
  const now = clock.now();
  const isEarly = event.startsAt > now;
  await isTaken(drop, deps, () =>
    discord.editServerEvent(config.DISCORD_GUILD_ID, event.id, {
      location: `${config.PUBLIC_SITE_URL}/drop/${drop.id}`,
      ...(isEarly && { status: "active", endsAt: new Date(now.getTime() + LASTS_MS) }),
    }),
  );
  await drops.recordEvent(drop.id, { ...event, state: "running" });
}

/** Completes the event of a drop that was open, and deletes that of one that does not open. */
async function end(
  drop: Drop,
  { id, state }: DropEvent & { readonly id: string },
  deps: KeepEventDeps,
) {
  const { discord, config } = deps;
  const guildId = config.DISCORD_GUILD_ID;
  await isTaken(drop, deps, () =>
    state === "running"
      ? discord.editServerEvent(guildId, id, { status: "completed" })
      : discord.deleteServerEvent(guildId, id),
  );
}

/** Makes a call; false when Discord refuses it for good, which is logged. Throws other errors. */
async function isTaken(
  drop: Drop,
  { log }: Pick<Deps, "log">,
  call: () => Promise<void>,
): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if (!(error instanceof DiscordError && error.isTerminal)) throw error;
    const { code } = error;
    const why = REFUSALS[code] ?? error.message;
    const fields = { event: "drop-event-refused", drop: drop.id, code, why };
    // What is over by itself needs no end.
    if (code !== FINISHED) log.warn("A drop's event may not be created or changed", fields);
    return false;
  }
}

function contentOf(drop: Drop, config: KeepEventDeps["config"]): EventContent {
  const startsAt = drop.opensAt ?? drop.createdAt;
  return {
    name: drop.title,
    description: `A drop for ${formatMoney(drop.price, drop.currency)}, in the marketplace.`,
    location: markOf(drop, config),
    startsAt,
    endsAt: new Date(startsAt.getTime() + LASTS_MS),
  };
}

/** Where the event leads until the drop has a page: our event is known by it. */
function markOf({ id }: Pick<Drop, "id">, { PUBLIC_SITE_URL }: KeepEventDeps["config"]): string {
  return `${PUBLIC_SITE_URL}/?drop=${id}`;
}

/** A digest of what the event of a drop says. */
function digestOf({ title, price, currency, opensAt }: Drop): string {
  const shown = JSON.stringify([title, price, currency, opensAt?.getTime()]);
  return createHash("sha256").update(shown).digest("base64url");
}
