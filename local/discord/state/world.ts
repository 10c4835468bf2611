import type { LocalClock } from "../../kit/clock.ts";
import type { PersistentState } from "../../kit/persistent-state.ts";
import { Authorisations, type Client } from "../oauth/authorisations.ts";
import { RateLimits } from "../rate-limits.ts";
import { Attachments } from "./attachments.ts";
import { Commands } from "./commands.ts";
import { Directory } from "./directory.ts";
import { EventLog } from "./event-log.ts";
import { Interactions } from "./interactions.ts";
import { Messages } from "./messages.ts";
import { ReadMarks } from "./read-marks.ts";
import { ServerEvents } from "./server-events.ts";
import { Snowflakes } from "./snowflakes.ts";

/** The state of the Discord simulator. */
export interface World {
  readonly clock: LocalClock;
  readonly applicationId: string;
  readonly snowflakes: Snowflakes;
  readonly log: EventLog;
  readonly directory: Directory;
  readonly messages: Messages;
  readonly serverEvents: ServerEvents;
  readonly marks: ReadMarks;
  readonly attachments: Attachments;
  readonly commands: Commands;
  readonly interactions: Interactions;
  readonly authorisations: Authorisations;
  /** Undefined when rate limits are off. */
  readonly limits: RateLimits | undefined;
  /** The URL for interactions, once the application has saved one. */
  interactionsEndpointUrl: string | undefined;
}

/** Stores everything that outlives the process in `state`. */
export function persistWorld(world: World, state: PersistentState): void {
  for (const part of [
    world.snowflakes,
    world.log,
    world.directory,
    world.messages,
    world.serverEvents,
    world.marks,
    world.attachments,
    world.commands,
    world.interactions,
    world.authorisations,
  ]) {
    part.persistIn(state);
  }
}

/** Creates a Discord that contains only the application and its bot. */
export function createWorld(clock: LocalClock, client: Client, countsCalls: boolean): World {
  const { id: applicationId } = client;
  const snowflakes = new Snowflakes(clock);
  const log = new EventLog(clock);
  const directory = new Directory(snowflakes, applicationId);
  const messages = new Messages(clock, snowflakes, directory, log);
  return {
    clock,
    applicationId,
    snowflakes,
    log,
    directory,
    messages,
    serverEvents: new ServerEvents(clock, snowflakes, log),
    marks: new ReadMarks(),
    attachments: new Attachments(snowflakes),
    commands: new Commands(clock, snowflakes, log, applicationId),
    interactions: new Interactions(clock, messages, log, applicationId),
    authorisations: new Authorisations(clock, client),
    limits: countsCalls ? new RateLimits(clock) : undefined,
    interactionsEndpointUrl: undefined,
  };
}
