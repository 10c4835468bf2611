import express, { type Request, type Response } from "express";
import * as z from "zod/mini";
import type { LocalClock } from "../../kit/clock.ts";
import type { FaultPlan } from "../../kit/faults.ts";
import {
  applyGoogleFaults,
  GoogleRestError,
  googleErrors,
  restPage,
} from "../../kit/google/rest.ts";
import { type Place, serveAt } from "../../kit/http/listen.ts";
import type { PersistentState } from "../../kit/persistent-state.ts";
import { type Secret, Vault, type Version } from "./vault.ts";

/** Options of `startSecrets`. */
export interface SecretsOptions extends Place {
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  readonly projectId: string;
  /** State that an earlier run stored and this run continues. */
  readonly state?: PersistentState | undefined;
}

/** The running Secret Manager emulator. */
export interface SecretsEmulator {
  /** "127.0.0.1:PORT", for SECRET_MANAGER_EMULATOR_HOST. */
  readonly host: string;
  /** Adds a version to a secret, which is created if necessary. */
  keep(id: string, value: string): void;
  stop(): Promise<void>;
}

// https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets/list
const MAX_PAGE_SIZE = 25_000;

const newSecret = z.object({
  replication: z.object({ automatic: z.optional(z.object({})) }),
});
const newVersion = z.object({ payload: z.object({ data: z.string() }) });
const STATE_FILTER = /^state:(ENABLED|DISABLED|DESTROYED)$/;
/** The resulting state of each verb in a version's URL. */
const STATE_BY_VERB = { enable: "ENABLED", disable: "DISABLED", destroy: "DESTROYED" } as const;

/**
 * Starts a Secret Manager emulator over HTTP for one project: secrets, their versions, and the
 * versions' states. Callers are not authenticated. Planned faults apply to calls by method and
 * path.
 * https://cloud.google.com/secret-manager/docs/reference/rest
 */
export async function startSecrets(options: SecretsOptions): Promise<SecretsEmulator> {
  const { clock, projectId } = options;
  const vault = new Vault(() => clock.nowMs());
  if (options.state) vault.persistIn(options.state);
  const parent = `projects/${projectId}/secrets`;

  const showSecret = ({ id, replication, createdAtMs }: Secret) => ({
    name: `${parent}/${id}`,
    replication,
    createTime: new Date(createdAtMs).toISOString(),
  });
  const showVersion = (id: string, { number, state, createdAtMs }: Version) => ({
    name: `${parent}/${id}/versions/${number}`,
    createTime: new Date(createdAtMs).toISOString(),
    state,
  });

  const app = express().disable("x-powered-by").disable("etag");
  app.use(applyGoogleFaults("secrets", options), express.json());
  const router = express.Router();

  router.get("/", (request, response) => {
    const { items, nextPageToken } = restPage(vault.all(), request.query, MAX_PAGE_SIZE);
    response.json({ secrets: items.map(showSecret), nextPageToken, totalSize: vault.all().length });
  });
  router.post("/", ({ query, body }, response) => {
    const { replication } = read(newSecret, body);
    response.json(showSecret(vault.create(String(query["secretId"] ?? ""), replication)));
  });
  router.post(/^\/([^/:]+):addVersion$/, ({ params, body }, response) => {
    const id = String(params["0"]);
    const { data } = read(newVersion, body).payload;
    response.json(showVersion(id, vault.addVersion(id, Buffer.from(data, "base64"))));
  });
  router.get("/:secret", ({ params }, response) => {
    response.json(showSecret(vault.get(params.secret)));
  });
  router.delete("/:secret", ({ params }, response) => {
    vault.delete(params.secret);
    response.json({});
  });
  router.get("/:secret/versions", ({ params, query }, response) => {
    const { filter = "" } = query;
    const state = STATE_FILTER.exec(String(filter))?.[1];
    if (filter !== "" && !state) {
      throw new GoogleRestError(
        "INVALID_ARGUMENT",
        `The emulator does not support the filter "${filter}".`,
      );
    }
    const newestFirst = vault.get(params.secret).versions.toReversed();
    const wanted = newestFirst.filter((version) => !state || version.state === state);
    const { items, nextPageToken } = restPage(wanted, query, MAX_PAGE_SIZE);
    const versions = items.map((version) => showVersion(params.secret, version));
    response.json({ versions, nextPageToken, totalSize: wanted.length });
  });
  router.get(/^\/([^/:]+)\/versions\/([^/:]+):access$/, (request, response) => {
    const { id, version } = versionOf(request, vault);
    const data = vault.access(version).toString("base64");
    response.json({ name: showVersion(id, version).name, payload: { data } });
  });
  for (const [verb, state] of Object.entries(STATE_BY_VERB)) {
    const path = new RegExp(`^/([^/:]+)/versions/([^/:]+):${verb}$`);
    router.post(path, (request: Request, response: Response) => {
      const { id, version } = versionOf(request, vault);
      response.json(showVersion(id, vault.setState(version, state)));
    });
  }
  router.get("/:secret/versions/:version", ({ params }, response) => {
    response.json(showVersion(params.secret, vault.version(params.secret, params.version)));
  });

  app.use(`/v1/${parent}`, router);
  app.use(() => {
    throw new GoogleRestError("NOT_FOUND", "Unknown project or method.");
  });
  app.use(googleErrors);
  const service = await serveAt(options, app);
  return {
    host: new URL(service.url).host,
    keep: (id, value) => {
      if (!vault.all().some((secret) => secret.id === id)) vault.create(id, { automatic: {} });
      vault.addVersion(id, Buffer.from(value));
    },
    stop: () => service.stop(),
  };
}

function versionOf({ params }: Request, vault: Vault): { id: string; version: Version } {
  const id = String(params["0"]);
  return { id, version: vault.version(id, String(params["1"])) };
}

function read<Schema extends z.ZodMiniType>(schema: Schema, body: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new GoogleRestError("INVALID_ARGUMENT", `${issue?.path.join(".")}: ${issue?.message}`);
}
