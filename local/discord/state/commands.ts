import type { LocalClock } from "../../kit/clock.ts";
import type { PersistentState } from "../../kit/persistent-state.ts";
import { refusals } from "../discord-error.ts";
import { CHAT_INPUT, type CommandForm } from "../forms/commands.ts";
import { fieldError } from "../forms/form.ts";
import type { EventLog } from "./event-log.ts";
import type { Snowflakes } from "./snowflakes.ts";

// https://discord.com/developers/docs/interactions/application-commands#registering-a-command
const MAX_CREATES_PER_DAY = 200;
const DAY_MS = 86_400_000;
/** By command type: slash command, user command, message command, entry point. */
const MAX_BY_TYPE: Readonly<Record<number, number>> = { 1: 100, 2: 15, 3: 15, 4: 1 };

/** A registered command. */
export interface Command extends CommandForm {
  readonly id: string;
  readonly guildId: string;
  readonly version: string;
}

/** The application's commands, by server. */
export class Commands {
  #clock: LocalClock;
  #snowflakes: Snowflakes;
  #log: EventLog;
  #applicationId: string;
  #byGuild = new Map<string, Command[]>();
  #creates = new Map<string, number[]>();
  #revision = 0;

  constructor(clock: LocalClock, snowflakes: Snowflakes, log: EventLog, applicationId: string) {
    this.#clock = clock;
    this.#snowflakes = snowflakes;
    this.#log = log;
    this.#applicationId = applicationId;
  }

  persistIn(state: PersistentState): void {
    state.maps("discord.commands", { scopes: this.#byGuild, creates: this.#creates });
  }

  /** Changes with every registration. */
  get revision(): number {
    return this.#revision;
  }

  list(guildId: string): readonly Command[] {
    return this.#byGuild.get(guildId) ?? [];
  }

  /** The command that this name runs for a user in a server; there are none in DMs. */
  available(guildId: string | undefined, name: string): Command | undefined {
    return guildId === undefined
      ? undefined
      : this.list(guildId).find((each) => each.name === name);
  }

  /** Replaces all commands of a server; those with a known name and type keep their ids. */
  replaceAll(guildId: string, forms: readonly CommandForm[]): readonly Command[] {
    const seen = new Set<string>();
    for (const [index, form] of forms.entries()) {
      const key = keyOf(form);
      if (seen.has(key)) {
        const message = "Application command names must be unique";
        throw refusals.invalidForm(
          fieldError([index, "name"], "APPLICATION_COMMANDS_DUPLICATE_NAME", message),
        );
      }
      seen.add(key);
    }
    return this.#store(guildId, forms);
  }

  /** https://discord.com/developers/docs/interactions/application-commands#application-command-object */
  json({ guildId, ...command }: Command) {
    return {
      ...command,
      application_id: this.#applicationId,
      guild_id: guildId,
      contexts: command.contexts ?? null,
      type: command.type ?? CHAT_INPUT,
      description: command.description ?? "",
      options: command.options ?? [],
      nsfw: command.nsfw ?? false,
      default_member_permissions: command.default_member_permissions ?? null,
      integration_types: command.integration_types ?? [0],
    };
  }

  #store(guildId: string, forms: readonly CommandForm[]): readonly Command[] {
    const before = new Map(this.list(guildId).map((each) => [keyOf(each), each]));
    const all = forms.map((form): Command => {
      const id = before.get(keyOf(form))?.id ?? this.#snowflakes.next();
      return { ...form, id, guildId, version: this.#snowflakes.next() };
    });
    for (const [type, most] of Object.entries(MAX_BY_TYPE)) {
      const count = all.filter((each) => (each.type ?? CHAT_INPUT) === Number(type)).length;
      if (count > most) throw refusals.tooManyCommands(most);
    }
    this.#countCreates(guildId, forms.filter((form) => !before.has(keyOf(form))).length);
    this.#set(guildId, all);
    return all;
  }

  #countCreates(guildId: string, count: number): void {
    const nowMs = this.#clock.nowMs();
    const recent = (this.#creates.get(guildId) ?? []).filter((atMs) => nowMs - atMs < DAY_MS);
    if (recent.length + count > MAX_CREATES_PER_DAY) {
      throw refusals.tooManyCommandCreates(MAX_CREATES_PER_DAY);
    }
    this.#creates.set(guildId, [...recent, ...Array.from({ length: count }, () => nowMs)]);
  }

  #set(guildId: string, all: Command[]): void {
    this.#byGuild.set(guildId, all);
    this.#revision += 1;
    this.#log.add({ kind: "commands-registered", guildId, names: all.map(({ name }) => name) });
  }
}

function keyOf({ type, name }: Pick<CommandForm, "type" | "name">): string {
  return `${type ?? CHAT_INPUT} ${name}`;
}
