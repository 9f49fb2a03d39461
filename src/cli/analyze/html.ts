import { duration } from '../../verdicts/timeline/duration.ts'
import { chartOf, type Span } from './chart.ts'
import { escape } from './escape.ts'
import { figuresOf, ownerOf } from './figures.ts'
import { type Lane, lanesOf } from './lanes.ts'
import { type ShortNames, shortNames } from './names.ts'
import type { Moments } from './moments.ts'
import { readingNotes, readingWarnings } from './notes.ts'
import type { Incident, Proof, Report } from './report-types.ts'
import { style } from './style.ts'
import { askedText, lostFor, type Verdict, verdictOf, withoutZookeeper } from './verdict.ts'
import { type Clock, clockOf, counted, spanOf } from './times.ts'

/** The marks of an incident need room; what comes this long after is shown with it. */
const before = 0.04
const after = 0.06

/** More than these are told in the list only: nobody reads a thousand pictures, and no browser shows them. */
const mostShown = 200

/** One page that needs nothing else, runs nothing and loads nothing. */
export function* htmlOf(report: Report): Generator<string> {
  const { timeline, reading, options } = report
  const names = shortNames(timeline)
  const { directory } = names
  const clock = clockOf(options.zone, timeline.from, timeline.until)
  const { incidents, files, from = 0, until = 0 } = timeline
  const lanes = lanesOf(timeline)
  const range = from === 0 ? 'no line with a time' : `${clock.full(from)} to ${clock.full(until)} ${clock.zoneAt(from)}`
  const asked = askedText(report, clock)
  const verdict = verdictOf(report, clock)
  const warnings = [...timeline.warnings, ...readingWarnings(report, clock)]
  const notes = [...timeline.notes.map((note) => names.in(note)), ...readingNotes(reading)]
  const shown = shownOf(incidents)
  const link = (incident: Incident, index: number): string => summaryOf(incident, index, shown.has(incident), clock)
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>What happened, ${escape(range)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>What happened</h1>
<p class="range">${escape(range)}, from ${counted(files.length, 'log file')}${asked === undefined ? '' : `<br>${escape(asked)}`}</p>
${warnings.map((warning) => `<p class="note">Warning: ${escape(warning)}</p>`).join('\n')}
`
  if (verdict !== undefined) yield calmOf(verdict, reading.moments, names, clock)
  else {
    yield '<ol class="summary">'
    for (const [index, incident] of incidents.entries()) yield `${index === 0 ? '' : '\n'}${link(incident, index)}`
    yield '</ol>'
  }
  yield `
${shown.size < incidents.length ? `<p class="note">The ${mostShown} longest of the ${incidents.length} are told step by step; --from and --to tell a part of the time, --format text all of it.</p>\n` : ''}${lostList(report, clock)}${legend}
${from === 0 ? '' : `<figure>${chartOf(lanes, { from, until: Math.max(until, from + 1000) }, [], clock)}</figure>`}
`
  for (const [index, incident] of incidents.entries()) {
    if (shown.has(incident)) yield `${sectionOf(names.incident(incident), index, lanes, { from, until }, clock)}\n`
  }
  yield `<section><h2>The logs</h2>
${directory === '' ? '' : `<p class="range">in ${escape(directory)}</p>`}
<table><thead><tr><th>file</th><th>whose</th><th>version</th><th class="number">lines</th><th>from</th><th>to</th></tr></thead><tbody>
${files.map((file) => `<tr><td>${escape(names.of(file.file))}</td><td>${escape(ownerOf(file))}</td><td>${escape(file.version ?? 'unknown')}</td><td class="number">${file.lines}</td><td>${file.firstAt === undefined ? '' : escape(clock.full(file.firstAt))}</td><td>${file.lastAt === undefined ? '' : escape(clock.full(file.lastAt))}</td></tr>`).join('\n')}
</tbody></table>
${notes.length === 0 ? '' : `<h2>To bear in mind</h2><ul>${notes.map((note) => `<li>${escape(note)}</li>`).join('')}</ul>`}
</section>
</main>
</body>
</html>
`
}

/** What the verdict does not tell, where there are incidents; and the lines. */
function lostList({ timeline }: Report, clock: Clock): string {
  const names = shortNames(timeline)
  const items = timeline.zookeeperGaps.map(
    (gap) =>
      `<li>${escape(`${withoutZookeeper(gap)}${lostFor(gap, clock)}`)}${linesOf(
        gap.proof.map(({ file, line, at, text }) => ({ file: names.of(file), line, at, text })),
        clock,
      )}</li>`,
  )
  return items.length === 0 ? '' : `<ul>${items.join('')}</ul>\n`
}

/** Those with a picture: the longest, where there are too many. */
function shownOf(incidents: readonly Incident[]): ReadonlySet<Incident> {
  const length = ({ from, until = Infinity }: Incident): number => until - from
  const longest =
    incidents.length <= mostShown ? incidents : incidents.toSorted((a, b) => length(b) - length(a) || a.from - b.from)
  return new Set(longest.slice(0, mostShown))
}

function calmOf({ head, rest }: Verdict, { moments, more }: Moments, names: ShortNames, clock: Clock): string {
  const items = moments.map(
    (event) =>
      `<li><time>${escape(clock.time(event.at))}</time> ${escape(event.meaning)}${linesOf([{ ...event, file: names.of(event.file) }], clock)}</li>`,
  )
  return `<p class="calm"><b>${escape(head)}</b>${escape(rest)}.</p><ul>${items.join('')}</ul>${more === 0 ? '' : `<p>And ${counted(more, 'more line')} of no greater weight.</p>`}`
}

const legend = `<p class="legend"><span class="up"></span>there <span class="stop"></span>stopped <span class="crash"></span>died or ended <span class="cut"></span>not reached <span class="gap"></span>no quorum, no leader</p>`

function summaryOf(incident: Incident, index: number, isShown: boolean, clock: Clock): string {
  const order = incident.order === undefined ? '' : `<br><span class="order">${escape(incident.order.text)}</span>`
  const title = `<time>${incident.isFromLastLine ? 'after ' : ''}${escape(clock.time(incident.from))}</time> ${escape(incident.title)}`
  return `<li class="${incident.how}">${isShown ? `<a href="#incident-${index + 1}">${title}</a>` : title}${order}</li>`
}

function sectionOf(incident: Incident, index: number, lanes: readonly Lane[], whole: Span, clock: Clock): string {
  const end = Math.max(incident.until ?? whole.until, ...incident.phases.map(({ until }) => until))
  const length = Math.max(1000, end - incident.from)
  const span = {
    from: incident.from - length * before,
    until: Math.max(end, Math.min(end + length * after, whole.until)),
  }
  const figures = figuresOf(incident)
  return `<section id="incident-${index + 1}">
<h2>${index + 1}. ${escape(incident.title)}</h2>
${figures.length === 0 ? '' : `<dl>${figures.map(({ name, ms }) => `<div><dt>${escape(name)}</dt><dd>${escape(duration(ms))}</dd></div>`).join('')}</dl>`}
${incident.order === undefined ? '' : `<p class="order">${escape(incident.order.text)}</p>`}
${incident.notes.map((note) => `<p class="note">${escape(note)}</p>`).join('')}
<figure>${chartOf(lanes, span, incident.phases, clock)}</figure>
<ol class="steps">${incident.phases.map((phase) => `<li><time>${escape(spanOf(phase, clock))}</time> <span class="after">+${(phase.afterMs / 1000).toFixed(3)} s</span> <b>${escape(phase.name)}</b> ${escape(phase.text)}${linesOf(phase.proof, clock)}</li>`).join('\n')}</ol>
<h3>Why this is believed</h3>
<ul>${incident.losses.flatMap(({ because }) => because.map(({ text, proof }) => `<li>${escape(text)}${linesOf(proof, clock)}</li>`)).join('\n')}</ul>
</section>`
}

const linesOf = (proof: readonly Proof[], clock: Clock): string =>
  proof.length === 0
    ? ''
    : `<details><summary>${counted(proof.length, 'line')}</summary><pre>${proof.map(({ file, line, at, text }) => `${escape(`${file}:${line}`)}  ${escape(clock.time(at))}  ${escape(text)}`).join('\n')}</pre></details>`
