import { confirmingArrival } from "./arrived.ts";
import {
  arrivedButton,
  cancelAcceptButton,
  cancelDeclineButton,
  caseButton,
  wrongButton,
} from "./buttons.ts";
import { acceptingCancel, cancelCommand, cancelling, decliningCancel } from "./cancel.ts";
import { caseCommand, decidingCase, pressingCase } from "./case.ts";
import { askingWhatIsWrong, problemCommand, reporting } from "./problem.ts";
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
  problemCommand,
  wrongButton,
  caseCommand,
  caseButton,
] as const;

/** What they do. */
export const fulfilmentActions = [
  shipping,
  confirmingArrival,
  cancelling,
  acceptingCancel,
  decliningCancel,
  waiting,
  reporting,
  askingWhatIsWrong,
  decidingCase,
  pressingCase,
] as const;
