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

/** Every context where a global command is available: servers, DMs with the bot, other DMs. */
const ALL_CONTEXTS = [0, 1, 2];

/** A registered command. */
export interface Command extends CommandForm {
  readonly id: string;
  readonly guildId: string | undefined;
  readonly version: string;
}

/** The application's commands, global and per server. */
export class Commands {
  #clock: LocalClock;
  #snowflakes: Snowflakes;
  #log: EventLog;
  #applicationId: string;
  #byScope = new Map<string, Command[]>();
  #creates = new Map<string, number[]>();

  constructor(clock: LocalClock, snowflakes: Snowflakes, log: EventLog, applicationId: string) {
    this.#clock = clock;
    this.#snowflakes = snowflakes;
    this.#log = log;
    this.#applicationId = applicationId;
  }

  persistIn(state: PersistentState): void {
    state.maps("discord.commands", { scopes: this.#byScope, creates: this.#creates });
  }

  list(guildId: string | undefined): readonly Command[] {
    return this.#byScope.get(guildId ?? "global") ?? [];
  }

  /** Finds a command by id. Throws 10063 when it does not exist. */
  get(guildId: string | undefined, id: string): Command {
    const command = this.list(guildId).find((each) => each.id === id);
    if (!command) throw refusals.unknownCommand();
    return command;
  }

  /** The command that this name runs for a user in a server or in a DM. */
  available(guildId: string | undefined, name: string): Command | undefined {
    const ofServer = guildId === undefined ? [] : this.list(guildId);
    return [...ofServer, ...this.list(undefined)].find((each) => each.name === name);
  }

  /** Replaces all commands of the scope; those with a known name and type keep their ids. */
  replaceAll(guildId: string | undefined, forms: readonly CommandForm[]): readonly Command[] {
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
    return this.#store(guildId, forms, []);
  }

  /** Adds a command, or replaces the one of this name and type. */
  upsert(guildId: string | undefined, form: CommandForm): { command: Command; isNew: boolean } {
    const before = this.list(guildId);
    const others = before.filter((each) => keyOf(each) !== keyOf(form));
    const stored = this.#store(guildId, [form], others);
    const command = this.get(guildId, stored.at(-1)?.id ?? "");
    return { command, isNew: others.length === before.length };
  }

  /** Changes the given fields. */
  change(guildId: string | undefined, id: string, form: CommandForm): Command {
    const before = this.get(guildId, id);
    const taken = this.list(guildId).some((each) => each.id !== id && keyOf(each) === keyOf(form));
    if (taken) {
      const message = "Application command names must be unique";
      throw refusals.invalidForm(
        fieldError(["name"], "APPLICATION_COMMANDS_DUPLICATE_NAME", message),
      );
    }
    const changed = { ...before, ...form, version: this.#snowflakes.next() };
    const all = this.list(guildId).map((each) => (each.id === id ? changed : each));
    this.#set(guildId, all);
    return changed;
  }

  delete(guildId: string | undefined, id: string): void {
    const { id: found } = this.get(guildId, id);
    this.#set(
      guildId,
      this.list(guildId).filter((each) => each.id !== found),
    );
  }

  /** https://discord.com/developers/docs/interactions/application-commands#application-command-object */
  json({ guildId, ...command }: Command) {
    return {
      ...command,
      application_id: this.#applicationId,
      ...(guildId === undefined
        ? { contexts: command.contexts ?? ALL_CONTEXTS }
        : { guild_id: guildId, contexts: command.contexts ?? null }),
      type: command.type ?? CHAT_INPUT,
      description: command.description ?? "",
      options: command.options ?? [],
      nsfw: command.nsfw ?? false,
      default_member_permissions: command.default_member_permissions ?? null,
      integration_types: command.integration_types ?? [0],
    };
  }

  #store(
    guildId: string | undefined,
    forms: readonly CommandForm[],
    others: readonly Command[],
  ): readonly Command[] {
    const before = new Map(this.list(guildId).map((each) => [keyOf(each), each]));
    const all = [
      ...others,
      ...forms.map((form): Command => {
        const id = before.get(keyOf(form))?.id ?? this.#snowflakes.next();
        return { ...form, id, guildId, version: this.#snowflakes.next() };
      }),
    ];
    for (const [type, most] of Object.entries(MAX_BY_TYPE)) {
      const count = all.filter((each) => (each.type ?? CHAT_INPUT) === Number(type)).length;
      if (count > most) throw refusals.tooManyCommands(most);
    }
    this.#countCreates(guildId, forms.filter((form) => !before.has(keyOf(form))).length);
    this.#set(guildId, all);
    return all;
  }

  #countCreates(guildId: string | undefined, count: number): void {
    const nowMs = this.#clock.nowMs();
    const scope = guildId ?? "global";
    const recent = (this.#creates.get(scope) ?? []).filter((atMs) => nowMs - atMs < DAY_MS);
    if (recent.length + count > MAX_CREATES_PER_DAY) {
      throw refusals.tooManyCommandCreates(MAX_CREATES_PER_DAY);
    }
    this.#creates.set(scope, [...recent, ...Array.from({ length: count }, () => nowMs)]);
  }

  #set(guildId: string | undefined, all: Command[]): void {
    this.#byScope.set(guildId ?? "global", all);
    this.#log.add({ kind: "commands-registered", guildId, names: all.map(({ name }) => name) });
  }
}

function keyOf({ type, name }: Pick<CommandForm, "type" | "name">): string {
  return `${type ?? CHAT_INPUT} ${name}`;
}
