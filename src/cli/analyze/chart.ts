import { duration } from '../../verdicts/timeline/duration.ts'
import { escape } from './escape.ts'
import type { Bar, Lane } from './lanes.ts'
import type { Phase } from './report-types.ts'
import { type Clock, spanOf } from './times.ts'

const width = 1100
const left = 160
const right = 32
const laneHeight = 30
const barHeight = 16
const topHeight = 44
const axisHeight = 26
const sharedWidth = 14
const tickCharWidth = 7
const markRows = 2

export interface Span {
  readonly from: number
  readonly until: number
}

/** Time from left to right, a lane a component; numbered marks are the steps that the list below explains. */
export function chartOf(lanes: readonly Lane[], span: Span, phases: readonly Phase[], clock: Clock): string {
  const length = Math.max(1, span.until - span.from)
  const x = (at: number): number =>
    left + ((Math.min(span.until, Math.max(span.from, at)) - span.from) / length) * (width - left - right)
  const top = phases.length === 0 ? 8 : topHeight + (markRows - 1) * 12
  const bottom = top + lanes.length * laneHeight
  const height = bottom + axisHeight + 8
  const parts = [
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="timeline from ${escape(clock.full(span.from))} to ${escape(clock.full(span.until))}">`,
    ...axis(span, x, top, bottom, clock),
    ...lanes.flatMap(({ name, bars }, index) => laneOf(name, bars, top + index * laneHeight, span, x)),
    ...marks(phases, x, top, bottom, clock),
    '</svg>',
  ]
  return parts.join('\n')
}

const round = (value: number): string => value.toFixed(1)

function laneOf(name: string, bars: readonly Bar[], y: number, span: Span, x: (at: number) => number): string[] {
  const middle = y + laneHeight / 2
  return [
    `<text class="lane" x="${left - 12}" y="${middle + 4}" text-anchor="end">${escape(name)}</text>`,
    ...bars
      .filter(({ from, until }) => until >= span.from && from <= span.until)
      .map(({ from, until, look, text }) => {
        const begin = x(from)
        const size = Math.max(2, x(until) - begin)
        return `<rect class="${look}" x="${round(begin)}" y="${y + (laneHeight - barHeight) / 2}" width="${round(size)}" height="${barHeight}" rx="3"><title>${escape(`${name}: ${text}, ${duration(until - from)}`)}</title></rect>`
      }),
  ]
}

const steps = [
  100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000,
  7_200_000, 21_600_000, 43_200_000, 86_400_000,
]

function axis(span: Span, x: (at: number) => number, top: number, bottom: number, clock: Clock): string[] {
  const length = span.until - span.from
  // A label with its date and year needs the room of two.
  const most = clock.width > 18 ? 6 : 9
  const step = steps.find((known) => length / known <= most) ?? Math.ceil(length / most / 86_400_000) * 86_400_000
  const out: string[] = []
  for (let at = Math.ceil(span.from / step) * step; at <= span.until; at += step) {
    const label =
      step < 1000 ? clock.time(at).slice(0, -2) : step >= 86_400_000 ? clock.full(at).slice(0, 10) : clock.seconds(at)
    const anchor = x(at) + (label.length * tickCharWidth) / 2 > width ? 'end' : 'middle'
    out.push(
      `<line class="grid" x1="${round(x(at))}" x2="${round(x(at))}" y1="${top}" y2="${bottom}"/>`,
      `<text class="tick" x="${round(x(at))}" y="${bottom + 18}" text-anchor="${anchor}">${escape(label)}</text>`,
    )
  }
  return out
}

interface Cluster {
  readonly x: number
  readonly numbers: number[]
  readonly titles: string[]
}

/** Steps that would lie over one another share a mark: `3–7`. */
function clustersOf(phases: readonly Phase[], x: (at: number) => number, clock: Clock): Cluster[] {
  const clusters: Cluster[] = []
  phases.forEach((phase, index) => {
    const title = `${index + 1}. ${spanOf(phase, clock)} ${phase.name}: ${phase.text}`
    const last = clusters.at(-1)
    if (last === undefined || x(phase.at) - last.x > sharedWidth) {
      clusters.push({ x: x(phase.at), numbers: [index + 1], titles: [title] })
    } else {
      last.numbers.push(index + 1)
      last.titles.push(title)
    }
  })
  return clusters
}

function marks(
  phases: readonly Phase[],
  x: (at: number) => number,
  top: number,
  bottom: number,
  clock: Clock,
): string[] {
  const rows: number[] = Array.from({ length: markRows }, () => -Infinity)
  return clustersOf(phases, x, clock).flatMap((cluster) => {
    const first = cluster.numbers[0] ?? 0
    const last = cluster.numbers.at(-1) ?? 0
    const label = first === last ? String(first) : `${first}\u2013${last}`
    const width = 10 + label.length * 7.5
    const free = rows.findIndex((end) => cluster.x - width / 2 > end)
    const row = Math.max(0, free)
    rows[row] = cluster.x + width / 2 + 2
    const y = top - 16 - row * 22
    const at = round(cluster.x)
    return [
      `<g class="mark"><title>${escape(cluster.titles.join('; '))}</title><line x1="${at}" x2="${at}" y1="${y + 9}" y2="${bottom}"/>`,
      `<rect x="${round(cluster.x - width / 2)}" y="${y - 9}" width="${round(width)}" height="18" rx="9"/><text x="${at}" y="${y + 4}" text-anchor="middle">${label}</text></g>`,
    ]
  })
}
