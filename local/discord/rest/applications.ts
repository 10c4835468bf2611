import express, { type Request, type Router } from "express";
import * as z from "zod/mini";
import { EndpointError } from "../client/verify-endpoint.ts";
import { refusals } from "../discord-error.ts";
import { command } from "../forms/commands.ts";
import { fieldError, maybe, readForm, text } from "../forms/form.ts";
import type { World } from "../state/world.ts";
import { readBody } from "./body.ts";

const change = z.object({ interactions_endpoint_url: maybe(text(512)) });
const commandList = z.array(command);

/** Rejects with EndpointError when an endpoint does not answer a PING, or accepts a forged one. */
type EndpointCheck = (url: string) => Promise<void>;

/**
 * The application itself and its commands:
 * https://discord.com/developers/docs/resources/application,
 * https://discord.com/developers/docs/interactions/application-commands
 */
export function applicationsRouter(world: World, publicKey: string, check: EndpointCheck): Router {
  const { commands, applicationId, directory } = world;
  const router = express.Router();

  const self = () => ({
    id: applicationId,
    name: directory.bot.username,
    bot: directory.bot,
    verify_key: publicKey,
    redirect_uris: world.authorisations.client.redirectUris,
    interactions_endpoint_url: world.interactionsEndpointUrl ?? null,
  });
  router.get("/applications/@me", (_request, response) => {
    response.json(self());
  });
  router.patch("/applications/@me", async (request, response) => {
    const { interactions_endpoint_url: url } = readForm(change, (await readBody(request)).json);
    if (url) {
      await check(url).catch((error: unknown) => {
        throw unverified(error);
      });
    }
    if (url !== undefined) world.interactionsEndpointUrl = url || undefined;
    response.json(self());
  });

  /** The server whose commands the request addresses; undefined for global commands. */
  const scopeOf = (request: Request): string | undefined => {
    if (request.params["application"] !== applicationId) throw refusals.unknownApplication();
    const guild = request.params["guild"];
    return typeof guild === "string" ? directory.guild(guild).id : undefined;
  };
  const idOf = (request: Request) => String(request.params["command"]);

  const lists = [
    "/applications/:application/commands",
    "/applications/:application/guilds/:guild/commands",
  ];
  router.get(lists, (request, response) => {
    response.json(commands.list(scopeOf(request)).map((each) => commands.json(each)));
  });
  router.put(lists, async (request, response) => {
    const forms = readForm(commandList, (await readBody(request)).json);
    const all = commands.replaceAll(scopeOf(request), forms);
    response.json(all.map((each) => commands.json(each)));
  });
  router.post(lists, async (request, response) => {
    const form = readForm(command, (await readBody(request)).json);
    const { command: stored, isNew } = commands.upsert(scopeOf(request), form);
    response.status(isNew ? 201 : 200).json(commands.json(stored));
  });

  const items = lists.map((path) => `${path}/:command`);
  router.get(items, (request, response) => {
    response.json(commands.json(commands.get(scopeOf(request), idOf(request))));
  });
  router.patch(items, async (request, response) => {
    const scope = scopeOf(request);
    const before = commands.get(scope, idOf(request));
    const { json } = await readBody(request);
    const merged = readForm(command, { ...before, ...(json as object) });
    response.json(commands.json(commands.change(scope, before.id, merged)));
  });
  router.delete(items, (request, response) => {
    commands.delete(scopeOf(request), idOf(request));
    response.status(204).end();
  });

  return router;
}

function unverified(error: unknown): unknown {
  if (!(error instanceof EndpointError)) return error;
  const message = `The specified interactions endpoint url could not be verified. ${error.message}`;
  const code = "APPLICATION_INTERACTIONS_ENDPOINT_URL_INVALID";
  return refusals.invalidForm(fieldError(["interactions_endpoint_url"], code, message));
}
