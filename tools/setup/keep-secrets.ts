import { randomBytes } from "node:crypto";
import { describeError } from "../../shared/runtime/errors.ts";
import { googleRemedy } from "../doctor/checks/google/rest.ts";
import { NoSuchSecretError, type SecretStore } from "../doctor/checks/google/secrets.ts";
import type { AreaReport } from "../doctor/checks/report.ts";
import type { FunctionSettingName } from "../settings/function-settings.ts";
import { isWellFormed } from "../settings/values.ts";

/** The form of a secret that setup generates itself: 48 hexadecimal digits. */
const GENERATED_BYTES = 24;

/** A secret as it is stored now. */
interface Kept {
  readonly isNew: boolean;
}

/** Stores secrets as new versions where they differ from the newest, and remembers all versions. */
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
   * The stored value of a secret, or that there is none. Undefined if it cannot be read: that is then
   * reported, and the caller must not treat the secret as missing.
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

  /** Stores a value that has been checked. Undefined if it could not be stored; that is then reported. */
  async keep(name: FunctionSettingName, value: string): Promise<Kept | undefined> {
    try {
      const newest = await this.#store.newest(name);
      if (newest?.value === value) {
        this.#versions.set(name, newest.version);
        return { isNew: false };
      }
      const version = await this.#store.add(name, value);
      this.#versions.set(name, version);
      this.#area.changed(`${name} is stored as version ${version}`);
      return { isNew: true };
    } catch (error) {
      // A secret that Secret Manager lacks has been reported together with all the others.
      if (!(error instanceof NoSuchSecretError)) this.#refused(name, error);
      return undefined;
    }
  }

  /** The versions of these secrets, including those whose value was not given or did not pass its check. */
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
      `${name} could not be stored: ${describeError(error)}`,
      googleRemedy(error, "secretmanager", this.#projectId),
    );
  }
}

/** The value of a generated secret: the given one, otherwise the stored one, otherwise a new one. */
export function ownSecret(
  name: "TWITCH_EVENTSUB_SECRET" | "FORGOTTEN_KEY" | "SESSION_KEY",
  given: string | undefined,
  stored: string | undefined,
): string {
  const usable = [given, stored].find((value) => value !== undefined && isWellFormed(name, value));
  return usable ?? randomBytes(GENERATED_BYTES).toString("hex");
}
