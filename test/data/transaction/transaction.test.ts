import { afterEach, beforeEach, describe, expect, expectTypeOf, spyOn, test } from "bun:test";
import { Database } from "bun:sqlite";
import { Kysely, SqliteDialect, Transaction } from "kysely";
import { Conflict, t } from "../../../src/index.ts";
import { model, type TablesOf } from "../../../src/data/index.ts";
import { afterCommit, LocklessSqliteCompiler, transaction } from "../../../src/data/transaction/index.ts";
import { onEach } from "../query/stages.ts";

const Account = model("accounts", { id: t.PrimaryKey(), name: t.String({ unique: true }), balance: t.Integer() });
const models = { accounts: Account };
type DB = TablesOf<typeof models>;

const open = (db: Kysely<DB>, name: string, balance = 0) =>
  db.insertInto("accounts").values({ name, balance }).execute();

const names = async (db: Kysely<DB>): Promise<string[]> =>
  (await db.selectFrom("accounts").select("name").orderBy("name").execute()).map(({ name }) => name);

onEach(models, (stage) => {
  beforeEach(async () => {
    await stage.db.deleteFrom("accounts").execute();
  });

  describe("a transaction", () => {
    test("gives the callback Kysely's transaction, commits, and returns what the callback returned", async () => {
      const result = await transaction(stage.db, async (trx) => {
        expectTypeOf(trx).toEqualTypeOf<Transaction<DB>>();
        expect(trx).toBeInstanceOf(Transaction);
        expect(trx.isTransaction).toBe(true);
        await open(trx, "ada");
        return 42;
      });
      expectTypeOf(result).toEqualTypeOf<number>();
      expect(result).toBe(42);
      expect(await names(stage.db)).toEqual(["ada"]);
    });

    test("is not seen by others before it is committed", async () => {
      const other = stage.again();
      await transaction(stage.db, async (trx) => {
        await open(trx, "ada");
        expect(await names(trx)).toEqual(["ada"]);
        expect(await names(other)).toEqual([]);
      });
      expect(await names(other)).toEqual(["ada"]);
    });

    test("is rolled back by a throw, and the very error is thrown on", async () => {
      const error = new Error("no");
      const attempt = transaction(stage.db, async (trx) => {
        await open(trx, "ada");
        throw error;
      });
      expect(await attempt.catch((caught: unknown) => caught)).toBe(error);
      expect(await names(stage.db)).toEqual([]);
    });

    test("is rolled back by an HttpError that is returned, and returns it", async () => {
      const refused = new Conflict("Not enough money");
      const result = await transaction(stage.db, async (trx) => {
        await open(trx, "ada");
        return refused;
      });
      expect(result).toBe(refused);
      expect(await names(stage.db)).toEqual([]);
    });

    test("is rolled back by a statement that fails, and the next one works", async () => {
      await open(stage.db, "ada");
      const attempt = transaction(stage.db, async (trx) => {
        await open(trx, "bob");
        await open(trx, "ada");
      });
      expect(
        await attempt.then(
          () => "kept",
          () => "failed",
        ),
      ).toBe("failed");
      expect(await names(stage.db)).toEqual(["ada"]);
      await transaction(stage.db, (trx) => open(trx, "cleo"));
      expect(await names(stage.db)).toEqual(["ada", "cleo"]);
    });

    test("that reads only refuses to write", async () => {
      const attempt = transaction(stage.db, (trx) => open(trx, "ada"), { readOnly: true });
      expect(
        await attempt.then(
          () => "kept",
          () => "refused",
        ),
      ).toBe("refused");
      expect(await transaction(stage.db, names, { readOnly: true })).toEqual([]);
    });

    test("takes an isolation level", async () => {
      expect(await transaction(stage.db, names, { isolation: "serializable" })).toEqual([]);
    });

    test("keeps what it reads for itself with a row lock", async () => {
      await open(stage.db, "ada", 10);
      const other = stage.again();
      const balances = (db: Kysely<DB>) =>
        db.selectFrom("accounts").select("balance").forUpdate().skipLocked().execute();
      // In SQLite only one transaction at a time may write: there is nobody to lock a row against.
      if (stage.dialect === "sqlite") return;
      await transaction(stage.db, async (trx) => {
        expect(await balances(trx)).toEqual([{ balance: 10 }]);
        expect(await transaction(other, balances)).toEqual([]);
      });
      expect(await transaction(other, balances)).toEqual([{ balance: 10 }]);
    });
  });

  describe("a nested transaction", () => {
    test("is a savepoint: what it throws undoes only its own part", async () => {
      await transaction(stage.db, async (trx) => {
        await open(trx, "ada");
        const inner = transaction(trx, async (nested) => {
          await open(nested, "bob");
          throw new Error("only here");
        });
        expect(await inner.catch((error: Error) => error.message)).toBe("only here");
        await transaction(trx, (nested) => open(nested, "cleo"));
      });
      expect(await names(stage.db)).toEqual(["ada", "cleo"]);
    });

    test("recovers from a statement that failed", async () => {
      await transaction(stage.db, async (trx) => {
        await open(trx, "ada");
        await transaction(trx, (nested) => open(nested, "ada")).catch(() => {});
        await open(trx, "bob");
      });
      expect(await names(stage.db)).toEqual(["ada", "bob"]);
    });

    test("that returns an HttpError undoes its own part and returns it", async () => {
      await transaction(stage.db, async (trx) => {
        const answer = await transaction(trx, async (nested) => {
          await open(nested, "ada");
          return new Conflict();
        });
        expect(answer).toBeInstanceOf(Conflict);
        await open(trx, "bob");
      });
      expect(await names(stage.db)).toEqual(["bob"]);
    });

    test("goes with the transaction around it", async () => {
      const attempt = transaction(stage.db, async (trx) => {
        await transaction(trx, (nested) => open(nested, "ada"));
        throw new Error("after");
      });
      expect(await attempt.catch((error: Error) => error.message)).toBe("after");
      expect(await names(stage.db)).toEqual([]);
    });

    test("nests to any depth", async () => {
      await transaction(stage.db, (one) =>
        transaction(one, async (two) => {
          await open(two, "two");
          await transaction(two, async (three) => {
            await open(three, "three");
            await transaction(three, async (four) => {
              await open(four, "four");
              throw new Error("four");
            }).catch(() => {});
          });
        }),
      );
      expect(await names(stage.db)).toEqual(["three", "two"]);
    });

    test("waits for the one beside it, so that both can be undone alone", async () => {
      await transaction(stage.db, async (trx) => {
        const nested = ["ada", "bob", "cleo"].map((name) =>
          transaction(trx, async (inner) => {
            await open(inner, name);
            await Bun.sleep(1);
            if (name === "bob") throw new Error(name);
          }),
        );
        expect((await Promise.allSettled(nested)).map(({ status }) => status)).toEqual([
          "fulfilled",
          "rejected",
          "fulfilled",
        ]);
      });
      expect(await names(stage.db)).toEqual(["ada", "cleo"]);
    });

    test("takes no options of its own", async () => {
      const attempt = transaction(stage.db, (trx) => transaction(trx, names, { isolation: "serializable" }));
      expect(await attempt.catch((error: Error) => error.message)).toBe(
        "transaction: a savepoint has the isolation and the access of the transaction around it",
      );
    });
  });

  describe("a transaction that lost against another one", () => {
    const lost = () =>
      Object.assign(
        new Error("deadlock"),
        { sqlite: { code: "SQLITE_BUSY" }, postgres: { errno: "40001" }, mysql: { errno: 1213 } }[stage.dialect],
      );

    test("is run again from its beginning", async () => {
      let runs = 0;
      const result = await transaction(stage.db, async (trx) => {
        await open(trx, "ada");
        if (++runs < 3) throw lost();
        return runs;
      });
      expect(result).toBe(3);
      expect(await names(stage.db)).toEqual(["ada"]);
    });

    test("gives up after 3 more tries, or as many as it was given", async () => {
      for (const [options, expected] of [
        [{}, 4],
        [{ retries: 0 }, 1],
        [{ retries: 1 }, 2],
      ] as const) {
        let runs = 0;
        const error = lost();
        const attempt = transaction(
          stage.db,
          async () => {
            runs++;
            throw error;
          },
          options,
        );
        expect(await attempt.catch((caught: unknown) => caught)).toBe(error);
        expect(runs).toBe(expected);
      }
    });

    test("is run again as a whole when a savepoint lost, even if that was caught", async () => {
      let outer = 0;
      let inner = 0;
      await transaction(stage.db, async (trx) => {
        outer++;
        await open(trx, "ada");
        await transaction(trx, async () => {
          if (++inner === 1) throw lost();
        }).catch(() => {});
      });
      expect([outer, inner]).toEqual([2, 2]);
      expect(await names(stage.db)).toEqual(["ada"]);
    });

    test("is not run again for an error that is an answer, whatever its cause", async () => {
      let runs = 0;
      const attempt = transaction(stage.db, async () => {
        runs++;
        throw new Conflict("Taken", { cause: lost() });
      });
      expect(await attempt.catch((error: Error) => error.message)).toBe("Taken");
      expect(runs).toBe(1);
    });

    test("succeeds in the end when two really read and change the same row", async () => {
      await open(stage.db, "ada", 0);
      const both = Promise.withResolvers<void>();
      let readers = 0;
      let runs = 0;
      const add = () =>
        transaction(
          stage.db,
          async (trx) => {
            runs++;
            const { balance } = await trx.selectFrom("accounts").select("balance").executeTakeFirstOrThrow();
            if (++readers === 2 || stage.dialect === "sqlite") both.resolve();
            await both.promise;
            await trx
              .updateTable("accounts")
              .set({ balance: balance + 1 })
              .execute();
          },
          { isolation: "serializable" },
        );
      await Promise.all([add(), add()]);
      expect(await stage.db.selectFrom("accounts").select("balance").execute()).toEqual([{ balance: 2 }]);
      // SQLite lets the second one begin when the first has ended.
      expect(runs).toBe(stage.dialect === "sqlite" ? 2 : 3);
    });

    test("counts an error that wraps the driver's", async () => {
      let runs = 0;
      await transaction(stage.db, async () => {
        if (++runs === 1) throw new Error("saving failed", { cause: lost() });
      });
      expect(runs).toBe(2);
    });
  });

  describe("afterCommit", () => {
    let told: string[];
    beforeEach(() => {
      told = [];
    });
    const tell = (text: string) => () => void told.push(text);

    test("runs after the commit, in order, before the transaction returns", async () => {
      await transaction(stage.db, async (trx) => {
        afterCommit(async () => {
          await Bun.sleep(1);
          told.push(`first: ${(await names(stage.again())).join()}`);
        });
        afterCommit(tell("second"));
        await open(trx, "ada");
        told.push("inside");
      });
      expect(told).toEqual(["inside", "first: ada", "second"]);
    });

    test("is dropped by a rollback", async () => {
      await transaction(stage.db, () => {
        afterCommit(tell("never"));
        return new Conflict();
      });
      await transaction(stage.db, () => {
        afterCommit(tell("never"));
        throw new Error("no");
      }).catch(() => {});
      expect(told).toEqual([]);
    });

    test("of a savepoint waits for the whole, and is dropped with its own part", async () => {
      await transaction(stage.db, async (trx) => {
        afterCommit(tell("one"));
        await transaction(trx, async (nested) => {
          afterCommit(tell("two"));
          await transaction(nested, () => {
            afterCommit(tell("dropped"));
            throw new Error("no");
          }).catch(() => {});
        });
        expect(told).toEqual([]);
        afterCommit(tell("three"));
      });
      expect(told).toEqual(["one", "two", "three"]);
    });

    test("runs once, however often the callback ran", async () => {
      let runs = 0;
      await transaction(stage.db, () => {
        afterCommit(tell(`run ${++runs}`));
        if (runs === 1) throw Object.assign(new Error("deadlock"), { errno: "40P01" });
      });
      expect(told).toEqual(["run 2"]);
    });

    test("may begin a transaction itself", async () => {
      await transaction(stage.db, () => {
        afterCommit(() => transaction(stage.db, (trx) => open(trx, "later")));
      });
      expect(await names(stage.db)).toEqual(["later"]);
    });

    test("runs at once outside of a transaction", () => {
      afterCommit(tell("now"));
      expect(told).toEqual(["now"]);
    });
  });
});

