import { readFileSync } from "node:fs";
import * as z from "zod/mini";
import { describeError } from "../../shared/runtime/errors.ts";
import { configOf, type Environment, type Values } from "../settings/values.ts";
import { connectGoogle, googleRemedy } from "./checks/google/rest.ts";
import type { AreaReport } from "./checks/report.ts";

const field = z.object({
  fieldPath: z.string(),
  order: z.optional(z.string()),
  arrayConfig: z.optional(z.string()),
});
const wantedIndexes = z.object({
  indexes: z.array(
    z.object({ collectionGroup: z.string(), queryScope: z.string(), fields: z.array(field) }),
  ),
});
const page = z.object({
  indexes: z._default(
    z.array(
      z.object({
        name: z.string(),
        queryScope: z.string(),
        fields: z.array(field),
        state: z.string(),
      }),
    ),
    [],
  ),
  nextPageToken: z.optional(z.string()),
});

const INDEXES_FILE = new URL("../../firestore.indexes.json", import.meta.url);

/** Checks that every composite index of `firestore.indexes.json` is built. */
export async function checkIndexes(
  values: Values,
  environment: Environment,
  area: AreaReport,
): Promise<void> {
  const config = configOf(values, ["GOOGLE_CLOUD_PROJECT"]);
  if (!config) return;
  const emulator = environment["FIRESTORE_ADMIN_EMULATOR_HOST"];
  if (!emulator && environment["FIRESTORE_EMULATOR_HOST"]) {
    area.byHand("Firestore's emulator has no list of indexes", "Nothing to do");
    return;
  }
  const projectId = config.GOOGLE_CLOUD_PROJECT;
  try {
    const states = await readStates(projectId, emulator);
    const wanted = wantedIndexes.parse(JSON.parse(readFileSync(INDEXES_FILE, "utf8"))).indexes;
    let ready = 0;
    for (const { collectionGroup, queryScope, fields } of wanted) {
      const state = states.get(keyOf(collectionGroup, queryScope, fields));
      const name = `${collectionGroup} (${fields.map(({ fieldPath }) => fieldPath).join(", ")})`;
      if (state === "READY") ready += 1;
      else if (state === undefined) {
        area.wrong(`the index ${name} is missing`, "Run terraform -chdir=terraform apply");
      } else area.wrong(`the index ${name} is ${state}`, remedyFor(state));
    }
    area.ok(`${ready} of ${wanted.length} indexes are ready`);
  } catch (error) {
    const remedy = googleRemedy(error, "firestore", projectId);
    area.wrong(`the indexes cannot be read: ${describeError(error)}`, remedy);
  }
}

async function readStates(
  projectId: string,
  emulator: string | undefined,
): Promise<Map<string, string>> {
  const google = connectGoogle("firestore", emulator);
  const path = `projects/${projectId}/databases/(default)/collectionGroups/-/indexes`;
  const states = new Map<string, string>();
  let token = "";
  do {
    const answer = await google.call("GET", `${path}?pageToken=${token}`, page);
    for (const { name, queryScope, fields, state } of answer.indexes) {
      const group = /\/collectionGroups\/([^/]+)\//.exec(name)?.[1] ?? "";
      states.set(keyOf(group, queryScope, fields), state);
    }
    token = answer.nextPageToken ?? "";
  } while (token);
  return states;
}

/** Google appends the document's name, which the file leaves out. */
function keyOf(group: string, scope: string, fields: readonly z.infer<typeof field>[]): string {
  const own = fields
    .filter(({ fieldPath }) => fieldPath !== "__name__")
    .map(({ fieldPath, order, arrayConfig }) => `${fieldPath} ${order ?? arrayConfig}`);
  return [group, scope, ...own].join(", ");
}

function remedyFor(state: string): string {
  return state === "CREATING"
    ? "It is being built: wait, then run this again"
    : "Delete it in the console and run terraform -chdir=terraform apply";
}
