import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import express, { type Request, type Router } from "express";
import * as z from "zod/mini";
import { GoogleRestError } from "../../../kit/google/rest.ts";
import type { Account, SiteVersion } from "../account.ts";

const newVersion = z.object({
  config: z._default(z.looseObject({}), {}),
  labels: z._default(z.record(z.string(), z.string().check(z.maxLength(63))), {}),
});
const files = z.object({ files: z.record(z.string(), z.string()) });
const newRelease = z.object({ type: z._default(z.string(), "DEPLOY") });

/**
 * Firebase Hosting's deployments. Local visitors see `local/google/hosting` whatever was deployed here.
 * https://firebase.google.com/docs/hosting/api-deploy
 */
export function hostingRouter(account: Account): Router {
  const router = express.Router();
  const deployable = (id: string | undefined) => {
    const found = account.site(id);
    account.need(found.project, "firebasehosting");
    return found.site;
  };
  const versionOf = ({ params }: Request): SiteVersion => {
    const found = deployable(String(params["0"])).versions.get(String(params["1"]));
    if (!found) throw new GoogleRestError("NOT_FOUND", "Requested entity was not found.");
    return found;
  };
  router.post("/v1beta1/sites/:site/versions", ({ params, body }, response) => {
    const { versions } = deployable(params.site);
    const id = `v${versions.size + 1}`;
    versions.set(id, { ...newVersion.parse(body), status: "CREATED", files: {} });
    response.json({ name: `sites/${params.site}/versions/${id}`, status: "CREATED" });
  });
  router.post(
    /^\/v1beta1\/sites\/([^/]+)\/versions\/([^/:]+):populateFiles$/,
    (request, response) => {
      const version = versionOf(request);
      version.files = files.parse(request.body).files;
      const missing = Object.values(version.files).filter((hash) => !account.uploads.has(hash));
      const place = `/upload/sites/${request.params["0"]}/versions/${request.params["1"]}/files`;
      const uploadUrl = `${request.protocol}://${request.headers.host}${place}`;
      response.json({ uploadRequiredHashes: [...new Set(missing)], uploadUrl });
    },
  );
  router.post(
    /^\/upload\/sites\/([^/]+)\/versions\/([^/]+)\/files\/([0-9a-f]{64})$/,
    express.raw({ type: () => true, limit: "20mb" }),
    (request, response) => {
      versionOf(request);
      const bytes: Buffer = request.body;
      const hash = String(request.params["2"]);
      const isRight = createHash("sha256").update(bytes).digest("hex") === hash;
      if (!isRight) throw new GoogleRestError("INVALID_ARGUMENT", "The hash does not match.");
      account.uploads.set(hash, gunzipSync(bytes));
      response.json({});
    },
  );
  router.patch(/^\/v1beta1\/sites\/([^/]+)\/versions\/([^/:]+)$/, (request, response) => {
    const version = versionOf(request);
    const missing = Object.values(version.files).filter((hash) => !account.uploads.has(hash));
    if (missing.length > 0) {
      throw new GoogleRestError("FAILED_PRECONDITION", "Not all files have been uploaded.");
    }
    version.status = "FINALIZED";
    response.json({ status: version.status });
  });
  router.post("/v1beta1/sites/:site/releases", ({ params, query, body }, response) => {
    const site = deployable(params.site);
    const { type } = newRelease.parse(body);
    const id =
      String(query["versionName"] ?? "")
        .split("/")
        .at(-1) ?? "";
    const version = site.versions.get(id);
    if (type === "DEPLOY" && version?.status !== "FINALIZED") {
      throw new GoogleRestError("FAILED_PRECONDITION", "The version is not finalized.");
    }
    site.releases.push({ type, version: version && id });
    response.json({ type });
  });
  router.get("/v1beta1/sites/:site/releases", ({ params }, response) => {
    const { releases, versions } = deployable(params.site);
    const newest = releases.toReversed().map(({ type, version = "" }) => {
      const found = versions.get(version);
      const { config, labels } = found ?? {};
      const name = `sites/${params.site}/versions/${version}`;
      return { type, ...(found && { version: { name, config, labels } }) };
    });
    response.json(newest.length > 0 ? { releases: newest } : {});
  });
  return router;
}
