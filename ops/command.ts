import { tell } from "#platform/terminal";

/** Runs a command and tells what went wrong; exit code 1 then. */
export async function runCommand(command: () => Promise<number | undefined>): Promise<void> {
  try {
    process.exitCode = (await command()) ?? 0;
  } catch (error) {
    tell(error);
    process.exitCode = 1;
  }
}
