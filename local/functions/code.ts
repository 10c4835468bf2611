import type { FunctionName } from "../../functions/manifest.ts";
import { createFunction } from "../../shared/runtime/create-function.ts";
import type { FunctionHandler } from "../../shared/runtime/http.ts";
import { createLog } from "../../shared/runtime/log.ts";
import { withholdBody } from "../../shared/runtime/request-body.ts";

/** The functions' code as it is loaded once. */
export interface FunctionsCode {
  readonly loadHandler: (name: FunctionName) => Promise<FunctionHandler>;
  readonly createFunction: typeof createFunction;
  readonly createLog: typeof createLog;
  readonly withholdBody: typeof withholdBody;
}

/** As this process has it loaded itself. */
export const processCode: FunctionsCode = {
  loadHandler: async (name) => {
    const module: { handler: FunctionHandler } = await import(`../../functions/${name}/index.ts`);
    return module.handler;
  },
  createFunction,
  createLog,
  withholdBody,
};
