/** Quoted identifiers, placeholders, words (and whether they are called), the signs of a list. Literals are passed over. */
const TOKEN = /'(?:[^']|'')*'|"((?:[^"]|"")*)"|`([^`]*)`|(\$\d+|\?)|([A-Za-z_]\w*)(?=(\s*\()?)|([(),])/g;

/** Words that may stand between a column and its value. */
const BETWEEN =
  /^(?:and|any|as|between|cast|duplicate|do|from|ilike|in|into|is|key|like|not|null|on|or|returning|select|set|update|values|where)$/i;

/**
 * The column that each parameter of a statement is for, by position, as far as the statement says so: `"email" = ?`, `in (?, ?)`,
 * `insert into … (columns) values (…)`. A guess, for what must not be shown: no parser.
 */
export function parameterColumns(sql: string): readonly (string | undefined)[] {
  const names: (string | undefined)[] = [];
  const inserted: string[] = [];
  const inserting = /^\s*(?:insert|replace)\b/i.test(sql);
  let part: "columns" | "values" | undefined;
  let depth = 0;
  let place = 0;
  let last: string | undefined;
  for (const [, quoted, ticked, placeholder, word, called, sign] of sql.matchAll(TOKEN)) {
    const plain = word !== undefined && called === undefined && !BETWEEN.test(word) ? word : undefined;
    const name = quoted ?? ticked ?? plain;
    if (sign === "(") {
      depth++;
      if (depth === 1 && inserting && part === undefined) part = "columns";
      if (depth === 1) place = 0;
    } else if (sign === ")") depth--;
    else if (sign === "," && depth === 1) place++;
    else if (placeholder !== undefined) {
      const at = placeholder === "?" ? names.length : Number(placeholder.slice(1)) - 1;
      names[at] = part === "values" && depth > 0 ? inserted[place] : last;
    } else if (word !== undefined && depth === 0 && inserting && /^values$/i.test(word)) part = "values";
    else if (word !== undefined && depth === 0 && part === "values" && /^(?:on|returning)$/i.test(word))
      part = undefined;
    else if (name !== undefined) {
      last = name;
      if (part === "columns" && depth === 1) inserted.push(name);
    }
  }
  return names;
}
