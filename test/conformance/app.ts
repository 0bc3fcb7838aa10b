import { Api, type ApiOptions, type LogRecord, t } from "bolide";
import { addAnswering } from "./apis/answering.ts";
import { addFailing } from "./apis/failing.ts";
import { forms } from "./apis/forms.ts";
import { layered } from "./apis/layered.ts";
import { addReading } from "./apis/reading.ts";
import { addRouting, slashed } from "./apis/routing.ts";
import { rated, ratedProblem } from "./apis/rated.ts";
import { secured } from "./apis/secured.ts";
import { library, unlisted } from "./apis/library.ts";
import { sockets } from "./apis/sockets.ts";

/** What a contract sentence may say of an api as a whole: each has an api of its own. */
export type Variant =
  | "main"
  | "append"
  | "keep"
  | "problem"
  | "debug"
  | "limited"
  | "unready"
  | "layered"
  | "rated"
  | "rated-problem"
  | "secured"
  | "library"
  | "forms"
  | "unlisted"
  | "sockets";

/** The apis that the table speaks to, made anew: they share nothing with those of another run. `lifespan` is the main one's. */
export function apis(
  log: (record: LogRecord) => void,
  lifespan?: NonNullable<ApiOptions["lifespan"]>,
): Readonly<Record<Variant, Api>> {
  const main = new Api({
    log,
    ...(lifespan === undefined ? {} : { lifespan }),
    readiness: {
      database: () => {},
      queue: async () => {
        await Bun.sleep(1);
      },
    },
  });
  addRouting(main);
  addReading(main);
  addAnswering(main);
  addFailing(main);

  const problem = new Api({ log, errors: "problem", databaseErrors: false });
  addFailing(problem);

  const debug = new Api({ log, debug: true });
  addFailing(debug);
  addAnswering(debug);

  const limited = new Api({
    log,
    limits: { valueLength: 10, headers: 20, queryKeys: 5, parts: 4 },
    maxBodySize: 10,
    health: false,
  });
  limited.get(
    "/read/:id",
    { query: { q: t.Optional(t.String()) }, headers: { xLong: t.Optional(t.String()) } },
    ({ params }) => params.id,
  );
  limited.post("/body", { body: t.Unknown() }, () => "read");
  limited.post("/form", { form: { a: t.String() }, maxBodySize: 10_000 }, () => "read");

  const unready = new Api({
    log,
    readiness: {
      good: () => true,
      no: () => false,
      thrown: () => raise(),
      rejected: () => Promise.reject(new Error("down")),
    },
  });
  unready.get("/health", () => "a health of its own");

  return {
    main,
    append: slashed("append", log),
    keep: slashed("keep", log),
    problem,
    debug,
    limited,
    unready,
    layered: layered(log),
    rated: rated(log),
    "rated-problem": ratedProblem(log),
    secured: secured(log),
    library: library(log),
    forms: forms(log),
    unlisted: unlisted(log),
    sockets: sockets(log),
  };
}

function raise(): never {
  throw new Error("down");
}
