import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import * as z from "zod/mini";
import { anything, ifThere, type OpenApi } from "./apis.ts";

const releases = z.object({
  releases: z._default(
    z.array(
      z.object({
        type: z._default(z.string(), "DEPLOY"),
        version: z.optional(z.object({ labels: z._default(z.record(z.string(), z.string()), {}) })),
      }),
    ),
    [],
  ),
});
const version = z.object({ name: z.string() });
const populated = z.object({
  uploadRequiredHashes: z._default(z.array(z.string()), []),
  uploadUrl: z._default(z.string(), ""),
});

/** The label that holds the digest of what a version serves. */
const LABEL = "c500-content";
const DIGEST_LENGTH = 40;

/** What a site serves: files by their paths, such as "/index.css", and firebase.json's part about them. */
export interface SiteContent {
  readonly files: ReadonlyMap<string, Buffer>;
  /** Headers and rewrites as the API takes them. */
  readonly config: object;
}

/** The deployed version of a site. Methods throw GoogleError. */
export interface Hosting {
  /** Whether the site serves exactly this. */
  serves(content: SiteContent): Promise<boolean>;
  /** Crash safety: visitors see the version before until the release, which is the last call. */
  deploy(content: SiteContent): Promise<void>;
  /** Takes the site off the web, until the next release. */
  disable(): Promise<void>;
}

/** https://firebase.google.com/docs/hosting/api-deploy */
export function connectHosting(open: OpenApi, projectId: string, siteId: string): Hosting {
  const google = open("firebasehosting", "v1beta1", projectId);
  const site = `sites/${siteId}`;
  const latest = async () =>
    (await ifThere(google.call("GET", `${site}/releases?pageSize=1`, releases)))?.releases[0];
  return {
    async serves(content) {
      const release = await latest();
      return release?.type === "DEPLOY" && release.version?.labels[LABEL] === digestOf(content);
    },
    async deploy(content) {
      const { config } = content;
      const asked = { config, labels: { [LABEL]: digestOf(content) } };
      const { name } = await google.call("POST", `${site}/versions`, version, asked);
      const packed = new Map(
        [...content.files].map(([path, bytes]) => [path, gzipSync(bytes, { level: 9 })] as const),
      );
      const byHash = new Map([...packed.values()].map((bytes) => [sha256(bytes), bytes] as const));
      const files = Object.fromEntries([...packed].map(([path, bytes]) => [path, sha256(bytes)]));
      const needs = await google.call("POST", `${name}:populateFiles`, populated, { files });
      for (const hash of needs.uploadRequiredHashes) {
        const bytes = byHash.get(hash);
        if (bytes) await google.upload(`${needs.uploadUrl}/${hash}`, new Uint8Array(bytes));
      }
      const final = { status: "FINALIZED" };
      await google.call("PATCH", `${name}?update_mask=status`, anything, final);
      await google.call("POST", `${site}/releases?versionName=${name}`, anything, {});
    },
    async disable() {
      const release = await latest();
      if (release === undefined || release.type === "SITE_DISABLE") return;
      await google.call("POST", `${site}/releases`, anything, { type: "SITE_DISABLE" });
    },
  };
}

function digestOf({ files, config }: SiteContent): string {
  const hashes = [...files].map(([path, bytes]) => [path, sha256(bytes)]).sort();
  // A label's value has at most 63 letters, digits, hyphens and underscores.
  return sha256(Buffer.from(JSON.stringify([hashes, config]))).slice(0, DIGEST_LENGTH);
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
