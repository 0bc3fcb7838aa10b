import type { Session } from "../../data/index.ts";

/** Sends a command that has neither parameters nor rows. */
export async function command(session: Session, text: string): Promise<void> {
  await session.prepare(text, { reads: false, returns: false }).run([]);
}
