import { readFileSync } from "node:fs";
import { parse } from "@cdktn/hcl2json";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as z from "zod/mini";
import { block, readTerraform } from "./read-terraform.ts";

const LOCK = new URL("../../terraform/.terraform.lock.hcl", import.meta.url);
const entry = z.object({
  version: z.string(),
  constraints: z.string(),
  hashes: z.array(z.string()),
});
const lockFile = z.object({ provider: z.record(z.string(), z.tuple([entry])) });
const required = z.record(z.string(), z.object({ source: z.string(), version: z.string() }));

const text = readFileSync(LOCK, "utf8");
let locked: Record<string, [z.infer<typeof entry>]>;
let providers: [address: string, constraint: string][];
beforeAll(async () => {
  locked = lockFile.parse(await parse("lock.hcl", text)).provider;
  const { settings } = await readTerraform();
  providers = Object.values(required.parse(block(settings, "required_providers"))).map(
    ({ source, version }) => [`registry.terraform.io/${source}`, version],
  );
});

/** Whether a version is one that `~> MAJOR.MINOR` allows. Throws for any other constraint. */
function satisfies(version: string, constraint: string): boolean {
  const [, major, minor] = /^~> (\d+)\.(\d+)$/.exec(constraint) ?? [];
  if (major === undefined) throw new Error(`This test cannot read the constraint ${constraint}.`);
  const [lockedMajor, lockedMinor] = version.split(".");
  return lockedMajor === major && Number(lockedMinor) >= Number(minor);
}

/** The file as Terraform 1.11 writes it, so that `terraform init` makes no other changes to it. */
function asTerraformWrites(): string {
  const blocks = Object.entries(locked)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([address, [{ version, constraints, hashes }]]) => {
      const lines = [...new Set(hashes)].sort().map((hash) => `    "${hash}",\n`);
      return `
provider "${address}" {
  version     = "${version}"
  constraints = "${constraints}"
  hashes = [
${lines.join("")}  ]
}
`;
    });
  return `# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.
${blocks.join("")}`;
}

describe("the lock file of the providers", () => {
  test("locks each required provider, and no other, by the constraint of versions.tf", () => {
    expect(Object.keys(locked).sort()).toEqual(providers.map(([address]) => address).sort());
    for (const [address, constraint] of providers) {
      expect(locked[address]?.[0].constraints).toBe(constraint);
    }
  });

  test("locks a version that the constraint allows", () => {
    for (const [address, constraint] of providers) {
      const version = locked[address]?.[0].version ?? "";
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
      expect([address, version, satisfies(version, constraint)]).toEqual([address, version, true]);
    }
    expect(["7.44.9", "8.45.0", "7.45.0", "7.100.0"].map((v) => satisfies(v, "~> 7.45"))).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  test("holds the same version of google and google-beta", () => {
    const versionOf = (name: string) => locked[`registry.terraform.io/hashicorp/${name}`]?.[0];
    expect(versionOf("google-beta")?.version).toBe(versionOf("google")?.version);
  });

  test("holds well-formed checksums of every platform's package", () => {
    for (const [address, [{ hashes }]] of Object.entries(locked)) {
      const packages = hashes.filter((hash) => hash.startsWith("zh:"));
      // HashiCorp publishes a provider for eleven platforms or more, and signs a manifest with them.
      expect([address, packages.length >= 12]).toEqual([address, true]);
      for (const hash of hashes) {
        expect(hash).toMatch(/^(zh:[0-9a-f]{64}|h1:[0-9A-Za-z+/]{43}=)$/);
      }
    }
  });

  test("is written as Terraform writes it", () => {
    expect(text).toBe(asTerraformWrites());
  });
});
