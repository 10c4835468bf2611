import express, { type Router } from "express";
import * as z from "zod/mini";
import { GoogleRestError } from "../../../kit/google/rest.ts";
import type { Account, Bucket } from "../account.ts";

const newBucket = z.looseObject({ name: z.string(), location: z.string() });

/** Buckets, without objects: https://cloud.google.com/storage/docs/json_api/v1/buckets */
export function bucketsRouter(account: Account): Router {
  const router = express.Router();
  const find = (name: string | undefined): Bucket => {
    const found = account.buckets.get(name ?? "");
    if (!found) throw new GoogleRestError("NOT_FOUND", "The specified bucket does not exist.");
    return found;
  };
  router.post("/storage/v1/b", ({ query, body }, response) => {
    const project = account.project(String(query["project"]));
    account.need(project, "storage");
    if (project.payer === undefined) {
      const message = "The billing account for the owning project is disabled in state absent";
      throw new GoogleRestError("PERMISSION_DENIED", message);
    }
    const { name, ...settings } = newBucket.parse(body);
    if (account.buckets.has(name) || account.taken.has(name)) {
      const message = "The requested bucket name is not available.";
      throw new GoogleRestError("ALREADY_EXISTS", message);
    }
    account.buckets.set(name, { projectId: project.id, settings });
    response.json({ name, ...settings });
  });
  router.get("/storage/v1/b/:name", ({ params }, response) => {
    response.json({ name: params.name, ...find(params.name).settings });
  });
  router.patch("/storage/v1/b/:name", ({ params, body }, response) => {
    const found = find(params.name);
    found.settings = { ...found.settings, ...z.looseObject({}).parse(body) };
    response.json({ name: params.name, ...found.settings });
  });
  router.get("/storage/v1/b/:name/o", ({ params }, response) => {
    find(params.name);
    response.json({});
  });
  router.delete("/storage/v1/b/:name", ({ params }, response) => {
    find(params.name);
    account.buckets.delete(params.name);
    response.status(204).end();
  });
  return router;
}
