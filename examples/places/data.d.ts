/** What `import … with { type: "file" }` gives: the file's path, on disk or inside the binary. */
declare module "*.pbf" {
  const path: string;
  export default path;
}
