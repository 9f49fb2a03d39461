/** What the exporter has counted of the logs against what lies on the disk. */
import type { Metrics } from '../metrics.ts'
import type { Check } from '../moment.ts'
import { shownEvents, shownLevels, shownOf } from './shown.ts'
import { keyOf, writtenIn, type Extents, type Written } from './written.ts'
import { KINDS } from './kinds.ts'

/** The exporter began to read between the two. */
export interface Beginning {
  readonly before: Extents
  readonly after: Extents
}

export interface Judged {
  readonly written: Written
  readonly checks: readonly Check[]
}

function check(name: string, wrong: readonly string[], detail: string): Check {
  return { kind: 'logs', name, ok: wrong.length === 0, detail: wrong.length === 0 ? detail : wrong.join('\n') }
}

/** Read bytes tell where it began: that must lie in the time in which it was started, and everything after it must be counted. */
function beginnings(
  metrics: Metrics,
  { before, after }: Beginning,
  now: Extents,
): { from: Map<string, number>; wrong: string[] } {
  const wrong: string[] = []
  const from = new Map<string, number>()
  for (const [file, { bytes }] of now) {
    const at = bytes - shownOf(metrics, 'bytes_total', file)
    const [least, most] = [before.get(file)?.bytes ?? 0, after.get(file)?.bytes ?? 0]
    from.set(file, Math.max(0, at))
    if (at < least || at > most)
      wrong.push(`${file}: ${bytes - at} bytes read of ${bytes - most} to ${bytes - least} written`)
  }
  return { from, wrong }
}

function rotations(metrics: Metrics, { before, after }: Beginning, now: Extents): Check {
  const wrong: string[] = []
  let all = 0
  let files = 0
  for (const [file, { generations }] of now) {
    const shown = shownOf(metrics, 'rotations_total', file)
    const truncations = shownOf(metrics, 'truncations_total', file)
    const least = generations - (after.get(file)?.generations ?? 0)
    const most = generations - (before.get(file)?.generations ?? 0)
    all += shown
    files += Number(shown > 0)
    if (shown < least || shown > most) wrong.push(`${file}: ${shown} rotations counted, ${least} to ${most} happened`)
    if (truncations > 0) wrong.push(`${file}: ${truncations} truncations counted, none happened`)
  }
  return check('every rotation is counted', wrong, `${all} rotations of ${files} files`)
}

function lines(metrics: Metrics, { levels }: Written): Check {
  const shown = shownLevels(metrics)
  const wrong = [...new Set([...levels.keys(), ...shown.keys()])].flatMap((level) => {
    const [counted, written] = [shown.get(level) ?? 0, levels.get(level) ?? 0]
    return counted === written ? [] : [`${level}: ${counted} lines counted, ${written} written`]
  })
  return check(
    'every line is counted once, by its level',
    wrong,
    [...levels].map(([level, count]) => `${level} ${count}`).join(', '),
  )
}

function events(metrics: Metrics, written: Written): Check {
  const shown = shownEvents(metrics)
  const wrong = KINDS.flatMap((kind) => {
    const key = keyOf(kind)
    const [counted, there] = [shown.get(key) ?? 0, written.events.get(key)?.length ?? 0]
    return counted === there ? [] : [`${key}: ${counted} counted, ${there} written`]
  })
  const total = KINDS.reduce((sum, kind) => sum + (written.events.get(keyOf(kind))?.length ?? 0), 0)
  const others = [...shown].filter(([key, count]) => count > 0 && !written.events.has(key))
  const unasked =
    others.length === 0 ? '' : `; not compared: ${others.map(([key, count]) => `${key} ${count}`).join(', ')}`
  const kinds = [...written.events.values()].filter((times) => times.length > 0).length
  return check('every event is counted once', wrong, `${total} of ${kinds} kinds${unasked}`)
}

/** At a moment when nothing is being written. */
export function judge(metrics: Metrics, beginning: Beginning, now: Extents): Judged {
  const { from, wrong } = beginnings(metrics, beginning, now)
  const written = writtenIn(from, now)
  const read = [...now].reduce((sum, [file, { bytes }]) => sum + bytes - (from.get(file) ?? 0), 0)
  return {
    written,
    checks: [
      check('every byte of the logs is read once', wrong, `${(read / 1024).toFixed(0)} KiB of ${now.size} files`),
      rotations(metrics, beginning, now),
      lines(metrics, written),
      events(metrics, written),
    ],
  }
}
