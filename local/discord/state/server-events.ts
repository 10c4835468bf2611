import type { LocalClock } from "../../kit/clock.ts";
import type { PersistentState } from "../../kit/persistent-state.ts";
import { refusals } from "../discord-error.ts";
import type { EventLog } from "./event-log.ts";
import type { Snowflakes } from "./snowflakes.ts";

/** https://discord.com/developers/docs/resources/guild-scheduled-event#create-guild-scheduled-event */
const MOST_OPEN = 100;

/** https://discord.com/developers/docs/resources/guild-scheduled-event#guild-scheduled-event-object-guild-scheduled-event-status */
export const EventStatus = { scheduled: 1, active: 2, completed: 3, cancelled: 4 } as const;
export type EventStatus = (typeof EventStatus)[keyof typeof EventStatus];

/** What its author says of an event. */
export interface EventContent {
  readonly name: string;
  readonly description: string | undefined;
  readonly location: string;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

/** A scheduled event of a server, which takes place outside of Discord. */
export interface ServerEvent extends EventContent {
  readonly id: string;
  readonly guildId: string;
  readonly creatorId: string;
  readonly status: EventStatus;
}

/** The scheduled events of all servers. They begin and end by themselves at their times. */
export class ServerEvents {
  #clock: LocalClock;
  #snowflakes: Snowflakes;
  #log: EventLog;
  #events = new Map<string, ServerEvent>();

  constructor(clock: LocalClock, snowflakes: Snowflakes, log: EventLog) {
    this.#clock = clock;
    this.#snowflakes = snowflakes;
    this.#log = log;
  }

  persistIn(state: PersistentState): void {
    state.maps("discord.serverEvents", { events: this.#events });
  }

  /** A server's events that are not over, the next to begin first. */
  open(guildId: string): ServerEvent[] {
    return [...this.#events.values()]
      .map((event) => this.#now(event))
      .filter((event) => event.guildId === guildId && isOpen(event))
      .sort((one, other) => one.startsAtMs - other.startsAtMs);
  }

  /** Throws 10070 when a server has no such event. */
  find(guildId: string, id: string): ServerEvent {
    const event = this.#events.get(id);
    if (event?.guildId !== guildId) throw refusals.unknownEvent();
    return this.#now(event);
  }

  /** Throws 30038 when the server has as many open events as it may. */
  create(guildId: string, creatorId: string, content: EventContent): ServerEvent {
    if (this.open(guildId).length >= MOST_OPEN) throw refusals.tooManyEvents(MOST_OPEN);
    const id = this.#snowflakes.next();
    return this.#store({ ...content, id, guildId, creatorId, status: EventStatus.scheduled });
  }

  edit(event: ServerEvent, changes: Partial<EventContent & Pick<ServerEvent, "status">>) {
    return this.#store({ ...event, ...changes });
  }

  delete({ id, guildId }: ServerEvent): void {
    this.#events.delete(id);
    this.#log.add({ kind: "server-event-deleted", guildId, eventId: id });
  }

  #store(event: ServerEvent): ServerEvent {
    const { id: eventId, guildId, status } = event;
    this.#events.set(eventId, event);
    this.#log.add({ kind: "server-event-changed", guildId, eventId, status });
    return event;
  }

  /** An event as it is by now. */
  #now(event: ServerEvent): ServerEvent {
    const nowMs = this.#clock.nowMs();
    if (!isOpen(event) || nowMs < event.startsAtMs) return event;
    if (nowMs >= event.endsAtMs) return { ...event, status: EventStatus.completed };
    return { ...event, status: EventStatus.active };
  }
}

function isOpen({ status }: Pick<ServerEvent, "status">): boolean {
  return status === EventStatus.scheduled || status === EventStatus.active;
}
