import { GoogleRestError } from "../../kit/google/rest.ts";
import type { PersistentState } from "../../kit/persistent-state.ts";

/** The states of a secret version. */
export type VersionState = "ENABLED" | "DISABLED" | "DESTROYED";

/** One version of a secret's value. */
export interface Version {
  readonly number: number;
  readonly createdAtMs: number;
  state: VersionState;
  /** Undefined once the version is destroyed. */
  payload: Buffer | undefined;
}

/** A secret with its versions, oldest first. */
export interface Secret {
  readonly id: string;
  readonly createdAtMs: number;
  readonly replication: object;
  readonly versions: Version[];
}

/** https://cloud.google.com/secret-manager/quotas */
const MAX_PAYLOAD_BYTES = 64 * 1024;
const SECRET_ID = /^[\w-]{1,255}$/;

/** The secrets of one project. */
export class Vault {
  #nowMs: () => number;
  #secrets = new Map<string, Secret>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  persistIn(state: PersistentState): void {
    state.maps("secrets.vault", { secrets: this.#secrets });
  }

  all(): Secret[] {
    return [...this.#secrets.values()];
  }

  create(id: string, replication: object): Secret {
    if (!SECRET_ID.test(id)) {
      throw new GoogleRestError("INVALID_ARGUMENT", `The secret id "${id}" is not valid.`);
    }
    if (this.#secrets.has(id)) {
      throw new GoogleRestError("ALREADY_EXISTS", `Secret [${id}] already exists.`);
    }
    const secret = { id, createdAtMs: this.#nowMs(), replication, versions: [] };
    this.#secrets.set(id, secret);
    return secret;
  }

  get(id: string): Secret {
    const secret = this.#secrets.get(id);
    if (!secret) throw new GoogleRestError("NOT_FOUND", `Secret [${id}] not found.`);
    return secret;
  }

  delete(id: string): void {
    this.get(id);
    this.#secrets.delete(id);
  }

  addVersion(id: string, payload: Buffer): Version {
    const { versions } = this.get(id);
    if (payload.length === 0 || payload.length > MAX_PAYLOAD_BYTES) {
      const message = `A payload must have from 1 to ${MAX_PAYLOAD_BYTES} bytes.`;
      throw new GoogleRestError("INVALID_ARGUMENT", message);
    }
    const version: Version = {
      number: versions.length + 1,
      createdAtMs: this.#nowMs(),
      state: "ENABLED",
      payload,
    };
    versions.push(version);
    return version;
  }

  /** Finds a version by number; "latest" is the newest one, whatever its state. */
  version(id: string, which: string): Version {
    const { versions } = this.get(id);
    const version = which === "latest" ? versions.at(-1) : versions[Number(which) - 1];
    if (version) return version;
    throw new GoogleRestError("NOT_FOUND", `Secret Version [${id}/${which}] not found.`);
  }

  /** Changes a version's state. Throws for a destroyed version. */
  setState(version: Version, state: VersionState): Version {
    if (version.state === "DESTROYED" && state !== "DESTROYED") {
      const message = "The secret version is destroyed and can not be changed.";
      throw new GoogleRestError("FAILED_PRECONDITION", message);
    }
    version.state = state;
    if (state === "DESTROYED") version.payload = undefined;
    return version;
  }

  /** The value of an enabled version. Throws otherwise. */
  access(version: Version): Buffer {
    if (version.state === "ENABLED" && version.payload) return version.payload;
    const message = `The secret version is in ${version.state} state.`;
    throw new GoogleRestError("FAILED_PRECONDITION", message);
  }
}
