import type { Log } from "../../runtime/log.ts";
import type { Send } from "./send.ts";

/**
 * What a server's scheduled event says: a name of at most 100 characters, a description of at most 1000, a location of
 * at most 100. It begins and ends by itself at its times.
 */
export interface EventContent {
  readonly name: string;
  readonly description: string;
  readonly location: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/** What changes of an event. */
interface EventChanges extends Partial<EventContent> {
  readonly status?: keyof typeof EVENT_STATUSES;
}

/** An event as we read it. */
export interface ServerEvent {
  readonly id: string;
  readonly location: string | undefined;
}

/** https://discord.com/developers/docs/resources/guild-scheduled-event#guild-scheduled-event-object-guild-scheduled-event-status */
const EVENT_STATUSES = { active: 2, completed: 3 } as const;
const GUILD_ONLY = 2;
const EXTERNAL = 3;

/** A server's scheduled events. https://discord.com/developers/docs/resources/guild-scheduled-event */
export function serverEventCalls(send: Send, log: Pick<Log, "info">) {
  return {
    /** A server's scheduled events that are not over. */
    async serverEvents(guildId: string): Promise<readonly ServerEvent[]> {
      const path = eventsOf(guildId);
      const answer = await send({ method: "GET", path, route: path });
      const events = answer as { id: string; entity_metadata: { location?: string } | null }[];
      return events.map(({ id, entity_metadata: place }) => ({ id, location: place?.location }));
    },

    /** Creates an event and returns its id. Not idempotent, and so never repeated: look for it before another try. */
    async createServerEvent(guildId: string, event: EventContent): Promise<string> {
      const path = eventsOf(guildId);
      const body = { ...eventBody(event), entity_type: EXTERNAL, privacy_level: GUILD_ONLY };
      const answer = await send({ method: "POST", path, route: path, once: true }, body);
      const { id: eventId } = answer as { id: string };
      log.info("A server's event was created", { event: "server-event-created", eventId });
      return eventId;
    },

    /** Changes what an event says, or begins or ends it. Idempotent but for a status, which it refuses then. */
    async editServerEvent(
      guildId: string,
      eventId: string,
      { status, ...changes }: EventChanges,
    ): Promise<void> {
      const path = `${eventsOf(guildId)}/${eventId}` as const;
      const body = { ...eventBody(changes), ...(status && { status: EVENT_STATUSES[status] }) };
      await send({ method: "PATCH", path, route: path }, body);
      log.info("A server's event was changed", { event: "server-event-changed", eventId });
    },

    /** Deletes an event. A repeat is refused. */
    async deleteServerEvent(guildId: string, eventId: string): Promise<void> {
      const path = `${eventsOf(guildId)}/${eventId}` as const;
      await send({ method: "DELETE", path, route: path });
      log.info("A server's event was deleted", { event: "server-event-deleted", eventId });
    },
  };
}

function eventsOf(guildId: string) {
  return `/guilds/${guildId}/scheduled-events` as const;
}

function eventBody({ name, description, location, startsAt, endsAt }: Partial<EventContent>) {
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(location !== undefined && { entity_metadata: { location } }),
    ...(startsAt && { scheduled_start_time: startsAt.toISOString() }),
    ...(endsAt && { scheduled_end_time: endsAt.toISOString() }),
  };
}
