import type { EventBase, TaskDefinition } from "../../events/define-event.ts";
import type { PlatformDeps } from "../deps.ts";
import { describeError, isTerminal } from "../errors.ts";
import { type FunctionHandler, header, parseJson, rawBody } from "../http.ts";
import { continueTrace, note, TASK_TRACEPARENT } from "../trace.ts";
import { keepForOperators } from "./keep-for-operators.ts";
import { readPayload } from "./read-payload.ts";

/** The work cannot be done yet, so the queue retries by its policy. Not a failure. */
export class NotYetError extends Error {
  override name = "NotYetError";
}

/** The clock of Cloud Tasks is not the instance's: a task may come this early. */
const CLOCKS_DIFFER_MS = 60_000;

/**
 * Whether the time of what a task is for has come; if not, another task is scheduled for it. Throws NotYetError if it
 * comes in a moment, so that the queue retries.
 */
export function isDue(at: Date, now: Date, what: string): boolean {
  const earlyMs = at.getTime() - now.getTime();
  if (earlyMs > 0 && earlyMs < CLOCKS_DIFFER_MS)
    throw new NotYetError(`${what} is due in a moment`);
  return earlyMs <= 0;
}

/** The dependencies that every worker needs besides its own. */
type WorkerDeps = Pick<PlatformDeps, "log" | "publisher" | "lastAttempt">;

/**
 * A function that a Cloud Tasks queue calls. Resolving ends the task; any error asks the queue to retry, and so does
 * a body of a later version. Older bodies are upgraded. A task that does not fit its schema is never retried and
 * never lost: it goes to `dead-letters`. So does a task that fails on its last attempt, because the queue would drop
 * it silently.
 */
export function taskWorker<T extends EventBase, D>(
  task: TaskDefinition<T>,
  handle: (payload: T, deps: D & WorkerDeps) => Promise<void>,
): FunctionHandler<D & WorkerDeps> {
  return (deps) => async (request, response) => {
    continueTrace(header(request, TASK_TRACEPARENT));
    const body = rawBody(request);
    const attempt = Number(header(request, "x-cloudtasks-taskretrycount")) + 1;
    const fields = { queue: task.queue, taskId: idOf(body) };
    note({ ...fields, what: task.queue, attempt });
    try {
      const payload = readPayload(`task of ${task.queue}`, task, body);
      await handle(payload, { ...deps, log: deps.log.with(fields) });
      response.status(204).end();
    } catch (error) {
      if (error instanceof NotYetError) deps.log.info(error.message, fields);
      else deps.log.error("A task was not handled", error, fields);
      const deadLetter = {
        id: `${task.queue}.${header(request, "x-cloudtasks-taskname")}`,
        functionName: task.queue,
        reason: describeError(error),
        attributes: {},
        body: body.toString("utf8"),
      };
      const isOver = isTerminal(error) || attempt >= deps.lastAttempt;
      const kept = isOver && (await keepForOperators(deadLetter, deps));
      response.status(kept ? 204 : 500).end();
    }
  };
}

/** The id in a task's body, for the log; also if the body is invalid. */
function idOf(body: Buffer): unknown {
  return (parseJson(body) as { id?: unknown } | null | undefined)?.id;
}