describe("an error in afterCommit", () => {
  let printed: ReturnType<typeof spyOn<Console, "error">>;
  beforeEach(() => {
    printed = spyOn(console, "error").mockImplementation(() => {});
  });
  afterEach(() => {
    printed.mockRestore();
  });

  test("is printed; the transaction stands, and the others run", async () => {
    const db = new Kysely<DB>({ dialect: new SqliteDialect({ database: new Database(":memory:") as never }) });
    const error = new Error("mail server away");
    let ran = false;
    const result = await transaction(db, () => {
      afterCommit(() => Promise.reject(error));
      afterCommit(() => void (ran = true));
      return "committed";
    });
    expect(result).toBe("committed");
    expect(ran).toBe(true);
    expect(printed.mock.calls).toEqual([["afterCommit failed:", error]]);
    await db.destroy();
  });
});

test("SQLite's compiler leaves row locks out, which SQLite would not understand", () => {
  class Lockless extends SqliteDialect {
    override createQueryCompiler() {
      return new LocklessSqliteCompiler();
    }
  }
  const db = new Kysely<DB>({ dialect: new Lockless({ database: new Database(":memory:") as never }) });
  const query = db.selectFrom("accounts").distinct().select("name").forUpdate().skipLocked();
  expect(query.compile().sql.trimEnd()).toBe('select distinct "name" from "accounts"');
});

