import { Api, apiKey, BadRequest, type LogRecord, stream, t, type UploadFile } from "bolide";

export const FORM_KEY = "conformance-forms-key-0123456789";

/** Forms and files. */
export function forms(log: (record: LogRecord) => void): Api {
  const api = new Api({ log });

  api.post(
    "/texts",
    {
      form: {
        name: t.String({ minLength: 1 }),
        age: t.Integer({ minimum: 0, default: 18 }),
        news: t.Boolean({ default: false }),
        at: t.Optional(t.Date()),
        big: t.Optional(t.BigInt()),
        id: t.Optional(t.String({ format: "uuid" })),
        size: t.StringEnum(["s", "m"], { default: "m" }),
        tags: t.Array(t.String(), { default: [] }),
        near: t.Optional(t.Csv(t.Number())),
      },
    },
    ({ form }) => ({ ...form, big: form.big === undefined ? undefined : typeof form.big }),
  );
  api.post("/closed", { form: t.Object({ a: t.String() }, { additionalProperties: false }) }, ({ form }) => form);
  api.post(
    "/checked",
    {
      form: t.Refine(t.Object({ password: t.String(), again: t.String(), key: t.Optional(t.File()) }), (form) =>
        form.password === form.again ? undefined : { loc: ["again"], msg: "Expected the same password" },
      ),
    },
    ({ form }) => (form.key === undefined ? "without a key" : form.key.text()),
  );

  api.post(
    "/photo",
    { files: { photo: t.File({ minSize: 2, maxSize: 20, types: ["image/*", "application/pdf"] }) } },
    ({ files: { photo } }) => ({ ...told(photo), header: photo.headers.get("content-disposition") }),
  );
  api.post("/optional", { files: { photo: t.Optional(t.File()) } }, ({ files }) => files.photo?.size ?? "none");
  api.post("/documents", { files: { documents: t.Files({ maxFiles: 2 }) } }, async ({ files }) =>
    Promise.all(files.documents.map((file) => file.text())),
  );
  api.post("/several", { files: { documents: t.Files({ minFiles: 2 }) } }, ({ files }) => files.documents.length);
  api.post("/sniffed", { files: { photo: t.File({ types: ["image/*"], sniff: true }) } }, ({ files }) =>
    told(files.photo),
  );
  api.post(
    "/posts/:id",
    {
      params: { id: t.Integer() },
      query: { draft: t.Boolean({ default: false }) },
      form: { title: t.String(), cover: t.Optional(t.File()) },
      files: { pages: t.Files() },
    },
    ({ params, query, form, files }) => ({
      id: params.id,
      draft: query.draft,
      title: form.title,
      cover: form.cover?.filename ?? null,
      pages: files.pages.map(({ filename }) => filename),
    }),
  );

  const spooling = api.with({ memoryThreshold: 10 });
  const file = { files: { file: t.File() } };
  spooling.post("/read", file, async ({ files }) => ({
    ...told(files.file),
    read: (await files.file.read()).byteLength,
    text: await files.file.text(),
    arrayBuffer: (await files.file.arrayBuffer()).byteLength,
    stream: await new Response(files.file.stream()).text(),
  }));
  spooling.post("/json", file, ({ files }) => files.file.json().catch(() => new BadRequest("The file is no JSON")));
  spooling.post("/streamed", file, ({ files }) => stream(files.file.stream()));
  spooling.post("/passed", file, ({ files }) => new Response(files.file.stream()));
  spooling.post("/note", { form: { text: t.String() } }, ({ form }) => form.text);
  let kept: UploadFile | undefined;
  spooling.post("/keep", file, ({ files }) => {
    kept = files.file;
    return kept.onDisk;
  });
  api.get("/kept", () => kept?.text().then(String, String) ?? "nothing");

  api.post("/small", { form: { a: t.String() }, maxBodySize: 20 }, () => "read");
  api.with({ maxBodySize: 200 }).post("/scoped", { files: { photo: t.File() } }, () => "read");
  api
    .with({ auth: apiKey({ keys: [FORM_KEY] }), maxBodySize: 500 })
    .post("/secured", { files: { photo: t.File() } }, () => "read");
  return api;
}

function told({ filename, contentType, size, onDisk }: UploadFile) {
  return { filename, contentType, size, onDisk };
}
