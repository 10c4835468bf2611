import type { Addresses } from "../doctor/checks/addresses.ts";
import { connectSecrets, type SecretStore } from "../doctor/checks/google/secrets.ts";
import type { CommandContext } from "../doctor/checks/installation.ts";
import { Report } from "../doctor/checks/report.ts";
import {
  addressesIn,
  type GivenName,
  isSecret,
  placeOf,
  readGiven,
  type Values,
  valuesOf,
  withStoredSecrets,
} from "../settings/values.ts";
import { apisOf, type OpenApi } from "./google/apis.ts";
import { patiently } from "./patience.ts";
import type { Programs } from "./programs/programs.ts";
import { dropAnswers, keepAnswers } from "./questions/answers.ts";
import type { Person } from "./questions/person.ts";
import { BlockedError, RUN_AGAIN } from "./step.ts";

/** What an installation works with. */
export interface InstallContext extends CommandContext {
  readonly programs: Programs;
  readonly person: Person;
}

const DEFAULT_REGION = "us-central1";

/** The installation of a folder: its settings, as far as they are known, and the services it is made at. */
export class Installation {
  readonly context: InstallContext;
  readonly google: OpenApi;
  /** What services have said in this run. What a person has written down goes before it. */
  #learned: Values = {};
  /** Answers that are being tried. */
  #tried: Values = {};

  constructor(context: InstallContext) {
    this.context = context;
    this.google = apisOf(context.environment);
  }

  /** Everything known: tried and given settings, then what services said. */
  get values(): Values {
    const { environment, folder } = this.context;
    const given = readGiven(environment, folder);
    return valuesOf({ ...this.#learned, ...given, ...this.#tried });
  }

  /** Throws BlockedError while no project is named: the steps before that one need none. */
  get projectId(): string {
    const { GOOGLE_CLOUD_PROJECT: id } = this.values;
    if (id === undefined) throw new BlockedError("no project is named", RUN_AGAIN);
    return id;
  }

  get region(): string {
    return this.values.GOOGLE_CLOUD_REGION ?? DEFAULT_REGION;
  }

  /** Throws BlockedError before the site's address is known. */
  get addresses(): Addresses {
    const addresses = addressesIn(this.values);
    if (addresses) return addresses;
    throw new BlockedError(
      "PUBLIC_SITE_URL or FUNCTIONS_BASE_URL is malformed",
      "Correct it in c500.env, then press Enter; docs/reference/settings.md says what it has to be",
    );
  }

  get secrets(): SecretStore {
    const { SECRET_MANAGER_EMULATOR_HOST: emulator } = this.context.environment;
    return connectSecrets(this.projectId, emulator);
  }

  /** Whether the environment gives a setting. Then nothing that is typed or in a file changes it in this run. */
  isFromShell(name: GivenName): boolean {
    const { environment, folder } = this.context;
    return placeOf(name, environment, folder)?.from === "environment";
  }

  /** Where the value of a setting is from; undefined if none is known, or if a service has said it. */
  originOf(name: GivenName): string | undefined {
    const { environment, folder } = this.context;
    if (this.isFromShell(name)) return "your shell";
    const place = placeOf(name, environment, folder);
    const isStored = isSecret(name) && this.#learned[name] !== undefined;
    return place?.where ?? (isStored ? "Secret Manager" : undefined);
  }

  learn(values: Values): void {
    this.#learned = { ...this.#learned, ...values };
  }

  /** Uses answers while `work` finds out whether they are right. */
  async trying<T>(answers: Values, work: () => Promise<T>): Promise<T> {
    this.#tried = answers;
    try {
      return await work();
    } finally {
      this.#tried = {};
    }
  }

  /**
   * Repeats work while it fails for a reason that passes by itself, such as a lost connection. For what comes after a
   * question, which a step that is run again would ask again.
   */
  patiently<T>(work: () => Promise<T>): Promise<T> {
    return patiently(this.context.clock, (line) => this.say(line), work);
  }

  /** Writes answers into `c500.env`. */
  keep(answers: Values): void {
    keepAnswers(this.context.folder, answers);
  }

  forget(names: Parameters<typeof dropAnswers>[1]): boolean {
    return dropAnswers(this.context.folder, names);
  }

  /** Reads the secrets that are in Secret Manager already. It may not be there yet. */
  async readSecrets(): Promise<void> {
    const quiet = new Report(() => undefined).area("");
    const given = this.values;
    const all = await withStoredSecrets(given, this.secrets, quiet);
    const stored = Object.entries(all).filter(
      ([name, value]) => given[name as keyof Values] !== value,
    );
    this.learn(Object.fromEntries(stored));
  }

  say(line: string): void {
    this.context.person.say(line);
  }
}
