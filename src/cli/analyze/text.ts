import { list } from '../../verdicts/timeline/titles.ts'
import { duration } from '../../verdicts/timeline/duration.ts'
import { figuresText, ownerOf } from './figures.ts'
import { type ShortNames, shortNames } from './names.ts'
import type { Moments } from './moments.ts'
import { readingNotes, readingWarnings } from './notes.ts'
import type { Incident, Phase, Proof, Report, Timeline } from './report-types.ts'
import { askedText, lostFor, verdictOf, withoutZookeeper } from './verdict.ts'
import { type Clock, clockOf, counted, harmless, isLong, sizeOf, spanOf } from './times.ts'

const nameWidth = 26
const textWidth = 220
const mostGaps = 12

/** A timeline for a person at three in the morning: the answer first, then every step and the lines that prove it. */
export function* textOf(report: Report): Generator<string> {
  for (const line of linesOf(report)) yield `${harmless(line)}\n`
}

function* linesOf(report: Report): Generator<string> {
  const { timeline, reading, options } = report
  const names = shortNames(timeline)
  const clock = clockOf(options.zone, timeline.from, timeline.until)
  const asked = askedText(report, clock)
  const verdict = verdictOf(report, clock)
  const { from, until, incidents, files } = timeline
  const range =
    from === undefined || until === undefined
      ? 'no line with a time'
      : `${clock.full(from)} to ${clock.full(until)} ${clock.zoneAt(from)}`
  yield `${counted(files.length, 'log file')}, ${sizeOf(reading.bytes)}, ${range}`
  if (asked !== undefined) yield asked
  yield ''
  for (const warning of [...timeline.warnings, ...readingWarnings(report, clock)]) {
    yield `WARNING: ${warning}`
    yield ''
  }
  yield verdict === undefined ? 'WHAT HAPPENED' : `${verdict.head.toUpperCase()}${verdict.rest}`
  for (const [index, incident] of incidents.entries()) yield* summaryOf(incident, index, clock)
  yield* intervalsOf(timeline, clock)
  if (incidents.length > 0) {
    for (const gap of timeline.zookeeperGaps) yield `  ${withoutZookeeper(gap)}${lostFor(gap, clock)}`
  }
  yield ''
  if (timeline.zookeeperGaps.length > 0) {
    yield 'WHY THIS IS BELIEVED'
    for (const { brokers, proof } of timeline.zookeeperGaps.slice(0, mostGaps)) {
      yield `  Broker${brokers.length === 1 ? '' : 's'} ${list(brokers)} without ZooKeeper`
      for (const line of proof.slice(0, mostGaps))
        yield `         ${lineOf({ file: names.of(line.file), line: line.line, at: line.at, text: line.text }, clock)}`
    }
    yield ''
  }
  if (incidents.length === 0) yield* momentLines(reading.moments, names, clock)
  for (const [index, incident] of incidents.entries()) {
    yield* detailOf(names.incident(incident), index, clock)
    yield ''
  }
  yield names.directory === '' ? 'THE LOGS' : `THE LOGS, in ${names.directory}`
  const width = Math.min(60, Math.max(0, ...files.map(({ file }) => names.of(file).length)))
  for (const file of files) {
    const times =
      file.firstAt === undefined || file.lastAt === undefined
        ? ''
        : `, ${clock.seconds(file.firstAt)} to ${clock.seconds(file.lastAt)}`
    yield `  ${names.of(file.file).padEnd(width)}  ${ownerOf(file)}, ${file.version ?? 'version unknown'}, ${counted(file.lines, 'line')}${times}`
  }
  const notes = [...timeline.notes.map((note) => names.in(note)), ...readingNotes(reading)]
  if (notes.length > 0) yield* ['', 'TO BEAR IN MIND', ...notes.map((note) => `  - ${note}`)]
}

function momentLines({ moments, more }: Moments, names: ShortNames, clock: Clock): string[] {
  if (moments.length === 0) return []
  return [
    'WHAT THEIR LINES SAY',
    ...moments.flatMap((event) => [
      `  ${clock.time(event.at)}  ${event.meaning}`,
      `${' '.repeat(clock.width + 4)}${lineOf({ ...event, file: names.of(event.file) }, clock)}`,
    ]),
    ...(more === 0 ? [] : [`  and ${counted(more, 'more line')} of no greater weight`]),
    '',
  ]
}

function summaryOf(incident: Incident, index: number, clock: Clock): string[] {
  const figures = figuresText(incident)
  const indent = ' '.repeat(clock.width + 8)
  return [
    `  ${index + 1}. ${incident.isFromLastLine ? 'after ' : ''}${clock.time(incident.from)}  ${incident.title}`,
    ...(incident.order === undefined ? [] : [`${indent}${incident.order.text}`]),
    ...(figures === '' ? [] : [`${indent}${figures}`]),
  ]
}

function intervalsOf({ quorumGaps, leaderless }: Timeline, clock: Clock): string[] {
  const span = (from: number, until: number | undefined): string =>
    until === undefined
      ? `${clock.time(from)} to the end of the logs`
      : `${clock.time(from)} to ${clock.time(until)} (${duration(until - from)})`
  const out: string[] = []
  for (const { system, kind, seenBy, from, until } of quorumGaps) {
    const name = system === 'kraft' ? 'KRaft' : 'ZooKeeper'
    out.push(
      `  ${name} ${kind === 'lost' ? 'without a quorum' : 'without a leader, electing'}${seenBy === undefined ? '' : `, as member ${seenBy} saw it`}: ${span(from, until)}`,
    )
  }
  for (const { partition, from, until } of leaderless.slice(0, 10)) {
    out.push(`  ${partition} without a leader: ${span(from, until)}`)
  }
  if (leaderless.length > 10)
    out.push(`  and ${counted(leaderless.length - 10, 'more time')} that a partition had no leader`)
  return out
}

function detailOf(incident: Incident, index: number, clock: Clock): string[] {
  const out = [`${index + 1}. ${incident.title}`, '', '   Why this is believed']
  for (const { because } of incident.losses) {
    for (const { text, proof } of because) {
      out.push(`     - ${text}`)
      out.push(...proof.map((line) => `         ${lineOf(line, clock)}`))
    }
  }
  out.push('', '   Step by step')
  const width = Math.max(0, ...incident.phases.map((phase) => spanOf(phase, clock).length))
  for (const phase of incident.phases) {
    const seconds = `+${(phase.afterMs / 1000).toFixed(3)} s`.padStart(12)
    out.push(`   ${seconds}  ${spanOf(phase, clock).padEnd(width)}  ${phase.name.padEnd(nameWidth)}${phase.text}`)
    out.push(...shownOf(phase).map((line) => `                 ${lineOf(line, clock)}`))
  }
  if (incident.order !== undefined) out.push('', `   ${incident.order.text}`)
  for (const note of incident.notes) out.push('', `   Note: ${note}`)
  return out
}

/** The first two lines; of what lasts the first and the last. */
const shownOf = ({ at, until, proof }: Phase): readonly Proof[] =>
  isLong({ at, until }) ? [...proof.slice(0, 1), ...proof.slice(1).slice(-1)] : proof.slice(0, 2)

function lineOf({ file, line, at, text }: Proof, clock: Clock): string {
  const shown = text.length > textWidth ? `${text.slice(0, textWidth - 1)}…` : text
  return `${file}:${line}  ${clock.time(at)}  ${shown}`
}
