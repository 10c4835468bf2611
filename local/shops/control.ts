import express, { type ErrorRequestHandler, type Router } from "express";
import type { Courier } from "./courier.ts";

/**
 * Lets a program outside do what buyers and the shops do. JSON in and out, amounts in minor units;
 * what is impossible is refused with 400.
 * - `GET /attempts` gives every try of a webhook, oldest first.
 * - Each provider's routes are below its name:
 */
export function controlRouter(courier: Courier, shops: Readonly<Record<string, Router>>): Router {
  const router = express.Router();
  router.use(express.json());
  for (const [name, shop] of Object.entries(shops)) router.use(`/${name}`, shop);
  router.get("/attempts", (_request, response) => void response.json(courier.attempts()));
  router.use(impossible);
  return router;
}

const impossible: ErrorRequestHandler = (error, _request, response, _next) => {
  response.status(400).json({ error: String(error?.message) });
};
