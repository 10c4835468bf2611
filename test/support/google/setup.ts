import { jest } from "@jest/globals";

// Google's Firestore emulator occasionally answers a write with UNKNOWN and no message while a
// listener ends. Only on its runs, a failed test is printed and retried once.
jest.retryTimes(1, { logErrorsBeforeRetry: true });
