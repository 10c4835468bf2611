import { confirmingArrival } from "./arrived.ts";
import { arrivedButton } from "./buttons.ts";
import { shipCommand, shipping } from "./ship.ts";

/** The commands, buttons and forms of fulfilment. */
export const fulfilmentDefinitions = [shipCommand, arrivedButton] as const;

/** What they do. */
export const fulfilmentActions = [shipping, confirmingArrival] as const;
