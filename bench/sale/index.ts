import { fork } from "node:child_process";
import { once } from "node:events";
import { environment } from "../../local/kit/environment.ts";

/**
 * Measures the processor time of a sale, from a builder's registration to a buyer's payment, in a
 * process of its own that runs the cloud as tests do.
 */
export async function benchSale(): Promise<void> {
  const execArgv = ["--import", "./tools/lua-modules.ts", "--max-semi-space-size=32"];
  const measuring = fork(new URL("./process.ts", import.meta.url), { execArgv, env: environment });
  const [code] = await once(measuring, "exit");
  if (code !== 0) throw new Error(`The process of the benchmark ended with ${code}.`);
}
