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
import { againCommand, racingAgain, racingAgainByButton } from "./lobby/again.ts";
import { cancelCommand, cancelling } from "./lobby/cancel.ts";
import { goalCommand, settingGoal } from "./lobby/goal.ts";
import { joining, leaving } from "./lobby/join.ts";
import { kickCommand, kicking } from "./lobby/kick.ts";
import { lobbyCommand, openingLobby } from "./lobby/lobby.ts";
import { overlayCommand, showingOverlay } from "./lobby/overlay.ts";
import { finishCommand, finishing, finishingByButton } from "./race/finish.ts";
import { goingOn } from "./race/go-on.ts";
import { reportCommand, reporting } from "./race/report.ts";
import { startCommand, starting, startingByButton } from "./race/start.ts";
import { namingWinner, winnerCommand } from "./race/winner.ts";
import { payingOut, payoutCommand } from "./wallet/payout.ts";
import { requestingPayout } from "./wallet/payout-request.ts";
import { connectCommand, connecting } from "./wallet/payouts-connect.ts";
import { listingPayouts, listPayoutsCommand } from "./wallet/payouts-list.ts";
import { notingTax, taxCommand } from "./wallet/payouts-tax.ts";
import { showingWallet, walletCommand } from "./wallet/wallet.ts";

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
