/** What a signal can stop: a running server, or anything else that ends in order. */
export interface Stoppable {
  stop(): Promise<void>;
}

/** Which signals stop, and who is told. */
export interface SignalOptions {
  /** Default SIGTERM and SIGINT. */
  readonly signals?: readonly NodeJS.Signals[];
  /** Called at the first signal, before anything stops. */
  readonly onSignal?: (signal: NodeJS.Signals) => void;
}

/**
 * Stops a server at the first signal and resolves to that signal once it has stopped; requests in flight finish first.
 * A second signal ends the process at once: the first one takes the handlers away, and with them the grace.
 *
 * @example
 * const server = await api.listen({ port: 8000 });
 * await stopOnSignal(server);
 */
export async function stopOnSignal(server: Stoppable, options: SignalOptions = {}): Promise<NodeJS.Signals> {
  const { signals = ["SIGTERM", "SIGINT"], onSignal } = options;
  const { promise: arrived, resolve } = Promise.withResolvers<NodeJS.Signals>();
  for (const signal of signals) process.on(signal, resolve);
  const signal = await arrived;
  for (const each of signals) process.off(each, resolve);
  onSignal?.(signal);
  await server.stop();
  return signal;
}
