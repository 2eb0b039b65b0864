/**
 * The page's style sheet, inline. Its hash is in `settingsPageCsp`, so no value of a domain may enter it. Directions are
 * logical (`inline-start`), for languages that run from right to left. A transparent border shows where a browser puts its
 * own colours (forced-colors). Colours keep 4.5:1 on text and 3:1 on borders of
 * controls (WCAG 2.1 §1.4.3, §1.4.11) in both schemes.
 */
export const styles: string = `
:root {
  color-scheme: light dark;
  --ground: #f5f6f8; --card: #fff; --ink: #1b2430; --quiet: #56616f; --line: #dde2e8;
  --accent: #0a58ad; --on-accent: #fff; --tint: #eef3fa;
  --green: #14602f; --green-tint: #e3f4e8; --amber: #7a4b00; --amber-tint: #fdf1da;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #11151b; --card: #1a2028; --ink: #e5e9ee; --quiet: #a5afbc; --line: #2e3742;
    --accent: #8fbdf8; --on-accent: #0c1a2b; --tint: #222c39;
    --green: #8ddca6; --green-tint: #173021; --amber: #f0c679; --amber-tint: #352810;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 0 1.25rem 3rem; max-inline-size: 68rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: anywhere;
}
header { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: center; justify-content: space-between; padding-block: 1.25rem; }
header p { margin: 0; }
.brand { font-weight: 650; }
.languages { display: flex; flex-wrap: wrap; gap: .25rem; margin: 0 -.8rem; padding: 0; list-style: none; }
.languages a { display: block; padding: calc(.3rem + 1px) calc(.75rem + 1px); border-radius: 2rem; color: var(--quiet); text-decoration: none; }
.languages a:hover { background: var(--tint); color: var(--ink); }
.languages a[aria-current] { padding: .3rem .75rem; border: 1px solid transparent; background: var(--tint); color: var(--ink); font-weight: 600; }
h1 { margin: 2rem 0 .5rem; font-size: clamp(1.8rem, 1.4rem + 2vw, 2.5rem); line-height: 1.2; letter-spacing: -.015em; }
h2 { margin: 0 0 1rem; font-size: 1.35rem; line-height: 1.3; }
h3 { margin: 2rem 0 .5rem; font-size: 1.05rem; }
p { margin: 0 0 1rem; max-inline-size: 44rem; }
.lead { font-size: 1.15rem; }
section { margin-block-start: 3rem; }
a { color: var(--accent); text-underline-offset: .2em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: .4rem; }
.actions { display: flex; flex-wrap: wrap; gap: .75rem 1.5rem; align-items: center; margin-block-start: 1.5rem; }
.button {
  display: inline-block; padding: .6rem 1.25rem; border: 1px solid transparent; border-radius: .6rem; background: var(--accent); color: var(--on-accent);
  font-weight: 600; text-decoration: none;
}
.button:hover { text-decoration: underline; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .9rem; padding: 1.25rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); gap: 1rem; }
.pairs { grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); }
table { inline-size: 100%; border-collapse: collapse; }
caption { padding-block-end: .6rem; font-weight: 650; text-align: start; }
th, td { padding: .45rem 0; border-block-start: 1px solid var(--line); text-align: start; vertical-align: baseline; }
th { inline-size: 1%; padding-inline-end: 1rem; color: var(--quiet); font-weight: 400; white-space: nowrap; }
tr:last-child > * { padding-block-end: 0; }
.value {
  -webkit-user-select: all; user-select: all; cursor: copy; font: .95em/1.5 ui-monospace, "SF Mono", Consolas, monospace;
}
.cards + p { margin-block-start: 1.25rem; }
.warning { padding: .75rem 1rem; border-radius: .6rem; background: var(--amber-tint); color: var(--amber); }
.services { margin: 0; }
.services > div { display: grid; grid-template-columns: 34% 1fr; padding-block: .45rem; }
.services > div + div { border-block-start: 1px solid var(--line); }
.services dt { padding-inline-end: .75rem; color: var(--quiet); font-weight: 400; }
.services span { white-space: nowrap; }
.protocols { margin: 1.25rem 0 0; display: grid; gap: .75rem; max-inline-size: 44rem; }
.protocols > div { display: grid; grid-template-columns: 4rem 1fr; }
dt { font-weight: 650; }
dd { margin: 0; }
.profile-card { display: flex; flex-wrap: wrap; gap: 1.5rem 3rem; align-items: center; justify-content: space-between; padding: 1.5rem; }
.profile-card > div { flex: 1 1 18rem; }
.profile-card h2 { margin-block-end: .5rem; }
.profile-card .actions { margin-block-end: 0; }
figure { display: flex; flex: 0 1 22rem; flex-wrap: wrap; gap: 1rem; align-items: center; margin: 0; }
.qr { inline-size: 8.5rem; block-size: 8.5rem; border-radius: .5rem; }
figcaption { flex: 1 1 9rem; color: var(--quiet); font-size: .9rem; line-height: 1.5; }
.guides { padding: 0; }
details + details { border-block-start: 1px solid var(--line); }
summary {
  display: flex; gap: 1rem; align-items: center; padding: .9rem 1.25rem; border-radius: .9rem; cursor: pointer; list-style: none;
}
summary::-webkit-details-marker { display: none; }
summary::before {
  content: ""; flex: none; inline-size: .5rem; block-size: .5rem; border: solid var(--quiet); border-width: 0 2px 2px 0;
  rotate: -45deg;
}
[dir="rtl"] summary::before { rotate: 135deg; }
details[open] > summary::before { rotate: 45deg; }
summary:hover { background: var(--tint); }
.app { flex: 1; display: flex; flex-wrap: wrap; gap: 0 .75rem; align-items: baseline; }
.app span { color: var(--quiet); font-size: .9rem; }
.effort { flex: none; padding: .1rem .7rem; border: 1px solid transparent; border-radius: 2rem; background: var(--tint); color: var(--quiet); font-size: .85rem; }
.automatic { background: var(--green-tint); color: var(--green); }
.partly { background: var(--amber-tint); color: var(--amber); }
.guide { padding-block: 0 1rem; padding-inline: 2.75rem 1.25rem; }
ol { margin: 0 0 1rem; padding-inline-start: 1.4rem; max-inline-size: 44rem; }
li + li { margin-block-start: .4rem; }
li::marker { color: var(--quiet); }
.languages li { margin: 0; }
.note { padding-inline-start: 1rem; border-inline-start: 3px solid var(--line); color: var(--quiet); }
footer { margin-block-start: 3rem; padding-block-start: 1rem; border-block-start: 1px solid var(--line); color: var(--quiet); font-size: .9rem; }
footer p { margin: 0; }
@media (max-width: 34rem) {
  summary { flex-wrap: wrap; padding-inline: 1rem; gap: .25rem .75rem; }
  .app { flex: 1 1 calc(100% - 2rem); }
  .effort { margin-inline-start: 1.25rem; }
  .guide { padding-inline: 1rem; }
  .card { padding: 1rem; }
  .guides { padding: 0; }
  .services > div { grid-template-columns: 1fr; }
}
@media (max-width: 24rem) {
  body { padding-inline: .75rem; }
  .value { font-size: .9em; }
}
@media print {
  :root {
    color-scheme: light;
    --ground: #fff; --card: #fff; --ink: #000; --quiet: #444; --line: #999; --accent: #000; --tint: #fff;
    --green: #000; --green-tint: #fff; --amber: #000; --amber-tint: #fff;
  }
  body { max-inline-size: none; padding: 0; font-size: 10.5pt; }
  nav, .profile-card .actions { display: none; }
  .actions { display: block; }
  .button, .quiet { display: block; padding: 0; border: 0; background: none; color: inherit; text-decoration: none; }
  .button::after, .quiet::after { content: ": " attr(href); font-weight: 400; }
  details::details-content { content-visibility: visible; block-size: auto; }
  summary::before { display: none; }
  section { margin-block-start: 1.5rem; }
  .card, details, tr { break-inside: avoid; }
  .guides { break-inside: auto; }
}
`;
