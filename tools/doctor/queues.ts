import { functionNames, manifest } from "../../functions/manifest.ts";
import { describeError } from "../../shared/runtime/errors.ts";
import { configOf, type Environment, type Values } from "../settings/values.ts";
import { googleRemedy } from "./checks/google/rest.ts";
import { openTasks } from "./checks/google/tasks-client.ts";
import type { AreaReport } from "./checks/report.ts";

/** A queue is named after the function that handles its tasks. */
const QUEUES = functionNames.filter((name) => manifest[name].trigger.kind === "queue");
const REQUEST_TIMEOUT_MS = 15_000;

/** Checks that each function's queue exists and is not paused. */
export async function checkQueues(
  values: Values,
  environment: Environment,
  area: AreaReport,
): Promise<void> {
  const config = configOf(values, ["GOOGLE_CLOUD_PROJECT", "GOOGLE_CLOUD_REGION"]);
  if (!config) return;
  const { GOOGLE_CLOUD_PROJECT: projectId, GOOGLE_CLOUD_REGION: region } = config;
  const client = openTasks(environment["CLOUD_TASKS_EMULATOR_HOST"]);
  try {
    const parent = client.locationPath(projectId, region);
    const [queues] = await client.listQueues({ parent }, { timeout: REQUEST_TIMEOUT_MS });
    const states = new Map(
      queues.map(({ name, state }) => [(name ?? "").split("/").at(-1), state] as const),
    );
    for (const name of QUEUES) {
      const state = states.get(name);
      if (state === undefined) {
        area.wrong(`the queue ${name} is missing`, "Run terraform -chdir=terraform apply");
      } else if (state !== "RUNNING") {
        area.wrong(
          `the queue ${name} is ${String(state)}: its tasks wait`,
          `gcloud tasks queues resume ${name} --location ${region} --project ${projectId}`,
        );
      }
    }
    const running = QUEUES.filter((name) => states.get(name) === "RUNNING").length;
    area.ok(`${running} of ${QUEUES.length} queues are running`);
  } catch (error) {
    const remedy = googleRemedy(error, "cloudtasks", projectId);
    area.wrong(`the queues cannot be read: ${describeError(error)}`, remedy);
  } finally {
    await client.close();
  }
}
