import type { Server } from "bun";

/** Stops a server: no new connections, requests in flight finish, and what is left after `timeout` milliseconds is cut. */
export async function drain(server: Server<unknown>, timeout: number): Promise<void> {
  const { promise: deadline, resolve } = Promise.withResolvers<"late">();
  const timer = setTimeout(() => resolve("late"), timeout);
  const outcome = await Promise.race([server.stop(false), deadline]);
  clearTimeout(timer);
  if (outcome === "late") await server.stop(true);
}
