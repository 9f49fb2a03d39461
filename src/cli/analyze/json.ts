import { figuresOf } from './figures.ts'
import { readingNotes, readingWarnings } from './notes.ts'
import { clockOf } from './times.ts'
import { verdictOf } from './verdict.ts'
import type { Incident, Proof, Report } from './report-types.ts'

/** The shape of the JSON; it grows, what is there stays. */
const shapeVersion = 1

/** A list of which each item is written for itself. */
class Listed<T> {
  readonly #items: readonly T[]
  readonly #shape: (item: T) => unknown

  constructor(items: readonly T[], shape: (item: T) => unknown) {
    this.#items = items
    this.#shape = shape
  }

  *parts(): Generator<string> {
    if (this.#items.length === 0) yield '[]'
    for (const [index, item] of this.#items.entries()) {
      yield `${index === 0 ? '[' : ','}\n    ${indented(this.#shape(item), 4)}`
    }
    if (this.#items.length > 0) yield '\n  ]'
  }
}

/** JSON has no line breaks but its own. */
const indented = (value: unknown, by: number): string =>
  JSON.stringify(value, undefined, 2).replaceAll('\n', `\n${' '.repeat(by)}`)

/** docs/analyze.md describes it. Times are ISO 8601 in UTC, durations milliseconds. */
export function* jsonOf(report: Report): Generator<string> {
  let mark = '{'
  for (const [key, value] of Object.entries(wholeOf(report))) {
    yield `${mark}\n  ${JSON.stringify(key)}: `
    if (value instanceof Listed) yield* value.parts()
    else yield indented(value, 2)
    mark = ','
  }
  yield '\n}\n'
}

const iso = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString())
const lines = (proof: readonly Proof[]): unknown[] =>
  proof.map(({ file, line, at, text }) => ({ file, line, at: iso(at), text }))

function wholeOf(report: Report): Readonly<Record<string, unknown>> {
  const { timeline, reading, options } = report
  const clock = clockOf(options.zone, timeline.from, timeline.until)
  const verdict = verdictOf(report, clock)
  return {
    shape: shapeVersion,
    from: iso(timeline.from),
    until: iso(timeline.until),
    window:
      options.from === undefined && options.to === undefined
        ? null
        : { from: iso(options.from), to: iso(options.to), linesWithin: reading.linesInWindow },
    lines: reading.lines,
    toldFrom: iso(reading.fullFrom),
    verdict: verdict === undefined ? null : `${verdict.head}${verdict.rest}`,
    incidents: new Listed(timeline.incidents, shapeOfIncident),
    quorum: new Listed(timeline.quorumGaps, ({ system, kind, seenBy, from, until, proof }) => ({
      system,
      kind,
      seenBy: seenBy ?? null,
      from: iso(from),
      until: iso(until),
      proof: lines(proof),
    })),
    zookeeperLost: new Listed(timeline.zookeeperGaps, ({ brokers, from, until, tried, servers, proof }) => ({
      brokers,
      from: iso(from),
      until: iso(until),
      tried,
      servers: servers ?? null,
      proof: lines(proof),
    })),
    leaderless: new Listed(timeline.leaderless, ({ partition, from, until, proof }) => ({
      partition,
      from: iso(from),
      until: iso(until),
      proof: lines(proof),
    })),
    files: new Listed(
      timeline.files,
      ({ file, node, myid, idFrom, roles, version, lines: count, bytes, firstAt, lastAt, shiftMs }) => ({
        file,
        node: node ?? null,
        myid: myid ?? null,
        idFrom: idFrom ?? null,
        roles,
        version: version ?? null,
        lines: count,
        bytes,
        firstAt: iso(firstAt),
        lastAt: iso(lastAt),
        shiftMs,
      }),
    ),
    empty: reading.empty,
    warnings: [...timeline.warnings, ...readingWarnings(report, clock)],
    notes: [...timeline.notes, ...readingNotes(reading)],
  }
}

const shapeOfIncident = (incident: Incident): unknown => ({
  from: iso(incident.from),
  until: iso(incident.until),
  isFromLastLine: incident.isFromLastLine,
  how: incident.how,
  scope: incident.scope,
  nodes: incident.nodes,
  alone: incident.alone,
  title: incident.title,
  figures: Object.fromEntries(figuresOf(incident).map(({ name, ms }) => [name, ms])),
  order:
    incident.order === undefined
      ? null
      : {
          first: incident.order.first,
          zookeeperAt: iso(incident.order.zookeeperAt),
          kafkaAt: iso(incident.order.kafkaAt),
          text: incident.order.text,
          proof: lines(incident.order.proof),
        },
  losses: incident.losses.map(({ actor, how, from, backAt, because }) => ({
    role: actor.role,
    id: actor.id ?? null,
    name: actor.name,
    how,
    from: iso(from),
    backAt: iso(backAt),
    because: because.map(({ text, proof }) => ({ text, proof: lines(proof) })),
  })),
  phases: incident.phases.map(({ name, at, until, afterMs, text, proof }) => ({
    name,
    at: iso(at),
    until: iso(until),
    afterMs,
    text,
    proof: lines(proof),
  })),
  notes: incident.notes,
})
