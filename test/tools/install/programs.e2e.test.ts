import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "@jest/globals";

/** What Terraform does with Ctrl+C: it ends its work, and says so. */
const ENDS_ITS_WORK = "trap 'echo the state is saved; exit 1' INT; echo applying; read -r line";
const RUNS_IT = `
  import { programsIn } from ${JSON.stringify(pathToFileURL(resolve("tools/install/programs/programs.ts")).href)};
  const ended = programsIn(".").run("sh", ["-c", ${JSON.stringify(ENDS_ITS_WORK)}], true);
  console.log(await ended.catch((error) => error.name));
`;

test("Ctrl+C lets a program end its work, and then stops the command", async () => {
  // A terminal sends it to the whole group of processes.
  const child = spawn(process.execPath, ["--input-type=module", "-e", RUNS_IT], { detached: true });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
    if (output === "applying\n" && child.pid !== undefined) process.kill(-child.pid, "SIGINT");
  });
  const code = await new Promise((ended) => child.once("close", ended));
  expect({ code, output }).toEqual({
    code: 0,
    output: "applying\nthe state is saved\nInterruptedError\n",
  });
});
