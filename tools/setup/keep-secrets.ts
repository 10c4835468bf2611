import { randomBytes } from "node:crypto";
import { describeError } from "../../shared/runtime/errors.ts";
import type { FunctionSettingName } from "../checks/function-settings.ts";
import { googleRemedy } from "../checks/google-rest.ts";
import type { AreaReport } from "../checks/report.ts";
import { NoSuchSecretError, type SecretStore } from "../checks/secrets.ts";
import { isWellFormed } from "../checks/values.ts";

/** What a secret is when nobody has to know it: 48 hexadecimal digits. */
const GENERATED_BYTES = 24;

/** A secret as it is kept now. */
interface Kept {
  readonly isNew: boolean;
}

/** Keeps secrets as new versions where they differ from the newest, and remembers all versions. */
export class SecretKeeper {
  readonly #versions = new Map<FunctionSettingName, string>();
  readonly #store: SecretStore;
  readonly #projectId: string;
  readonly #area: AreaReport;

  constructor(store: SecretStore, projectId: string, area: AreaReport) {
    this.#store = store;
    this.#projectId = projectId;
    this.#area = area;
  }

  /**
   * What is kept of a secret now, or that nothing is. Undefined when it cannot be read: then it is
   * reported, and nothing may be done that takes it for missing.
   */
  async current(
    name: FunctionSettingName,
  ): Promise<{ readonly value: string | undefined } | undefined> {
    try {
      return { value: (await this.#store.newest(name))?.value.trim() };
    } catch (error) {
      if (error instanceof NoSuchSecretError) return { value: undefined };
      this.#refused(name, error);
      return undefined;
    }
  }

  /** Keeps a value that has proved good. Undefined when it could not; then it is reported. */
  async keep(name: FunctionSettingName, value: string): Promise<Kept | undefined> {
    try {
      const newest = await this.#store.newest(name);
      if (newest?.value === value) {
        this.#versions.set(name, newest.version);
        return { isNew: false };
      }
      const version = await this.#store.add(name, value);
      this.#versions.set(name, version);
      this.#area.changed(`${name} is kept as version ${version}`);
      return { isNew: true };
    } catch (error) {
      // That Secret Manager lacks it has been reported with all the others it lacks.
      if (!(error instanceof NoSuchSecretError)) this.#refused(name, error);
      return undefined;
    }
  }

  /** The versions of these secrets, of those too whose value was not given or did not prove good. */
  async versionsOf(names: readonly FunctionSettingName[]): Promise<Record<string, string>> {
    const versions: Record<string, string> = {};
    for (const name of names) {
      const version = this.#versions.get(name) ?? (await this.#newest(name));
      if (version !== undefined) versions[name] = version;
    }
    return versions;
  }

  async #newest(name: FunctionSettingName): Promise<string | undefined> {
    try {
      return await this.#store.newestVersion(name);
    } catch (error) {
      if (!(error instanceof NoSuchSecretError)) this.#refused(name, error);
      return undefined;
    }
  }

  #refused(name: FunctionSettingName, error: unknown): void {
    this.#area.wrong(
      `${name} could not be kept: ${describeError(error)}`,
      googleRemedy(error, "secretmanager", this.#projectId),
    );
  }
}

/** A secret that nobody has to know: the one that is given, else the one that is kept, else a new one. */
export function ownSecret(
  name: "TWITCH_EVENTSUB_SECRET" | "FORGOTTEN_KEY",
  given: string | undefined,
  kept: string | undefined,
): string {
  const usable = [given, kept].find((value) => value !== undefined && isWellFormed(name, value));
  return usable ?? randomBytes(GENERATED_BYTES).toString("hex");
}
