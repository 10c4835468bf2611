import { randomUUID } from "node:crypto";
import type { CloudTasksClient } from "@google-cloud/tasks";
import { dropBoardDue } from "../../../../functions/shop/events/drop-board-due.ts";
import { connectQueues, createTaskQueue, taskId } from "../../../../shared/clients/tasks.ts";
import type { Clock } from "../../../../shared/runtime/clock.ts";
import { describeError } from "../../../../shared/runtime/errors.ts";
import { configOf, type Values } from "../../../settings/values.ts";
import type { AreaReport } from "../report.ts";
import { googleRemedy } from "./rest.ts";
import { openTasks } from "./tasks-client.ts";

/** Its worker updates a drop's post, and does nothing for an unknown drop. */
const QUEUE = dropBoardDue.queue;
const WAIT_MS = 500;
/** A cold start takes a few seconds. */
const MAX_WAIT_MS = 60_000;
const NOT_FOUND = 5;

/**
 * Sends one real task that changes nothing, and waits until its worker has answered. This checks queue, account,
 * address and function together. A task that does not get through is deleted from the queue.
 */
export async function checkTask(values: Values, area: AreaReport, clock: Clock): Promise<void> {
  const config = configOf(values, [
    "GOOGLE_CLOUD_PROJECT",
    "GOOGLE_CLOUD_REGION",
    "CLOUD_TASKS_EMULATOR_HOST",
    "FUNCTION_URL_TEMPLATE",
    "TASKS_SERVICE_ACCOUNT",
  ]);
  if (!config) return;
  const { GOOGLE_CLOUD_PROJECT: projectId, GOOGLE_CLOUD_REGION: region } = config;
  const id = `doctor.${randomUUID()}`;
  const client = openTasks(config.CLOUD_TASKS_EMULATOR_HOST);
  const name = client.taskPath(projectId, region, QUEUE, taskId(id));
  try {
    const tasks = createTaskQueue(config, connectQueues(config));
    await tasks.enqueue(dropBoardDue, { id, dropId: id }, clock.now());
    const failure = await waitForTask(client, name, clock);
    area.check(
      failure === undefined,
      `a task went through the queue ${QUEUE} to its function`,
      `a task of the queue ${QUEUE} did not get through: ${failure}`,
      `Apply Terraform, which lets the queue's account call the function; then read the function's log: gcloud logging read 'resource.labels.service_name="${QUEUE}"' --project ${projectId} --freshness=1h --limit=20`,
    );
  } catch (error) {
    area.wrong(
      `no task could be sent: ${describeError(error)}`,
      `${googleRemedy(error, "cloudtasks", projectId)}. This needs the roles Cloud Tasks Enqueuer and Service Account User`,
    );
  } finally {
    await client.close();
  }
}

/** Why a task failed; undefined once it has succeeded, because Cloud Tasks removes tasks answered with 2xx. */
async function waitForTask(
  client: CloudTasksClient,
  name: string,
  clock: Clock,
): Promise<string | undefined> {
  for (let waitedMs = 0; waitedMs < MAX_WAIT_MS; waitedMs += WAIT_MS) {
    await clock.sleep(WAIT_MS);
    try {
      const [task] = await client.getTask({ name });
      const { code, message } = task.lastAttempt?.responseStatus ?? {};
      if (!code) continue;
      await remove(client, name);
      return message || `status ${code}`;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }
  await remove(client, name);
  return `it was not answered within ${MAX_WAIT_MS / 1000} s`;
}

async function remove(client: CloudTasksClient, name: string): Promise<void> {
  try {
    await client.deleteTask({ name });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

function isNotFound(error: unknown): boolean {
  return (error as { code?: unknown }).code === NOT_FOUND;
}
