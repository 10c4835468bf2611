/** A command's failure; the message is Redis's own and begins with the error code. */
export class CommandFailure extends Error {}

/** The errors that several commands share, with Redis's texts. */
export const failures = {
  wrongType: () =>
    new CommandFailure("WRONGTYPE Operation against a key holding the wrong kind of value"),
  syntax: () => new CommandFailure("ERR syntax error"),
  notAnInteger: () => new CommandFailure("ERR value is not an integer or out of range"),
  notAFloat: () => new CommandFailure("ERR value is not a valid float"),
  wrongArity: (name: string) =>
    new CommandFailure(`ERR wrong number of arguments for '${name}' command`),
};
