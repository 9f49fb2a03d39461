import { duration } from '../../verdicts/timeline/duration.ts'
import { list } from '../../verdicts/timeline/titles.ts'
import { shifted } from './notes.ts'
import type { Report, ZookeeperGap } from './report-types.ts'
import { type Clock, counted } from './times.ts'

export interface Verdict {
  /** What is written in capitals where there are no other means. */
  readonly head: string
  readonly rest: string
}

/** Where there is no incident to tell; undefined: there is one. That nothing was read is never told as that nothing was lost. */
export function verdictOf(report: Report, clock: Clock): Verdict | undefined {
  const { timeline, reading, options } = report
  if (timeline.incidents.length > 0) return undefined
  if (reading.lines === 0) return { head: 'No log lines were read', rest: ': nothing can be told' }
  if (timeline.from === undefined) {
    return { head: 'No line with a time was read', rest: ': nothing can be told' }
  }
  const asked = windowText(options, clock)
  const [lost, ...more] = timeline.zookeeperGaps
  if (lost !== undefined) {
    return {
      head: withoutZookeeper(lost),
      rest: `${lostFor(lost, clock)}${more.length === 0 ? '' : `, and ${counted(more.length, 'more time')}`}; no loss of a broker can be told from these logs`,
    }
  }
  if (reading.fullFrom !== undefined) return ofTheRest(reading.fullFrom, report, clock)
  if (asked === undefined) return { head: 'No loss of a node', rest: ' can be told from these logs' }
  if (reading.linesInWindow === 0) {
    return {
      head: 'The logs do not cover the time asked for',
      rest: `: no line ${asked}, so nothing can be told of it`,
    }
  }
  return { head: `No loss of a node ${asked}`, rest: ` can be told from these logs: ${linesText(reading)}` }
}

/** There was no room for what happened before. */
function ofTheRest(from: number, { timeline, options }: Report, clock: Clock): Verdict {
  const { to = Infinity } = options
  if (from >= Math.min(to, timeline.until ?? to)) {
    return { head: 'There were too many events', rest: ': nothing can be told of the time asked for' }
  }
  const time = to === Infinity ? `from ${clock.full(from)} on` : `between ${clock.full(from)} and ${clock.full(to)}`
  return { head: `No loss of a node ${time}`, rest: ' can be told from these logs' }
}

/** `Brokers 1, 2 and 3 lost ZooKeeper` */
export const withoutZookeeper = ({ brokers }: ZookeeperGap): string =>
  `Broker${brokers.length === 1 ? '' : 's'} ${list(brokers)} lost ZooKeeper`

/** ` for 59.2 s, 17:26:32.517 to 17:27:31.709: none of the 3 servers served them` */
export function lostFor({ from, until, tried, servers, brokers }: ZookeeperGap, clock: Clock): string {
  const span =
    until === undefined
      ? ` from ${clock.time(from)} to the end of the logs`
      : ` for ${duration(until - from)}, ${clock.time(from)} to ${clock.time(until)}`
  const whom = brokers.length === 1 ? 'it' : 'them'
  if (tried === 0) return span
  const they = brokers.length === 1 ? 'it' : 'they'
  const which = servers !== undefined && tried >= servers ? `${servers} servers` : `servers that ${they} tried`
  return `${span}: none of the ${which} served ${whom}`
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
