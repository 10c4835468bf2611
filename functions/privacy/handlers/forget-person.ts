import { taskWorker } from "../../../shared/runtime/delivery/task-worker.ts";
import { forgetPersonDue } from "../events/forget-person-due.ts";
import { type ForgetPersonDeps, forgetPerson } from "../service/forget-person.ts";

/** Forgets someone who asked for it, step by step. Idempotency: a second run continues where the last one stopped. */
export const handler = taskWorker(forgetPersonDue, ({ userId }, deps: ForgetPersonDeps) =>
  forgetPerson(userId, deps),
);
