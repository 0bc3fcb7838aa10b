import { beforeAll, describe, expect, expectTypeOf, test } from "bun:test";
import { Database as Native } from "bun:sqlite";
import { Kysely, sql, SqliteDialect } from "kysely";
import { Api } from "../../../src/index.ts";
import { bulkInsert } from "../../../src/data/query/index.ts";
import { batches, csv, ndjson } from "../../../src/data/streams/index.ts";
import { type Blog, blog } from "../query/blog.ts";
import { onEach } from "../query/stages.ts";

onEach(blog, (stage) => {
  beforeAll(async () => {
    const tags = Array.from({ length: 1000 }, (_, n) => ({ id: n + 1, name: `tag ${n + 1}` }));
    await bulkInsert(stage.db, "tags", tags);
    await bulkInsert(stage.db, "articles", [
      {
        id: 1,
        title: 'say "hi", \n=you',
        published: true,
        views: 9_007_199_254_740_993n,
        rating: 1.5,
        price: "12.30",
        day: "2024-02-29",
        at: new Date("2024-02-29T12:34:56.789Z"),
        meta: { list: [1, "x"] },
        cover: new Uint8Array([255, 0]),
      },
      { id: 2, title: "plain" },
    ]);
  });

  const tags = () => stage.db.selectFrom("tags").select(["id", "name"]).orderBy("id");
  const articles = () => stage.db.selectFrom("articles").selectAll().orderBy("id");

  describe("batches", () => {
    test("are lists of rows, the last one with what is left", async () => {
      const lists: number[][] = [];
      for await (const rows of batches(tags(), { size: 300 })) {
        expectTypeOf(rows).toEqualTypeOf<{ id: number; name: string }[]>();
        lists.push([rows.length, rows[0]!.id]);
      }
      expect(lists).toEqual([
        [300, 1],
        [300, 301],
        [300, 601],
        [100, 901],
      ]);
    });

    test("of no rows are none", async () => {
      expect(await Array.fromAsync(batches(tags().where("id", "<", 0)))).toEqual([]);
    });

    test("give their connection back when the loop is left", async () => {
      // More than a pool has connections.
      for (let n = 0; n < 15; n++) {
        for await (const rows of batches(tags(), { size: 10 })) {
          expect(rows).toHaveLength(10);
          break;
        }
      }
      expect(await stage.db.selectFrom("tags").select("id").where("id", "=", 1).execute()).toEqual([{ id: 1 }]);
    });

    test("end by a signal", async () => {
      const stop = new AbortController();
      const reading = (async () => {
        for await (const rows of batches(tags(), { size: 10, signal: stop.signal }))
          if (rows[0]!.id > 50) stop.abort("enough");
      })();
      expect(await reading.catch((reason: unknown) => reason)).toBe("enough");
    });

    test("let others be served between them", async () => {
      let served = 0;
      const timer = setInterval(() => served++, 0);
      for await (const _ of batches(tags(), { size: 1 })) if (served > 2) break;
      clearInterval(timer);
      expect(served).toBeGreaterThan(2);
    });

    test("refuse a size of no rows", () => {
      expect(() => batches(tags(), { size: 0 })).toThrow("size is a number of rows from 1, not 0");
    });
  });

  describe("ndjson", () => {
    test("is one line for each row, its values as in any other answer", async () => {
      const response = ndjson(articles());
      expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/x-ndjson"]);
      const text = await response.text();
      expect(text.split("\n").map((line) => (line === "" ? line : JSON.parse(line)))).toEqual([
        {
          id: 1,
          authorId: null,
          title: 'say "hi", \n=you',
          published: true,
          views: "9007199254740993",
          rating: 1.5,
          price: "12.30",
          day: "2024-02-29",
          at: "2024-02-29T12:34:56.789Z",
          meta: { list: [1, "x"] },
          cover: "/wA=",
          key: null,
        },
        expect.objectContaining({ id: 2, title: "plain", views: "0", at: null }),
        "",
      ]);
    });

    test("of no rows is empty", async () => {
      expect(await ndjson(tags().where("id", "<", 0)).text()).toBe("");
    });

    test("sends all rows of many batches", async () => {
      const lines = (await ndjson(tags(), { size: 7 }).text()).trimEnd().split("\n");
      expect(lines).toHaveLength(1000);
      expect(lines[999]).toBe('{"id":1000,"name":"tag 1000"}');
    });

    test("breaks off where the query fails", async () => {
      const query = stage.db.selectFrom("nothing" as "tags").selectAll();
      expect(
        await ndjson(query)
          .text()
          .then(
            () => "complete",
            () => "broken off",
          ),
      ).toBe("broken off");
    });
  });

  describe("csv", () => {
    test("is a table by RFC 4180", async () => {
      const response = csv(articles(), { filename: "articles.csv" });
      expect(Object.fromEntries(response.headers)).toEqual({
        "content-type": "text/csv; charset=utf-8; header=present",
        "content-disposition": 'attachment; filename="articles.csv"',
      });
      expect(await response.text()).toBe(
        "id,authorId,title,published,views,rating,price,day,at,meta,cover,key\r\n" +
          '1,,"say ""hi"", \n=you",true,9007199254740993,1.5,12.30,2024-02-29,2024-02-29T12:34:56.789Z,' +
          '"{""list"":[1,""x""]}",/wA=,\r\n' +
          "2,,plain,false,0,,,,,,,\r\n",
      );
    });

    test("takes columns, titles, a delimiter, and no header", async () => {
      const some = () => tags().where("id", "<=", 2);
      expect(await csv(some(), { columns: ["name", "id"] }).text()).toBe("name,id\r\ntag 1,1\r\ntag 2,2\r\n");
      expect(await csv(some(), { columns: { id: "No.", name: "Name; first" }, delimiter: ";" }).text()).toBe(
        'No.;"Name; first"\r\n1;tag 1\r\n2;tag 2\r\n',
      );
      const bare = csv(some(), { header: false });
      expect(bare.headers.get("content-type")).toBe("text/csv; charset=utf-8; header=absent");
      expect(await bare.text()).toBe("1,tag 1\r\n2,tag 2\r\n");
    });

    test("of no rows has its header where the columns are known", async () => {
      const none = () => tags().where("id", "<", 0);
      expect(await csv(none(), { columns: ["id", "name"] }).text()).toBe("id,name\r\n");
      expect(await csv(none()).text()).toBe("");
    });
  });

  describe("an export over a connection", () => {
    const serve = () => {
      const api = new Api();
      api.get("/tags", () => ndjson(tags(), { size: 1 }));
      return Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: (request) => api.handle(request) });
    };

    test("arrives whole", async () => {
      const server = serve();
      const text = await (await fetch(`http://127.0.0.1:${server.port}/tags`)).text();
      await server.stop(true);
      expect(text.trimEnd().split("\n")).toHaveLength(1000);
    });

    test.skipIf(stage.dialect === "sqlite")("ends the statement that runs when the client goes away", async () => {
      const wait = { sqlite: "1", postgres: "pg_sleep(30)", mysql: "sleep(30)" }[stage.dialect];
      const slow = stage.db
        .selectFrom("tags")
        .select(["id", sql`${sql.raw(wait)}`.as("waited")])
        .where("id", "=", 1);
      const watch = {
        sqlite: sql``,
        postgres: sql`select 1 as n from pg_stat_activity where state = 'active' and query like 'fetch %' and pid != pg_backend_pid()`,
        mysql: sql`select 1 as n from information_schema.processlist where info like '%sleep(30)%' and id != connection_id()`,
      }[stage.dialect];
      const running = async () => (await watch.execute(stage.db)).rows.length;
      const reader = ndjson(slow).body!.getReader();
      const first = reader.read();
      while ((await running()) === 0) await Bun.sleep(5);
      await reader.cancel();
      expect((await first).done).toBe(true);
      expect(await running()).toBe(0);
    });

    test("gives its connection back when the client goes away", async () => {
      const server = serve();
      for (let n = 0; n < 12; n++) {
        const reader = (await fetch(`http://127.0.0.1:${server.port}/tags`)).body!.getReader();
        expect((await reader.read()).done).toBe(false);
        await reader.cancel();
      }
      expect(
        await stage.db.connection().execute((one) => one.selectFrom("tags").select("id").limit(1).execute()),
      ).toHaveLength(1);
      await server.stop(true);
    });
  });
});