describe("with a Kysely of one's own", () => {
  let db: Kysely<DB>;
  beforeEach(async () => {
    db = new Kysely<DB>({ dialect: new SqliteDialect({ database: new Database(":memory:") as never }) });
    await db.schema.createTable("accounts").addColumn("name", "text").addColumn("balance", "integer").execute();
  });
  afterEach(() => db.destroy());

  test("transactions, savepoints, retries and afterCommit are the same", async () => {
    const told: string[] = [];
    let runs = 0;
    await transaction(db, async (trx) => {
      await open(trx, "ada");
      afterCommit(() => void told.push("committed"));
      await transaction(trx, async (nested) => {
        await open(nested, "bob");
        afterCommit(() => void told.push("never"));
        throw new Error("no");
      }).catch(() => {});
      if (++runs === 1) throw Object.assign(new Error("busy"), { code: "SQLITE_BUSY" });
    });
    expect(await names(db)).toEqual(["ada"]);
    expect(told).toEqual(["committed"]);
    const answer = await transaction(db, async (trx) => {
      await open(trx, "bob");
      return new Conflict();
    });
    expect(answer).toBeInstanceOf(Conflict);
    expect(await names(db)).toEqual(["ada"]);
  });

  test("Kysely's own transaction takes savepoints", async () => {
    await db.transaction().execute(async (trx) => {
      await open(trx, "ada");
      await transaction(trx, (nested) => open(nested, "bob").then(() => Promise.reject(new Error("no")))).catch(
        () => {},
      );
    });
    expect(await names(db)).toEqual(["ada"]);
  });
});
