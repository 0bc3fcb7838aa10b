/** The values that a check lets through, `column in ('a', 'b')`, however a database writes it; undefined for any other check. */
export function allowedValues(
  written: string,
): { readonly column: string; readonly values: readonly string[] } | undefined {
  const values: string[] = [];
  const text = written
    .replaceAll(/(?:_\w+\s*)?(e)?'((?:[^']|'')*)'/gi, (_, escaped: string | undefined, inner: string) => {
      const value = inner.replaceAll("''", "'");
      values.push(escaped === undefined ? value : value.replaceAll("\\\\", "\\"));
      return "?";
    })
    .replaceAll(/::[a-z ]+(?:\[\])?/gi, "")
    .replaceAll(/[()\s]/g, "")
    .replace(/^check/i, "");
  const column =
    /^(?<name>"(?:[^"]|"")+"|`[^`]+`|\[[^\]]+\]|[\w$]+?)(?:in\?(?:,\?)*|=anyarray\[\?(?:,\?)*\]|=\?)$/i.exec(text)
      ?.groups?.["name"];
  if (column === undefined || values.length === 0) return undefined;
  return { column: column.replace(/^["`[]|["`\]]$/g, "").replaceAll('""', '"'), values };
}
