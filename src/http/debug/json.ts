import { type DebugInfo, debugReport, frameLine } from "./report.ts";

/** What {@link debugJson} gives: the error, its stack, and the request that met it. */
export interface DebugJson extends Readonly<Record<string, unknown>> {
  readonly exception: { readonly type: string; readonly message: string };
  /** The calls, innermost first, then those of each cause. */
  readonly traceback: readonly string[];
}

/** What went wrong, for clients that do not read HTML; secrets masked. Development only. */
export function debugJson(info: DebugInfo): DebugJson {
  const report = debugReport(info);
  const [error] = report.faults;
  return {
    exception: { type: error!.type, message: error!.message },
    traceback: report.faults.flatMap((fault, index) => [
      ...(index === 0 ? [] : [`caused by ${fault.type}: ${fault.message}`]),
      ...fault.frames.map(frameLine),
    ]),
    request: {
      method: report.method,
      url: report.target,
      ...(report.route === undefined ? {} : { route: report.route }),
      ...(report.id === undefined ? {} : { id: report.id }),
      params: Object.fromEntries(report.params),
      query: Object.fromEntries(report.query),
      headers: Object.fromEntries(report.headers),
      cookies: Object.fromEntries(report.cookies),
    },
    plan: report.plan,
    queries: report.queries,
  };
}
