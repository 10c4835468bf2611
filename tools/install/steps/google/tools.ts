import { type Blocked, blocked, done, type Step } from "../../step.ts";

/** A program that the npm registry does not have. */
interface Tool {
  readonly program: string;
  readonly args: readonly string[];
  /** Finds the version in what the program prints. */
  readonly version: RegExp;
  /** The oldest major and minor version that serves. */
  readonly least: readonly [major: number, minor: number];
  readonly where: string;
  readonly update: string;
}

const TOOLS: readonly Tool[] = [
  {
    program: "gcloud",
    args: ["--version"],
    version: /Google Cloud SDK (\d+)\.(\d+)/,
    // Before it, set-quota-project fails when the earlier sign-in's quota project is gone; before 392, gcloud signs in
    // without a browser in a way that Google has blocked. https://cloud.google.com/sdk/docs/release-notes
    least: [403, 0],
    where: "https://cloud.google.com/sdk/docs/install",
    update: "gcloud components update, or your system's packages if gcloud came with them",
  },
  {
    program: "terraform",
    args: ["version"],
    version: /Terraform v(\d+)\.(\d+)/,
    // terraform/versions.tf requires it.
    least: [1, 11],
    where: "https://developer.hashicorp.com/terraform/install",
    update: "your system's packages, or https://developer.hashicorp.com/terraform/install",
  },
];

/** The programs, each in a version that serves. */
export const tools: Step = {
  name: "programs",
  async check({ context }) {
    const found: string[] = [];
    for (const tool of TOOLS) {
      const { code, output } = await context.programs.run(tool.program, tool.args);
      if (code !== 0) return unusable(tool, output.trim());
      const version = tool.version.exec(output);
      const [major, minor] = [Number(version?.[1]), Number(version?.[2])];
      if (version && isOlder(major, minor, tool.least)) return tooOld(tool, `${major}.${minor}`);
      found.push(version ? `${tool.program} ${major}.${minor}` : tool.program);
    }
    return done(`${found.join(" and ")} are installed`);
  },
};

/** A program that is missing prints nothing. */
function unusable({ program, args, where }: Tool, output: string): Blocked {
  if (output === "") return blocked(`${program} is not installed`, `Install it: ${where}`);
  const [line = ""] = output.split("\n");
  return blocked(
    `${program} does not run: ${line}`,
    `Make this command work, or install it again from ${where}: ${[program, ...args].join(" ")}`,
  );
}

function tooOld({ program, least: [major, minor], update }: Tool, version: string): Blocked {
  const least = minor === 0 ? String(major) : `${major}.${minor}`;
  return blocked(
    `${program} ${version} is too old: ${least} or later is needed`,
    `Update it: ${update}`,
  );
}

function isOlder(major: number, minor: number, [leastMajor, leastMinor]: Tool["least"]): boolean {
  return major < leastMajor || (major === leastMajor && minor < leastMinor);
}
