/** The exit codes of the command: all is well, something was found, or the command was used wrongly. */
export const exitCodes = { fine: 0, findings: 1, misuse: 2 } as const;

/** A mistake in how the command was used, such as a file that does not exist. It ends the command with the exit code 2. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  /** The data of the error for `--json`, which has all of what the message lists in part. */
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(message: string, details?: Readonly<Record<string, unknown>>) {
    super(message);
    this.details = details;
  }
}