describe("rows of any other source", () => {
  test("are sent as they come, and asked for as they are taken", async () => {
    let made = 0;
    let ended = false;
    async function* rows() {
      try {
        for (;;) yield { n: ++made };
      } finally {
        ended = true;
      }
    }
    const reader = ndjson(rows(), { size: 2 }).body!.getReader();
    const { value } = await reader.read();
    expect(new TextDecoder().decode(value)).toBe('{"n":1}\n{"n":2}\n');
    expect(made).toBe(2);
    await reader.cancel();
    expect(ended).toBe(true);
  });

  test("may be in memory already", async () => {
    expect(await csv([{ a: 1 }, { a: null }]).text()).toBe("a\r\n1\r\n\r\n");
  });

  test("keep the headers, the status and the type that are given", () => {
    const response = ndjson([], { status: 202, headers: { "Content-Type": "application/jsonl", "x-total": "7" } });
    expect([response.status, response.headers.get("content-type"), response.headers.get("x-total")]).toEqual([
      202,
      "application/jsonl",
      "7",
    ]);
  });

  test("break the connection off where they fail", async () => {
    function* rows() {
      yield { n: 1 };
      throw new Error("lost");
    }
    const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => ndjson(rows(), { size: 1 }) });
    const whole = fetch(`http://127.0.0.1:${server.port}/`).then((response) => response.text());
    expect(
      await whole.then(
        () => "complete",
        () => "broken off",
      ),
    ).toBe("broken off");
    await server.stop(true);
  });
});

