/** The page's style sheet. Two palettes; all else is common. */
export const style = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --text: #22262b; --quiet: #6a737d; --line: #e3e6ea; --code: #f6f7f9; --link: #0b5cad;
  --warn: #b35900; --warn-back: #fff8ef; --error: #b3261e; --error-back: #fdf3f2; --plate: #ffffff;
  --keyword: #8a2f8f; --string: #2d6a2f; --number: #9c4a00; --comment: #78828c; --name: #1c5fb0; --type: #0f6a75;
  --ansi-0: #22262b; --ansi-1: #b3261e; --ansi-2: #2d6a2f; --ansi-3: #8a6100; --ansi-4: #1c5fb0; --ansi-5: #8a2f8f;
  --ansi-6: #0f6a75; --ansi-7: #6a737d; --ansi-8: #6a737d; --ansi-9: #d1372d; --ansi-10: #3a8a3d; --ansi-11: #a67700;
  --ansi-12: #2b78d4; --ansi-13: #a743ad; --ansi-14: #158694; --ansi-15: #a5adb5;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #16191d; --text: #d9dde2; --quiet: #8b949e; --line: #2c3138; --code: #1e2227; --link: #74b2f5;
    --warn: #e5a45c; --warn-back: #241f17; --error: #f08b82; --error-back: #271a1a; --plate: #f7f8f9;
    --keyword: #d89bdc; --string: #96c98a; --number: #e3a66f; --comment: #808a95; --name: #82b6f0; --type: #74c5cf;
    --ansi-0: #5c656f; --ansi-1: #f08b82; --ansi-2: #96c98a; --ansi-3: #e0bd6a; --ansi-4: #82b6f0; --ansi-5: #d89bdc;
    --ansi-6: #74c5cf; --ansi-7: #d9dde2; --ansi-8: #8b949e; --ansi-9: #ffa69e; --ansi-10: #b0dea5; --ansi-11: #f2d48a;
    --ansi-12: #a3ccfa; --ansi-13: #e6b8e9; --ansi-14: #97dbe4; --ansi-15: #ffffff;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 17px/1.65 Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif;
  text-rendering: optimizeLegibility;
}
/* Text and code keep to a middle column of 54rem; pictures and tables may use the margins. */
main {
  display: grid; grid-template-columns: minmax(1.25rem, 1fr) minmax(0, 54rem) minmax(1.25rem, 1fr);
  padding: clamp(2rem, 6vh, 5rem) 0 7rem;
}
.cell { display: contents; }
.cell > *, .output { grid-column: 2; min-width: 0; }

.prose > :is(p, ul, ol, blockquote, dl) { max-width: 43rem; }
.prose > *, .output.prose > * { margin: 0 0 1rem; }
.prose > table { justify-self: start; }
.prose li + li { margin-top: .3rem; }
h1, h2, h3, h4 { line-height: 1.25; font-weight: 650; letter-spacing: -.012em; text-wrap: balance; }
.prose > h1 { font-size: 2.3rem; margin: 0 0 1.4rem; letter-spacing: -.022em; }
.prose > h2 { font-size: 1.55rem; margin: 3.2rem 0 1rem; }
.prose > h3 { font-size: 1.2rem; margin: 2.2rem 0 .7rem; }
.prose > h4 { font-size: 1rem; margin: 1.8rem 0 .5rem; }
.cell:first-child > :first-child { margin-top: 0; }
a { color: var(--link); text-decoration-thickness: .06em; text-underline-offset: .18em; }
blockquote { margin-inline: 0; padding-left: 1.1rem; border-left: 3px solid var(--line); color: var(--quiet); }
hr { border: 0; border-top: 1px solid var(--line); margin: 2.5rem 0; width: 100%; }
img, svg, video { max-width: 100%; }
img { height: auto; }
math[display="block"] { margin: 1.2rem 0; max-width: 100%; overflow-x: auto; overflow-y: hidden; font-size: 1.08em; }
math { font-family: "STIX Two Math", "Latin Modern Math", "Cambria Math", "Libertinus Math", math; }

code, pre, kbd {
  font-family: ui-monospace, "SF Mono", "Cascadia Code", "JetBrains Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: .82rem; font-variant-ligatures: none;
}
:not(pre) > code { background: var(--code); border-radius: 4px; padding: .12em .35em; font-size: .86em; }
pre { margin: 0; line-height: 1.55; white-space: pre; overflow-x: auto; tab-size: 2; }
.prose > pre { background: var(--code); border-radius: 8px; padding: .9rem 1.1rem; }

.code { position: relative; background: var(--code); border-radius: 8px; margin: .6rem 0 .8rem; }
.code pre { padding: .9rem 1.1rem; }
/* Number and time of a cell: in the margin where there is one, else a line above the code. */
.caption {
  display: block; padding: .45rem 1.1rem 0; margin-bottom: -.5rem; text-align: right; color: var(--quiet);
  font-size: .72rem; line-height: 1.4; font-variant-numeric: tabular-nums; white-space: nowrap; user-select: none;
}
@media (min-width: 72rem) {
  .caption { position: absolute; top: 1rem; left: 100%; padding: 0 0 0 .9rem; margin: 0; }
}
.output { margin: 0 0 1rem; }
pre.output { padding: .1rem 1.1rem; max-height: 34rem; overflow: auto; color: var(--text); }
pre.result { font-size: .84rem; }
pre.stderr { border-left: 3px solid var(--warn); background: var(--warn-back); padding-block: .5rem; }
pre.error { border-left: 3px solid var(--error); background: var(--error-back); padding-block: .6rem; }
.output.rich { grid-column: 1 / -1; justify-self: center; width: min(54rem, 100% - 2.5rem); overflow-x: auto; }
.output.rich { font-size: .94rem; }
[data-kontrast-figure] { border-radius: 6px; }
.output.rich > img { display: block; margin-inline: auto; background: var(--plate); border-radius: 6px; }
@media (min-width: 60rem) {
  .output.rich { width: auto; min-width: 54rem; max-width: min(78rem, 100% - 2.5rem); }
}

table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; line-height: 1.45; }
th, td { padding: .4rem .9rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: baseline; }
thead th { border-bottom: 1.5px solid var(--quiet); font-weight: 600; }
progress { accent-color: var(--link); }

.hljs-keyword, .hljs-literal, .hljs-built_in { color: var(--keyword); }
.hljs-string, .hljs-regexp, .hljs-char, .hljs-subst { color: var(--string); }
.hljs-subst { color: inherit; }
.hljs-number { color: var(--number); }
.hljs-comment, .hljs-doctag { color: var(--comment); font-style: italic; }
.hljs-title, .hljs-section, .hljs-name, .hljs-attribute { color: var(--name); }
.hljs-type, .hljs-class, .hljs-title.class_, .hljs-meta, .hljs-tag { color: var(--type); }
.hljs-emphasis { font-style: italic; } .hljs-strong { font-weight: 600; }

@media print {
  body { font-size: 10.5pt; }
  .code, .output { break-inside: avoid; }
  pre { white-space: pre-wrap; max-height: none; }
}
`;
