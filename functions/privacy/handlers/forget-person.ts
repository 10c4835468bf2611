import { taskWorker } from "../../../shared/runtime/task-worker.ts";
import { forgetPersonDue } from "../events/forget-person-due.ts";
import { type ForgetPersonDeps, forgetPerson } from "../service/forget-person.ts";

/** Forgets someone who asked for it, step by step. A repeat goes on where the last run came to. */
export const handler = taskWorker(forgetPersonDue, ({ userId }, deps: ForgetPersonDeps) =>
  forgetPerson(userId, deps),
);