describe("a cell of csv", () => {
  test.each([
    ["", ""],
    [null, ""],
    [undefined, ""],
    ["a b", "a b"],
    ["a,b", '"a,b"'],
    ['a"b', '"a""b"'],
    ["a\rb", '"a\rb"'],
    ["a\nb", '"a\nb"'],
    ["=1+1", "=1+1"],
    [-1, "-1"],
    [1n, "1"],
    [false, "false"],
    [new Date(Number.NaN), ""],
    [[1n, new Uint8Array([1])], '"[""1"",""AQ==""]"'],
  ])("of %p is %p", async (value, expected) => {
    expect(await csv([{ value }], { header: false }).text()).toBe(`${expected}\r\n`);
  });

  test.each([
    ["=1+1", "'=1+1"],
    ["+1", "'+1"],
    ["-1", "'-1"],
    ["@x", "'@x"],
    ["\t=1", "'\t=1"],
    ["\r=1", '"\'\r=1"'],
    ['=a,"b', '"\'=a,""b"'],
    [-1, "-1"],
    ["1=1", "1=1"],
  ])("of %p that must be no formula is %p", async (value, expected) => {
    expect(await csv([{ value }], { header: false, escapeFormulas: true }).text()).toBe(`${expected}\r\n`);
  });

  test.each(["", ",,", '"', "\n", "\r"])("is not parted by %p", (delimiter) => {
    expect(() => csv([], { delimiter })).toThrow(TypeError);
  });
});

test("a Kysely of one's own is streamed as well", async () => {
  const db = new Kysely<Blog>({ dialect: new SqliteDialect({ database: new Native(":memory:") as never }) });
  await sql`create table tags (id integer, name text)`.execute(db);
  await sql`insert into tags values (1, 'bun'), (2, 'zig')`.execute(db);
  expect(await ndjson(db.selectFrom("tags").selectAll()).text()).toBe('{"id":1,"name":"bun"}\n{"id":2,"name":"zig"}\n');
  await db.destroy();
});
