import { jest } from "@jest/globals";

// Google's Firestore emulator now and then answers a write with UNKNOWN and no message while a
// listener ends. On its runs, and only there, a failed test is shown and tried once more.
jest.retryTimes(1, { logErrorsBeforeRetry: true });
