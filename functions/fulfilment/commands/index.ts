import { confirmingArrival } from "./arrived.ts";
import { arrivedButton, cancelAcceptButton, cancelDeclineButton } from "./buttons.ts";
import { acceptingCancel, cancelCommand, cancelling, decliningCancel } from "./cancel.ts";
import { shipCommand, shipping } from "./ship.ts";
import { waitCommand, waiting } from "./wait.ts";

/** The commands, buttons and forms of fulfilment. */
export const fulfilmentDefinitions = [
  shipCommand,
  arrivedButton,
  cancelCommand,
  cancelAcceptButton,
  cancelDeclineButton,
  waitCommand,
] as const;

/** What they do. */
export const fulfilmentActions = [
  shipping,
  confirmingArrival,
  cancelling,
  acceptingCancel,
  decliningCancel,
  waiting,
] as const;
