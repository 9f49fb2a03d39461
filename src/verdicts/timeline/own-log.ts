import type { KeptEvent, LogRecord, LogSilence } from '../../model/log-facts.ts'
import type { Absence } from './absences.ts'
import type { Cast } from './actors.ts'
import { between } from './in-time.ts'
import type { Actor, Proof } from './types.ts'

/** A cut shows in the log of the one that is cut before the others notice, by no more than a session's timeout. */
const beforeOthersMs = 40_000
/** A process writes some lines before the one that tells of its start, and complains of others until it has found them. */
const startupMs = 5000
/** What is further away has nothing to do with it. */
const lookbackMs = 120_000
/** Of a process that is never back, what it does in the first day tells how it went. */
const lookaheadMs = 86_400_000
/** A log that says nothing for this long before a start ended there. */
const endedMs = 500

/** What an actor's own log does around an absence. */
export interface OwnLog {
  /** `missing`: no file of its own covers that time. */
  readonly course: 'missing' | 'ends' | 'restarts' | 'runs on'
  /** The last line before the end, and the first that shows a start. */
  readonly lastLine: Proof | undefined
  readonly start: KeptEvent | undefined
  /** Lines that it wrote while it was away. */
  readonly meanwhile: readonly KeptEvent[]
}

const starts = new Set([
  'kraft_controller_starting',
  'kafka_starting',
  'kafka_started',
  'zk_started',
  'kafka_unclean_restart',
])
/** What only a running process writes, and none that is starting. */
const running = new Set([
  'zkc_session_timed_out',
  'zkc_socket_error',
  'zkc_reconnect',
  'zkc_eof',
  'zkc_session_expired',
  'zk_follower_lost_leader',
  'zk_leader_shutdown',
  'zk_cnxn_not_running',
  'zk_reset_looking',
  'zk_peer_unreachable',
  'kafka_fetch_session_error',
  'kafka_peer_unreachable',
  'kafka_peer_timed_out',
  'kraft_fetch_timeout',
  'kraft_heartbeat_lost',
  'kraft_leader_no_quorum',
  'kraft_election_backoff',
  'kraft_raft_prospective',
  'kraft_raft_candidate',
  'kraft_raft_resigned',
])

/** After these whatever it complained of before is over. */
const settled = new Set([
  'kafka_started',
  'kafka_broker_registered',
  'zk_started',
  'zk_election_done',
  'zkc_session_established',
  'kraft_controller_active',
])

export const ownLogTells: readonly string[] = [...starts, ...running, ...settled]

/** Each file's telling lines, in order of time: looked up once for all absences. */
export interface OwnLogs {
  readonly endsAt: number
  readonly byFile: ReadonlyMap<string, Record<'starts' | 'running' | 'settled', readonly KeptEvent[]>>
}

export function ownLogsOf({ files, events }: LogRecord): OwnLogs {
  const byFile = new Map(
    files.map(({ file }) => [
      file,
      { starts: [] as KeptEvent[], running: [] as KeptEvent[], settled: [] as KeptEvent[] },
    ]),
  )
  for (const event of events) {
    const of = byFile.get(event.file)
    if (starts.has(event.event)) of?.starts.push(event)
    if (running.has(event.event)) of?.running.push(event)
    if (settled.has(event.event)) of?.settled.push(event)
  }
  return { byFile, endsAt: files.reduce((latest, { lastAt = 0 }) => Math.max(latest, lastAt), 0) }
}

export function ownLogOf(absence: Absence, { byFile, endsAt }: OwnLogs, cast: Cast): OwnLog {
  const { actor, from } = absence
  const until = absence.backAt ?? Infinity
  const files = cast
    .ownFiles(actor)
    .filter(({ firstAt, lastAt }) => firstAt !== undefined && firstAt <= from + endedMs && lastAt !== undefined)
  if (files.length === 0) return { course: 'missing', lastLine: undefined, start: undefined, meanwhile: [] }
  const mine = (kind: 'starts' | 'running' | 'settled', begin: number, end: number): KeptEvent[] => {
    const found = files.flatMap(({ file }) => between(byFile.get(file)?.[kind] ?? [], begin, end))
    return found.filter((event) => isOf(actor, event)).sort((a, b) => a.at - b.at)
  }
  const latest = Math.min(until, from + lookaheadMs) + lookbackMs
  const back = mine('settled', from - lookbackMs, from).findLast(({ at }) => at < from)?.at ?? -Infinity
  const [start] = mine('starts', from - endedMs, Math.min(latest, until + 60_000))
  const meanwhile = mine(
    'running',
    from - (actor.role === 'zookeeper' ? 1000 : beforeOthersMs),
    Math.min(latest, until, start?.at ?? Infinity),
  ).filter(
    ({ at }) =>
      at > from - (actor.role === 'zookeeper' ? 1000 : beforeOthersMs) &&
      at > back + startupMs &&
      at < Math.min(until, start?.at ?? Infinity),
  )
  if (start !== undefined) {
    // Where the process before it ended: the longest silence of those that the first lines of the new one ended.
    const silence = files
      .flatMap(({ file, silences }) => silences.map((stretch) => ({ file, stretch })))
      .filter(({ stretch }) => stretch.to <= start.at && start.at - stretch.to < startupMs)
      .reduce<{ file: string; stretch: LogSilence } | undefined>(
        (longest, next) => (longest === undefined || lengthOf(next) > lengthOf(longest) ? next : longest),
        undefined,
      )
    return { course: 'restarts', lastLine: silence && lineOf(silence), start, meanwhile }
  }
  const last = files.reduce((a, b) => ((a.lastAt ?? 0) >= (b.lastAt ?? 0) ? a : b))
  if ((last.lastAt ?? 0) <= from + endedMs && endsAt > from + endedMs) {
    const { lastLine, lastAt = 0 } = last
    return {
      course: 'ends',
      lastLine: lastLine && { file: last.file, at: lastAt, line: lastLine.line, text: lastLine.text },
      start: undefined,
      meanwhile,
    }
  }
  return { course: 'runs on', lastLine: undefined, start: undefined, meanwhile }
}

const lengthOf = ({ stretch }: { stretch: LogSilence }): number => stretch.to - stretch.from

const lineOf = ({ file, stretch }: { file: string; stretch: LogSilence }): Proof => ({
  file,
  line: stretch.line,
  at: stretch.from,
  text: stretch.text,
})

/** In a file that a broker and a ZooKeeper server share, each line is one's. */
const isOf = (actor: Actor, event: KeptEvent): boolean =>
  (actor.role === 'zookeeper') === (event.component === 'zookeeper')
