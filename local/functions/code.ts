import { http } from "@google-cloud/functions-framework";
import { getTestServer } from "@google-cloud/functions-framework/testing";
import type { FunctionName } from "../../functions/manifest.ts";
import { createFunction } from "../../shared/runtime/create-function.ts";
import type { FunctionHandler } from "../../shared/runtime/http.ts";
import { createLog } from "../../shared/runtime/log.ts";
import { withholdBody } from "../../shared/runtime/request-body.ts";

/** The functions' code as a process has it loaded, functions-framework's included. */
export interface FunctionsCode {
  readonly loadHandler: (name: FunctionName) => Promise<FunctionHandler>;
  readonly createFunction: typeof createFunction;
  readonly createLog: typeof createLog;
  readonly withholdBody: typeof withholdBody;
  readonly http: typeof http;
  readonly getTestServer: typeof getTestServer;
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
  http,
  getTestServer,
};
