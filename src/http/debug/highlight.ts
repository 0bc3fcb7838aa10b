import { html, type SafeHtml } from "../html.ts";

/** Comments, strings, numbers and words: enough to read ten lines of TypeScript by. */
const TOKEN =
  /(\/\/.*$|\/\*.*?(?:\*\/|$)|^\s*\*.*$)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`?)|\b(\d[\d_.a-fx]*n?)\b|\b(abstract|as|async|await|break|case|catch|class|const|continue|default|delete|do|else|enum|export|extends|false|finally|for|from|function|get|if|implements|import|in|instanceof|interface|let|new|null|of|private|public|readonly|return|satisfies|static|super|switch|this|throw|true|try|type|typeof|undefined|var|void|while|yield)\b/g;
const CLASSES = ["comment", "string", "number", "word"];

/** One line of TypeScript with its parts marked, escaped. */
export function highlight(line: string): SafeHtml {
  const parts: (SafeHtml | string)[] = [];
  let end = 0;
  for (const found of line.matchAll(TOKEN)) {
    const kind = CLASSES[found.slice(1).findIndex((group) => group !== undefined)]!;
    parts.push(line.slice(end, found.index), html`<i class="${kind}">${found[0]}</i>`);
    end = found.index + found[0].length;
  }
  parts.push(line.slice(end));
  return html`${parts}`;
}
