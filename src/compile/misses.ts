import type { Server } from "bun";
import { HttpError } from "../http/index.ts";
import { asMiddleware, type MaybePromise } from "../middleware/index.ts";
import { parsePath, type PathPattern, type ScopeNode } from "../route/index.ts";
import { Context, type RouteShared } from "./context.ts";
import { foldFailures } from "./failures.ts";
import type { Kit } from "./kit.ts";
import { foldMiddleware } from "./steps/middleware.ts";
import { foldRecorded } from "./steps/recorded.ts";

/** What an unmatched request is told. */
export type Outcome = HttpError | { readonly status: number; readonly headers: Readonly<Record<string, string>> };

/** A scope with its full prefix and the scopes around it, itself last. */
export interface PlacedScope {
  readonly prefix: string;
  readonly scopes: readonly ScopeNode[];
}

/** Answers a request that no route matches. */
export type Miss = (
  request: Request,
  server: Server<unknown> | undefined,
  path: string,
  outcome: Outcome,
) => MaybePromise<Response>;

class MissContext extends Context {
  readonly outcome: Outcome;
  constructor(request: Request, server: Server<unknown> | undefined, shared: RouteShared, outcome: Outcome) {
    super(request, undefined, server, shared);
    this.outcome = outcome;
  }
}

/**
 * Folds the answers for paths that no route matches: inside the middleware and error rules of the deepest scope under whose prefix
 * the path is; the first of `scopes`, the api's own, answers for what is under none.
 */
export function foldMisses(scopes: readonly PlacedScope[], kit: Kit): Miss {
  const shared: RouteShared = { route: undefined, address: kit.address };
  const answers = scopes.map(({ prefix, scopes: around }) => {
    const layers = around.map((scope) => scope.defaults);
    const fail = foldFailures(
      layers.toReversed().flatMap((layer) => layer.onError ?? []),
      () => [],
      kit,
    );
    const core = (ctx: Context): MaybePromise<Response> => {
      const { outcome } = ctx as MissContext;
      return outcome instanceof HttpError ? fail(ctx, outcome) : new Response(null, outcome);
    };
    const run = foldMiddleware(layers.flatMap((layer) => layer.use ?? []).map(asMiddleware), core, fail);
    return { under: parsePath(prefix === "" ? "/" : prefix).segments, run: foldRecorded(run, kit) };
  });
  const root = answers[0]!;
  const deepest = answers.slice(1).sort((a, b) => b.under.length - a.under.length);
  return (request, server, path, outcome) => {
    const parts = deepest.length === 0 ? [] : path.slice(1).split("/");
    const { run } = deepest.find(({ under }) => isUnder(under, parts)) ?? root;
    return run(new MissContext(request, server, shared, outcome));
  };
}

function isUnder(prefix: PathPattern["segments"], parts: readonly string[]): boolean {
  return prefix.every((segment, at) => {
    const part = parts[at] ?? "";
    return segment.kind === "static" ? part === segment.text : part !== "";
  });
}
