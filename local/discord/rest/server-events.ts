import express, { type Router } from "express";
import * as z from "zod/mini";
import { refusals } from "../discord-error.ts";
import { fieldError, maybe, readForm, text } from "../forms/form.ts";
import { botMayArrange } from "../state/permissions.ts";
import { EventStatus, type ServerEvent } from "../state/server-events.ts";
import type { World } from "../state/world.ts";
import { readBody } from "./body.ts";

/** Events that take place outside of Discord, the only ones that a bot of ours creates. */
const EXTERNAL = 3;
const FOR_MEMBERS = 2;

const content = {
  name: text(100, 1),
  description: maybe(text(1000)),
  entity_metadata: z.object({ location: text(100, 1) }),
  scheduled_start_time: z.iso.datetime({ offset: true }),
  scheduled_end_time: z.iso.datetime({ offset: true }),
};
const newEvent = z.object({
  ...content,
  entity_type: z.literal(EXTERNAL),
  privacy_level: z.literal(FOR_MEMBERS),
});
const changes = z.partial(z.object({ ...content, status: z.literal([2, 3, 4]) }));

/** The moves that an event's status may make. */
const MOVES: Readonly<Record<number, readonly number[]>> = {
  [EventStatus.scheduled]: [EventStatus.active, EventStatus.cancelled],
  [EventStatus.active]: [EventStatus.completed],
};

/** Servers' scheduled events: https://discord.com/developers/docs/resources/guild-scheduled-event */
export function serverEventsRouter({ directory, serverEvents, clock }: World): Router {
  const router = express.Router();
  const path = "/guilds/:guild/scheduled-events";
  const writable = (id: string) => {
    const guild = directory.guild(id);
    if (!botMayArrange(guild, "createEvents")) throw refusals.missingPermissions();
    return guild.id;
  };
  const refuseTimes = ({ startsAtMs, endsAtMs }: Pick<ServerEvent, "startsAtMs" | "endsAtMs">) => {
    if (endsAtMs > startsAtMs && endsAtMs > clock.nowMs()) return;
    const message = "Cannot schedule an event that ends before it begins, or in the past.";
    throw refusals.invalidForm(
      fieldError(["scheduled_end_time"], "GUILD_SCHEDULED_EVENT_SCHEDULE_PAST", message),
    );
  };
  const refusePast = (startsAtMs: number) => {
    if (startsAtMs > clock.nowMs()) return;
    const message = "Cannot schedule event in the past.";
    throw refusals.invalidForm(
      fieldError(["scheduled_start_time"], "GUILD_SCHEDULED_EVENT_SCHEDULE_PAST", message),
    );
  };

  router.get(path, (request, response) => {
    const { id } = directory.guild(request.params.guild);
    response.json(serverEvents.open(id).map(eventJson));
  });
  router.post(path, async (request, response) => {
    const guildId = writable(request.params.guild);
    const form = readForm(newEvent, (await readBody(request)).json);
    const event = {
      name: form.name,
      description: form.description ?? undefined,
      location: form.entity_metadata.location,
      startsAtMs: Date.parse(form.scheduled_start_time),
      endsAtMs: Date.parse(form.scheduled_end_time),
    };
    refusePast(event.startsAtMs);
    refuseTimes(event);
    response.json(eventJson(serverEvents.create(guildId, directory.bot.id, event)));
  });
  router.patch(`${path}/:event`, async (request, response) => {
    const event = serverEvents.find(writable(request.params.guild), request.params.event);
    const form = readForm(changes, (await readBody(request)).json);
    const start = form.scheduled_start_time;
    const end = form.scheduled_end_time;
    const changed = {
      ...(form.name !== undefined && { name: form.name }),
      ...(form.description !== undefined && { description: form.description ?? undefined }),
      ...(form.entity_metadata && { location: form.entity_metadata.location }),
      ...(start !== undefined && { startsAtMs: Date.parse(start) }),
      ...(end !== undefined && { endsAtMs: Date.parse(end) }),
      ...(form.status !== undefined && { status: form.status }),
    };
    if (MOVES[event.status] === undefined) throw refusals.eventIsOver();
    if (start !== undefined && changed.startsAtMs !== event.startsAtMs) {
      refusePast(Date.parse(start));
    }
    const isMove = form.status === undefined || MOVES[event.status]?.includes(form.status);
    if (!isMove) {
      const message = "An event's status cannot change like this.";
      throw refusals.invalidForm(fieldError(["status"], "BASE_TYPE_CHOICES", message));
    }
    // Begun by hand before its time: then it begins now.
    const begun = form.status === EventStatus.active && { startsAtMs: clock.nowMs() };
    refuseTimes({ ...event, ...changed, ...begun });
    response.json(eventJson(serverEvents.edit(event, { ...changed, ...begun })));
  });
  router.delete(`${path}/:event`, (request, response) => {
    serverEvents.delete(serverEvents.find(writable(request.params.guild), request.params.event));
    response.status(204).end();
  });
  return router;
}

/** https://discord.com/developers/docs/resources/guild-scheduled-event#guild-scheduled-event-object */
export function eventJson(event: ServerEvent) {
  return {
    id: event.id,
    guild_id: event.guildId,
    channel_id: null,
    creator_id: event.creatorId,
    name: event.name,
    description: event.description ?? null,
    scheduled_start_time: new Date(event.startsAtMs).toISOString(),
    scheduled_end_time: new Date(event.endsAtMs).toISOString(),
    privacy_level: FOR_MEMBERS,
    status: event.status,
    entity_type: EXTERNAL,
    entity_id: null,
    entity_metadata: { location: event.location },
    image: null,
    recurrence_rule: null,
    guild_scheduled_event_exceptions: [],
  };
}
