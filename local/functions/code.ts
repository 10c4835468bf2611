import { depsOf, type FunctionName, featureOf } from "../../functions/manifest.ts";
import type { Database } from "../../shared/ports/database.ts";
import type { PlatformDeps } from "../../shared/runtime/deps.ts";
import { createFunction, type Wire } from "../../shared/runtime/function/create-function.ts";
import type { FunctionHandler } from "../../shared/runtime/http.ts";
import { createLog } from "../../shared/runtime/log.ts";
import { withholdBody } from "../../shared/runtime/request-body.ts";

/** The functions' code, loaded once. */
export interface FunctionsCode {
  readonly load: (name: FunctionName) => Promise<Wire>;
  readonly createFunction: typeof createFunction;
  readonly createLog: typeof createLog;
  readonly withholdBody: typeof withholdBody;
}

interface DepsModule {
  readonly createDeps: (platform: PlatformDeps, database: Database) => unknown;
}

interface HandlerModule {
  readonly handler: FunctionHandler<unknown>;
}

/** The code as loaded by this process. */
export const processCode: FunctionsCode = {
  load: async (name) => {
    const handlers = `../../functions/${featureOf(name)}/handlers`;
    const { createDeps }: DepsModule = await import(`../../${depsOf(name)}`);
    const { handler }: HandlerModule = await import(`${handlers}/${name}.ts`);
    return (platform, database) => handler(createDeps(platform, database));
  },
  createFunction,
  createLog,
  withholdBody,
};
