import { blocked, done, type Step } from "../../step.ts";

const NEEDED = [
  { program: "gcloud", args: ["--version"], where: "https://cloud.google.com/sdk/docs/install" },
  {
    program: "terraform",
    args: ["version"],
    where: "https://developer.hashicorp.com/terraform/install",
  },
] as const;
/** terraform/versions.tf requires it. */
const LEAST_TERRAFORM = [1, 11] as const;

/** The two programs that cannot be fetched from the npm registry. */
export const tools: Step = {
  name: "programs",
  async check({ context }) {
    for (const { program, args, where } of NEEDED) {
      const { code, output } = await context.programs.run(program, args);
      if (code !== 0) return blocked(`${program} is not installed`, `Install it: ${where}`);
      if (program === "terraform" && isOld(output)) {
        return blocked("terraform is older than 1.11", `Install a newer one: ${where}`);
      }
    }
    return done("gcloud and terraform are installed");
  },
};

function isOld(output: string): boolean {
  const [, major = 0, minor = 0] = /v(\d+)\.(\d+)/.exec(output)?.map(Number) ?? [];
  const [leastMajor, leastMinor] = LEAST_TERRAFORM;
  return major < leastMajor || (major === leastMajor && minor < leastMinor);
}
