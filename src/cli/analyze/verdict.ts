import type { Report } from './analyze.ts'
import { shifted } from './notes.ts'
import { type Clock, counted } from './times.ts'

export interface Verdict {
  /** What is written in capitals where there are no other means. */
  readonly head: string
  readonly rest: string
}

/** Where there is no incident to tell; undefined: there is one. That nothing was read is never told as that nothing was lost. */
export function verdictOf({ timeline, reading, options }: Report, clock: Clock): Verdict | undefined {
  if (timeline.incidents.length > 0) return undefined
  if (reading.lines === 0) return { head: 'No log lines were read', rest: ': nothing can be told' }
  if (timeline.from === undefined) {
    return { head: 'No line with a time was read', rest: ': nothing can be told' }
  }
  const asked = windowText(options, clock)
  if (reading.fullFrom !== undefined) {
    return { head: `No loss of a node from ${clock.full(reading.fullFrom)} on`, rest: ' can be told from these logs' }
  }
  if (asked === undefined) return { head: 'No loss of a node', rest: ' can be told from these logs' }
  if (reading.linesInWindow === 0) {
    return {
      head: 'The logs do not cover the time asked for',
      rest: `: no line ${asked}, so nothing can be told of it`,
    }
  }
  return { head: `No loss of a node ${asked}`, rest: ` can be told from these logs: ${linesText(reading)}` }
}

/** Nothing was read of which anything could be told. */
export const isBlind = ({ timeline }: Pick<Report, 'timeline'>): boolean => timeline.from === undefined

/** What was asked for and how far the logs cover it; undefined: all of them. */
export function askedText({ timeline, reading, options }: Report, clock: Clock): string | undefined {
  const asked = windowText(options, clock)
  const { from, until } = timeline
  if (asked === undefined || from === undefined || until === undefined) return asked && `asked for: ${asked}`
  const gaps = [
    ...(options.from !== undefined && options.from < from ? [`the logs begin at ${clock.full(from)} only`] : []),
    ...(options.to !== undefined && options.to > until ? [`the logs end at ${clock.full(until)}`] : []),
  ]
  return `asked for: ${[asked, linesText(reading), ...gaps].join('; ')}`
}

function windowText({ from, to }: Report['options'], clock: Clock): string | undefined {
  if (from !== undefined && to !== undefined) return `between ${clock.full(from)} and ${clock.full(to)}`
  if (from !== undefined) return `from ${clock.full(from)} on`
  return to === undefined ? undefined : `until ${clock.full(to)}`
}

function linesText({ lines, linesInWindow, record }: Report['reading']): string {
  const moved = shifted(record).length > 0 ? ', by the times as written' : ''
  return `${counted(linesInWindow, 'line')} of ${lines} in that time, ${lines - linesInWindow} out of it${moved}`
}
