import * as z from "zod/mini";
import { connectGoogle, GoogleError } from "./rest.ts";

/** The newest enabled version of a secret. */
export interface KeptSecret {
  /** A number as text, as Terraform expects it. */
  readonly version: string;
  readonly value: string;
}

/** Secret Manager has no such secret: Terraform has not created it yet. */
export class NoSuchSecretError extends Error {
  override name = "NoSuchSecretError";
}

/** The secrets of a project; a secret's id is its setting's name. Methods throw GoogleError. */
export interface SecretStore {
  /** Checks that the project can be reached; returns the ids of its secrets. */
  ids(): Promise<string[]>;
  /** The newest enabled version, or undefined. Throws NoSuchSecretError. */
  newest(id: string): Promise<KeptSecret | undefined>;
  /** Only its version number, which needs no permission to read secrets. Throws NoSuchSecretError. */
  newestVersion(id: string): Promise<string | undefined>;
  /** Stores a new version and returns its number. Throws NoSuchSecretError. */
  add(id: string, value: string): Promise<string>;
}

const page = z.object({
  secrets: z._default(z.array(z.object({ name: z.string() })), []),
  nextPageToken: z.optional(z.string()),
});
const version = z.object({ name: z.string() });
const versionList = z.object({ versions: z._default(z.array(version), []) });
const payload = z.object({ payload: z.object({ data: z.string() }) });

/** https://cloud.google.com/secret-manager/docs/reference/rest */
export function connectSecrets(projectId: string, emulatorHost: string | undefined): SecretStore {
  const google = connectGoogle("secretmanager", emulatorHost);
  const root = `projects/${projectId}/secrets`;

  async function newestVersion(id: string): Promise<string | undefined> {
    const path = `${root}/${id}/versions?filter=state:ENABLED&pageSize=1`;
    const { versions } = await known(id, google.call("GET", path, versionList));
    return versions[0] && lastPart(versions[0].name);
  }

  return {
    async ids() {
      const found: string[] = [];
      let token = "";
      do {
        const answer = await google.call("GET", `${root}?pageToken=${token}`, page);
        found.push(...answer.secrets.map(({ name }) => lastPart(name)));
        token = answer.nextPageToken ?? "";
      } while (token);
      return found;
    },

    newestVersion,

    async newest(id) {
      const number = await newestVersion(id);
      if (number === undefined) return undefined;
      const answer = await google.call("GET", `${root}/${id}/versions/${number}:access`, payload);
      const value = Buffer.from(answer.payload.data, "base64").toString();
      return { version: number, value };
    },

    async add(id, value) {
      const data = Buffer.from(value).toString("base64");
      const adding = google.call("POST", `${root}/${id}:addVersion`, version, {
        payload: { data },
      });
      return lastPart((await known(id, adding)).name);
    },
  };
}

async function known<T>(id: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof GoogleError && error.status === 404)) throw error;
    throw new NoSuchSecretError(`There is no secret ${id}.`, { cause: error });
  }
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}
