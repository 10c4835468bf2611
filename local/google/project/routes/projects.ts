import express, { type Router } from "express";
import * as z from "zod/mini";
import { GoogleRestError } from "../../../kit/google/rest.ts";
import type { Account } from "../account.ts";

const newProject = z.object({
  projectId: z.string().check(z.regex(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/)),
  labels: z._default(z.record(z.string(), z.string()), {}),
});
const payer = z.object({ billingAccountName: z.string() });
const tested = z.object({ permissions: z.array(z.string()) });
const batch = z.object({ serviceIds: z.array(z.string()).check(z.maxLength(20)) });

/**
 * Who is signed in, projects, who pays for them, and which services they use:
 * https://cloud.google.com/resource-manager/reference/rest/v3/projects
 * https://cloud.google.com/billing/docs/reference/rest/v1/projects
 * https://cloud.google.com/service-usage/docs/reference/rest/v1/services
 */
export function projectsRouter(account: Account): Router {
  const router = express.Router();
  router.use((_request, _response, next) => {
    if (!account.isSignedIn) {
      throw new GoogleRestError(
        "UNAUTHENTICATED",
        "Request had invalid authentication credentials.",
      );
    }
    next();
  });
  router.get("/v1/userinfo", (_request, response) => {
    response.json({ sub: "1", email: account.email, email_verified: true });
  });
  router.get(
    ["/v1/operations/:id", "/v3/operations/:id", "/v1beta1/operations/:id"],
    (request, response) => {
      response.json(account.operation(`operations/${request.params.id}`));
    },
  );

  router.post("/v3/projects", ({ body }, response) => {
    const asked = newProject.safeParse(body);
    if (!asked.success)
      throw new GoogleRestError("INVALID_ARGUMENT", "field [project_id] has issue");
    const { projectId, labels } = asked.data;
    account.create(projectId, labels);
    response.json(account.begin("cp", () => undefined));
  });
  router.get("/v3/projects/:id", ({ params }, response) => {
    const { id, number, state, labels } = account.project(params.id);
    response.json({ name: `projects/${number}`, projectId: id, state, labels });
  });
  router.delete("/v3/projects/:id", ({ params }, response) => {
    const project = account.project(params.id);
    response.json(
      account.begin("dp", () => {
        project.state = "DELETE_REQUESTED";
      }),
    );
  });

  router.get("/v1/billingAccounts", (_request, response) => {
    const all = [...account.billingAccounts];
    const billingAccounts = all.map(([id, displayName]) => {
      return { name: `billingAccounts/${id}`, displayName, open: true };
    });
    response.json({ billingAccounts });
  });
  router.get("/v1/projects/:id/billingInfo", ({ params }, response) => {
    response.json(billingOf(params.id));
  });
  router.put("/v1/projects/:id/billingInfo", ({ params, body }, response) => {
    const project = account.project(params.id);
    const id = payer.parse(body).billingAccountName.replace(/^billingAccounts\//, "");
    account.link(project, id);
    response.json(billingOf(params.id));
  });

  router.post(
    /^\/(?:v3\/projects|v1\/billingAccounts)\/[^/:]+:testIamPermissions$/,
    ({ body }, response) => {
      const { permissions } = tested.parse(body);
      response.json({ permissions: permissions.filter((each) => !account.lacked.has(each)) });
    },
  );

  router.get("/v1/projects/:id/services", ({ params }, response) => {
    const { number, services } = account.project(params.id);
    const all = [...services.keys()].map((name) => ({
      name: `projects/${number}/services/${name}`,
      config: { name },
      state: "ENABLED",
    }));
    response.json({ services: all });
  });
  router.post(/^\/v1\/projects\/([^/:]+)\/services:batchEnable$/, ({ params, body }, response) => {
    const project = account.project(params["0"]);
    const { serviceIds } = batch.parse(body);
    for (const service of serviceIds) account.enable(project, service);
    response.json(account.begin("acat", () => undefined));
  });
  return router;

  function billingOf(id: string | undefined) {
    const { payer: paying } = account.project(id);
    return {
      billingAccountName: paying === undefined ? "" : `billingAccounts/${paying}`,
      billingEnabled: paying !== undefined,
    };
  }
}
