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
 * The application itself, and the commands of its servers:
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

  const path = "/applications/:application/guilds/:guild/commands";
  const guildOf = ({ params }: Request<{ application: string; guild: string }>): string => {
    if (params.application !== applicationId) throw refusals.unknownApplication();
    return directory.guild(params.guild).id;
  };
  router.get(path, (request, response) => {
    response.json(commands.list(guildOf(request)).map((each) => commands.json(each)));
  });
  router.put(path, async (request, response) => {
    const guildId = guildOf(request);
    const forms = readForm(commandList, (await readBody(request)).json);
    response.json(commands.replaceAll(guildId, forms).map((each) => commands.json(each)));
  });

  return router;
}

function unverified(error: unknown): unknown {
  if (!(error instanceof EndpointError)) return error;
  const message = `The specified interactions endpoint url could not be verified. ${error.message}`;
  const code = "APPLICATION_INTERACTIONS_ENDPOINT_URL_INVALID";
  return refusals.invalidForm(fieldError(["interactions_endpoint_url"], code, message));
}
