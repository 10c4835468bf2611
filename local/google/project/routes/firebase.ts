import express, { type Router } from "express";
import * as z from "zod/mini";
import { GoogleRestError } from "../../../kit/google/rest.ts";
import type { Account, Project } from "../account.ts";

const ruleset = z.object({ source: z.looseObject({}) });
const release = z.object({ name: z.string(), rulesetName: z.string() });
const change = z.object({ release });

/**
 * Firebase in a project, its sites, and Firestore's rules:
 * https://firebase.google.com/docs/reference/firebase-management/rest
 * https://firebase.google.com/docs/reference/rules/rest
 */
export function firebaseRouter(account: Account): Router {
  const router = express.Router();
  const using = (id: string | undefined, api: string): Project => {
    const project = account.project(id);
    account.need(project, api);
    return project;
  };
  router.post(/^\/v1beta1\/projects\/([^/:]+):addFirebase$/, ({ params }, response) => {
    const project = using(params["0"], "firebase");
    if (!account.hasAcceptedFirebaseTerms) {
      throw new GoogleRestError("PERMISSION_DENIED", "The caller does not have permission");
    }
    if (project.hasFirebase) {
      throw new GoogleRestError("ALREADY_EXISTS", "Requested entity already exists");
    }
    response.json(
      account.begin("workflows", () => {
        project.hasFirebase = true;
      }),
    );
  });
  router.get("/v1beta1/projects/:id", ({ params }, response) => {
    const { id, hasFirebase } = using(params.id, "firebase");
    if (!hasFirebase) throw new GoogleRestError("NOT_FOUND", "Requested entity was not found.");
    response.json({ projectId: id, state: "ACTIVE" });
  });

  router.get("/v1beta1/projects/:id/sites", ({ params }, response) => {
    const { id, sites } = using(params.id, "firebasehosting");
    const all = [...sites].map(([name, { url }]) => ({
      name: `projects/${id}/sites/${name}`,
      defaultUrl: url,
    }));
    response.json(all.length > 0 ? { sites: all } : {});
  });
  router.post("/v1beta1/projects/:id/sites", ({ params, query }, response) => {
    const project = using(params.id, "firebasehosting");
    const id = String(query["siteId"]);
    if (account.taken.has(id) || project.sites.has(id)) {
      throw new GoogleRestError("ALREADY_EXISTS", `Site name ${id} is already taken`);
    }
    account.newSite(project, id);
    response.json({ name: `projects/${project.id}/sites/${id}` });
  });

  router.post("/v1/projects/:id/rulesets", ({ params, body }, response) => {
    const { id, rulesets } = using(params.id, "firebaserules");
    const name = `projects/${id}/rulesets/${rulesets.size + 1}`;
    rulesets.set(name, ruleset.parse(body));
    response.json({ name });
  });
  router.get("/v1/projects/:id/rulesets/:ruleset", ({ params }, response) => {
    const { id, rulesets } = using(params.id, "firebaserules");
    const name = `projects/${id}/rulesets/${params.ruleset}`;
    const found = rulesets.get(name);
    if (!found) throw new GoogleRestError("NOT_FOUND", "Requested entity was not found.");
    response.json({ name, ...found });
  });
  router.get("/v1/projects/:id/releases/cloud.firestore", ({ params }, response) => {
    const { id, release: current } = using(params.id, "firebaserules");
    if (!current) throw new GoogleRestError("NOT_FOUND", "Requested entity was not found.");
    response.json({ name: `projects/${id}/releases/cloud.firestore`, rulesetName: current });
  });
  router.post("/v1/projects/:id/releases", ({ params, body }, response) => {
    const project = using(params.id, "firebaserules");
    if (project.release) {
      throw new GoogleRestError("ALREADY_EXISTS", "Requested entity already exists");
    }
    project.release = release.parse(body).rulesetName;
    response.json(body);
  });
  router.patch("/v1/projects/:id/releases/cloud.firestore", ({ params, body }, response) => {
    const project = using(params.id, "firebaserules");
    project.release = change.parse(body).release.rulesetName;
    response.json(body);
  });
  return router;
}
