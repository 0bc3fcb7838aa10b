import { formReader } from "../../../../src/http/index.ts";

// A server in a process of its own, so that its memory is its own; it ends with whoever started it.
const rules = { many: false, optional: true, minSize: 0, minFiles: 0, maxFiles: undefined, maxSize: undefined };
const photo = { ...rules, types: [], sniff: true, source: "files" } as const;
const plan = { fields: ["title"], repeated: [false], files: new Map([["photo", photo]]) };

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  maxRequestBodySize: 1_000_000_000,
  async fetch(request) {
    Bun.gc(true);
    const before = process.memoryUsage.rss();
    let most = before;
    const timer = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 5);
    try {
      const form = await formReader(plan, { bytes: 500_000_000 })(request);
      const upload = form.files.get("photo");
      const size = upload !== undefined && "size" in upload ? upload.size : undefined;
      most = Math.max(most, process.memoryUsage.rss());
      form.dispose();
      return Response.json({ size, entries: form.entries, grown: most - before });
    } finally {
      clearInterval(timer);
    }
  },
});
console.log(server.url.href);
process.stdin.on("end", () => void server.stop()).resume();
