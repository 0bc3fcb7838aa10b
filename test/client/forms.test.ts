import { describe, expect, expectTypeOf, test } from "bun:test";
import { Api, t } from "bolide";
import { client, type InputOf } from "bolide/client";

const api = new Api();
const told = api.post(
  "/told",
  {
    form: {
      title: t.String(),
      count: t.Integer(),
      at: t.Optional(t.Date()),
      tags: t.Array(t.String(), { default: [] }),
      near: t.Optional(t.Csv(t.Number())),
    },
  },
  ({ form, request }) => ({ ...form, type: request.headers.get("content-type")!.split(";")[0]! }),
);
const upload = api.post(
  "/upload/:id",
  {
    params: { id: t.Integer() },
    form: { title: t.String(), cover: t.Optional(t.File()) },
    files: { photo: t.File(), pages: t.Files() },
  },
  async ({ params, form, files }) => ({
    id: params.id,
    title: form.title,
    cover: form.cover?.filename ?? null,
    photo: [files.photo.filename, files.photo.contentType, await files.photo.text()],
    pages: await Promise.all(files.pages.map((page) => page.text())),
  }),
);
const optional = api.post("/optional", { files: { photo: t.Optional(t.File()) } }, ({ files, request }) => ({
  size: files.photo?.size ?? null,
  type: request.headers.get("content-type")!.split(";")[0]!,
}));

interface Module {
  readonly told: typeof told;
  readonly upload: typeof upload;
  readonly optional: typeof optional;
}
const calls = client<Module>("http://localhost", { fetch: (request) => api.handle(request) });

describe("the typed client sends", () => {
  test("a form without files urlencoded: lists repeated, dates as ISO 8601", async () => {
    const form = { title: "a b", count: 7, at: new Date("2026-01-01"), tags: ["x", "y"], near: [47.4, 8.5] };
    const answer = await calls.at("/told").post({ form });
    expect([answer.status, answer.data]).toEqual([
      200,
      {
        title: "a b",
        count: 7,
        at: "2026-01-01T00:00:00.000Z",
        tags: ["x", "y"],
        near: [47.4, 8.5],
        type: "application/x-www-form-urlencoded",
      },
    ]);
  });

  test("files as multipart, with the texts beside them", async () => {
    const answer = await calls.at("/upload/:id").post({
      params: { id: 7 },
      form: { title: "é", cover: new File(["c"], "cover.png") },
      files: {
        photo: new File(["p"], "photo.png", { type: "image/png" }),
        pages: [new Blob(["1"]), new Blob(["2"])],
      },
    });
    expect([answer.status, answer.data]).toEqual([
      200,
      { id: 7, title: "é", cover: "cover.png", photo: ["photo.png", "image/png", "p"], pages: ["1", "2"] },
    ]);
  });

  test("no file where an optional one is left out", async () => {
    const answer = await calls.at("/optional").post({ files: {} });
    expect(answer.data).toEqual({ size: null, type: "multipart/form-data" });
  });

  test("and is told what is wrong", async () => {
    const answer = await calls.at("/told").post({ form: { title: "a", count: 0.5, tags: [] } });
    if (answer.status !== 422) throw new Error(`answered ${answer.status}`);
    expect(answer.data.detail).toEqual([{ loc: ["form", "count"], msg: "Expected integer", type: "type_error" }]);
  });
});

test("the types of a form are those of its contract, a file is a Blob", () => {
  type Upload = InputOf<typeof upload>;
  expectTypeOf<Upload["form"]>().toEqualTypeOf<{ readonly title: string; readonly cover?: Blob }>();
  expectTypeOf<Upload["files"]>().toEqualTypeOf<{ readonly photo: Blob; readonly pages: readonly Blob[] }>();
  expectTypeOf<InputOf<typeof told>["form"]["at"]>().toEqualTypeOf<Date | string | undefined>();
  const never = () => [
    // @ts-expect-error -- the title is missing
    calls.at("/told").post({ form: { count: 1, tags: [] } }),
    // @ts-expect-error -- a file is no text
    calls.at("/optional").post({ files: { photo: "text" } }),
    // @ts-expect-error -- there is no form
    calls.at("/optional").post({ form: { photo: new Blob() }, files: {} }),
  ];
  expect(never).toBeFunction();
});

test("a handler's form and files have the types of their schemas", () => {
  api.post("/types", { form: { at: t.Date(), cover: t.Optional(t.File()) }, files: { all: t.Files() } }, (ctx) => {
    expectTypeOf(ctx.form.at).toEqualTypeOf<Date>();
    expectTypeOf(ctx.form.cover?.filename).toEqualTypeOf<string | undefined>();
    expectTypeOf(ctx.files.all[0]!.onDisk).toEqualTypeOf<boolean>();
    expectTypeOf(ctx.body).toEqualTypeOf<undefined>();
    // @ts-expect-error -- there is no such file
    return ctx.files.other;
  });
  api.post("/types/none", ({ form, files }) => {
    expectTypeOf([form, files]).toEqualTypeOf<undefined[]>();
    return [form === undefined, files === undefined];
  });
});
