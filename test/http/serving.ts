/** Runs a test against a server that answers with what `answer` makes of a request, on a free port of this machine. */
export async function serving(
  answer: (request: Request) => Response | Promise<Response>,
  run: (base: string) => Promise<void>,
): Promise<void> {
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: answer });
  try {
    await run(server.url.href.slice(0, -1));
  } finally {
    await server.stop(true);
  }
}
