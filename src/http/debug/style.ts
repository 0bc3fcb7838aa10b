/** The page's style: its own fonts and colours, light and dark, from a phone's width up. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --card: #ffffff; --line: #e2e5ea; --ink: #16181d; --soft: #5d6675; --accent: #c8102e; --tint: #fdecee;
  --mark: #fff1f2; --edge: #e5484d; --comment: #6e7781; --string: #0a6640; --number: #0550ae; --word: #8250df;
  --sans: ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0e1014; --card: #16191f; --line: #272c36; --ink: #e8eaee; --soft: #949eae; --accent: #ff6b78; --tint: #34171c;
    --mark: #2d171b; --edge: #ff6b78; --comment: #7d8794; --string: #7ee2a8; --number: #79b8ff; --word: #d2a8ff;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 var(--sans); overflow-wrap: anywhere; }
header { border-top: 4px solid var(--edge); background: var(--card); border-bottom: 1px solid var(--line); }
.width { max-width: 1080px; margin: 0 auto; padding: 0 20px; }
header .width { padding-top: 28px; padding-bottom: 26px; }
.facts { display: flex; flex-wrap: wrap; gap: 8px; margin: 0 0 18px; font: 13px/1.4 var(--mono); }
.facts span { padding: 3px 9px; border: 1px solid var(--line); border-radius: 99px; color: var(--soft); }
.facts .status { background: var(--tint); border-color: transparent; color: var(--accent); font-weight: 600; }
h1 { margin: 0; font: 600 16px/1.4 var(--mono); color: var(--accent); }
.message { margin: 6px 0 0; font-size: 26px; line-height: 1.3; font-weight: 650; letter-spacing: -.012em; white-space: pre-wrap; }
.cause { margin: 16px 0 0; padding-left: 14px; border-left: 3px solid var(--line); color: var(--soft); white-space: pre-wrap; }
.cause b { color: var(--ink); font-family: var(--mono); font-weight: 600; font-size: 14px; }
nav { position: sticky; top: 0; z-index: 1; background: var(--card); border-bottom: 1px solid var(--line); overflow-x: auto; }
nav .width { display: flex; gap: 20px; }
nav a { padding: 10px 0; color: var(--soft); text-decoration: none; font-size: 14px; white-space: nowrap; }
nav a:hover, nav a:focus-visible { color: var(--ink); }
nav small { color: var(--soft); }
section { margin: 28px 0; scroll-margin-top: 56px; }
h2 { margin: 0 0 10px; font-size: 13px; font-weight: 650; letter-spacing: .06em; text-transform: uppercase; color: var(--soft); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
details + details { border-top: 1px solid var(--line); }
summary { margin-left: 28px; padding: 10px 14px 10px 4px; cursor: pointer; font: 13px/1.5 var(--mono); }
summary:hover { color: var(--accent); }
summary .place { color: var(--soft); }
.frame { padding: 10px 14px 10px 32px; border-top: 1px solid var(--line); font: 13px/1.5 var(--mono); }
.frame:first-child { border-top: 0; }
.frame, .frame .place { color: var(--soft); }
.frame .place { float: right; }
details .place { float: right; }
.code { margin: 0; padding: 8px 0; overflow-x: auto; border-top: 1px solid var(--line); font: 13px/1.65 var(--mono); tab-size: 2; }
.code ol { margin: 0; padding: 0; list-style: none; width: max-content; min-width: 100%; }
.code li { display: flex; white-space: pre; padding-right: 20px; }
.code .at { background: var(--mark); box-shadow: inset 3px 0 var(--edge); }
.code .nr { flex: none; width: 64px; padding-right: 18px; text-align: right; color: var(--soft); user-select: none; opacity: .75; }
.code .at .nr { color: var(--accent); opacity: 1; font-weight: 600; }
.code .caret { color: var(--accent); font-weight: 700; }
i { font-style: normal; }
.comment { color: var(--comment); } .string { color: var(--string); } .number { color: var(--number); } .word { color: var(--word); }
table { width: 100%; border-collapse: collapse; font: 13px/1.5 var(--mono); }
td, th { padding: 8px 14px; text-align: left; vertical-align: top; border-top: 1px solid var(--line); font-weight: 400; }
tr:first-child > * { border-top: 0; }
th { width: 30%; color: var(--soft); }
td { white-space: pre-wrap; }
td.figure { width: 1%; white-space: nowrap; text-align: right; color: var(--soft); }
h3 { margin: 18px 0 8px; font-size: 14px; font-weight: 600; }
.steps { margin: 0; padding: 12px 14px 12px 42px; font: 13px/1.8 var(--mono); }
.steps ::marker { color: var(--soft); }
.values { color: var(--soft); }
.warning { margin: 10px 0; padding: 10px 14px; border-left: 3px solid var(--edge); background: var(--mark); font-size: 14px; }
.warning code { font: 13px/1.5 var(--mono); }
section > .none + .card { margin-top: 10px; }
.none { margin: 0; color: var(--soft); font-size: 14px; }
pre.text { margin: 0; padding: 12px 14px; border-top: 1px solid var(--line); white-space: pre-wrap; font: 12.5px/1.6 var(--mono); }
footer { padding: 4px 0 40px; color: var(--soft); font-size: 13px; }
@media (max-width: 640px) {
  .width { padding-left: 16px; padding-right: 16px; }
  .message { font-size: 21px; }
  .frame .place, details .place { float: none; display: block; }
  .code .nr { width: 44px; padding-right: 12px; }
  th, td { display: block; width: auto; padding: 8px 14px 0; }
  td { border-top: 0; padding: 0 14px 8px; }
  td.figure { width: auto; text-align: left; }
}
`;
