import { againCommand, racingAgain, racingAgainByButton } from "./again.ts";
import {
  againButton,
  approveHostButton,
  askToHostButton,
  declineHostButton,
  declineHostForm,
  finishButton,
  goOnButton,
  joinButton,
  leaveButton,
  requestPayoutButton,
  startButton,
} from "./buttons.ts";
import { cancelCommand, cancelling } from "./cancel.ts";
import { finishCommand, finishing, finishingByButton } from "./finish.ts";
import { goingOn } from "./go-on.ts";
import { goalCommand, settingGoal } from "./goal.ts";
import {
  approveHostCommand,
  approvingHost,
  approvingHostByButton,
  askingToHost,
  declineHostCommand,
  decliningHost,
  decliningHostByForm,
  listHostsCommand,
  listingHosts,
  removeHostCommand,
  removingHost,
  restoreHostCommand,
  restoringHost,
  suspendHostCommand,
  suspendingHost,
} from "./hosts.ts";
import { joining, leaving } from "./join.ts";
import { kickCommand, kicking } from "./kick.ts";
import { lobbyCommand, openingLobby } from "./lobby.ts";
import { overlayCommand, showingOverlay } from "./overlay.ts";
import { payingOut, payoutCommand } from "./payout.ts";
import { requestingPayout } from "./payout-request.ts";
import { connectCommand, connecting } from "./payouts-connect.ts";
import { listingPayouts, listPayoutsCommand } from "./payouts-list.ts";
import { notingTax, taxCommand } from "./payouts-tax.ts";
import { reportCommand, reporting } from "./report.ts";
import { startCommand, starting, startingByButton } from "./start.ts";
import { showingWallet, walletCommand } from "./wallet.ts";
import { namingWinner, winnerCommand } from "./winner.ts";

/** The team's commands about hosts, with the buttons and the form under its notices. */
export const hostDefinitions = [
  listHostsCommand,
  approveHostCommand,
  declineHostCommand,
  suspendHostCommand,
  restoreHostCommand,
  removeHostCommand,
  askToHostButton,
  approveHostButton,
  declineHostButton,
  declineHostForm,
] as const;

/** The commands and buttons of races. */
export const raceDefinitions = [
  lobbyCommand,
  kickCommand,
  cancelCommand,
  goalCommand,
  reportCommand,
  winnerCommand,
  overlayCommand,
  againCommand,
  startCommand,
  finishCommand,
  joinButton,
  leaveButton,
  startButton,
  finishButton,
  againButton,
  goOnButton,
] as const;

/** What they do, with what the team decides about hosts. */
export const raceActions = [
  listingHosts,
  approvingHost,
  decliningHost,
  suspendingHost,
  restoringHost,
  removingHost,
  askingToHost,
  approvingHostByButton,
  decliningHostByForm,
  openingLobby,
  kicking,
  cancelling,
  settingGoal,
  reporting,
  namingWinner,
  showingOverlay,
  racingAgain,
  starting,
  finishing,
  joining,
  leaving,
  startingByButton,
  finishingByButton,
  racingAgainByButton,
  goingOn,
] as const;

/** The commands and the button of what racers earn. */
export const walletDefinitions = [
  walletCommand,
  payoutCommand,
  connectCommand,
  listPayoutsCommand,
  taxCommand,
  requestPayoutButton,
] as const;

/** What they do. */
export const walletActions = [
  showingWallet,
  payingOut,
  connecting,
  listingPayouts,
  notingTax,
  requestingPayout,
] as const;
