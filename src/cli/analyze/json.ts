import type { Report } from './analyze.ts'
import { figuresOf } from './figures.ts'
import { readingNotes } from './notes.ts'
import { clockOf } from './times.ts'
import { verdictOf } from './verdict.ts'
import type { Proof } from './report-types.ts'

/** The shape of the JSON; it grows, what is there stays. */
const shapeVersion = 1

/** docs/analyze.md describes it. Times are ISO 8601 in UTC, durations milliseconds. */
export function jsonOf(report: Report): string {
  const { timeline, reading, options } = report
  const verdict = verdictOf(report, clockOf(options.zone, timeline.from, timeline.until))
  const iso = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString())
  const lines = (proof: readonly Proof[]): unknown[] =>
    proof.map(({ file, line, at, text }) => ({ file, line, at: iso(at), text }))
  const whole = {
    shape: shapeVersion,
    from: iso(timeline.from),
    until: iso(timeline.until),
    window:
      options.from === undefined && options.to === undefined
        ? null
        : { from: iso(options.from), to: iso(options.to), linesWithin: reading.linesInWindow },
    lines: reading.lines,
    verdict: verdict === undefined ? null : `${verdict.head}${verdict.rest}`,
    incidents: timeline.incidents.map((incident) => ({
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
    })),
    quorum: timeline.quorumGaps.map(({ system, kind, seenBy, from, until, proof }) => ({
      system,
      kind,
      seenBy: seenBy ?? null,
      from: iso(from),
      until: iso(until),
      proof: lines(proof),
    })),
    leaderless: timeline.leaderless.map(({ partition, from, until, proof }) => ({
      partition,
      from: iso(from),
      until: iso(until),
      proof: lines(proof),
    })),
    files: timeline.files.map(
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
    warnings: timeline.warnings,
    notes: [...timeline.notes, ...readingNotes(reading)],
  }
  return `${JSON.stringify(whole, undefined, 2)}\n`
}
