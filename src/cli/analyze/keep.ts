import type { LogEvent } from '../../model/log-event.ts'
import type { KeptEvent } from '../../model/log-facts.ts'

/** More than any night has; some hundred bytes each. */
const mostEvents = 250_000
/** Leaders and ISRs of this many lines; a large cluster that fails over all night has more. */
const mostReplication = 150_000
/** The same line again within this is counted at the first one. */
const repeatMs = 5000
const mostKeys = 10_000

type Open = { -readonly [K in keyof KeptEvent]: KeptEvent[K] }

/** What is said again and again while something lasts; of everything else each line is a step of its own. */
const repeating: ReadonlySet<string> = new Set([
  'kafka_fetch_session_error',
  'kafka_peer_disconnected',
  'kafka_peer_timed_out',
  'kafka_peer_unreachable',
  'kafka_ctrl_to_broker_fail',
  'kraft_election_backoff',
  'kraft_heartbeat_lost',
  'zk_cnxn_eof',
  'zk_cnxn_not_running',
  'zk_learner_connect_fail',
  'zk_peer_unreachable',
  'zkc_connecting',
  'zkc_eof',
  'zkc_reconnect',
  'zkc_session_timed_out',
  'zkc_socket_error',
])

/** Who is who, who led, and who had been stopped: needed from before the time that is asked for. */
const background: ReadonlySet<string> = new Set([
  'kafka_signal',
  'kafka_shutting_down',
  'kafka_controlled_shutdown_begin',
  'kafka_controlled_shutdown_req',
  'kraft_controlled_shutdown_granted',
  'kafka_stopped',
  'kafka_fatal',
  'kafka_oom',
  'kafka_broker_registered',
  'kafka_controller_elected',
  'kafka_leader_starts',
  'kafka_partition_online',
  'kafka_started',
  'kafka_starting',
  'kafka_partition_new',
  'kraft_controller_starting',
  'kraft_raft_follower',
  'kraft_raft_leader',
  'zk_election_done',
  'zk_following',
  'zk_leading',
  'zk_listening',
  'zk_looking',
  'zk_quorum_formed',
  'zk_started',
  'zkc_session_established',
])
/** Noise by itself, and yet how a peer was lost: its connection was closed, at once or not. */
const telling: ReadonlySet<string> = new Set(['kafka_peer_disconnected'])
/** What led to it, and what came of it. */
const marginMs = 10 * 60_000

/** Keeps the events that a timeline is made of: repeats as one, and never more than so many. */
export class EventStore {
  /** Events that were not kept for want of room. */
  dropped = 0
  readonly #from: number
  readonly #to: number
  readonly #events: Open[] = []
  readonly #open = new Map<string, Open>()
  #replication = 0

  /** Milliseconds since 1970; what is far from that time is kept only as background. */
  constructor(from = -Infinity, to = Infinity) {
    this.#from = from - marginMs
    this.#to = to + marginMs
  }

  add(event: LogEvent): void {
    const { at } = event
    if (at === undefined || (event.severity === 'noise' && !telling.has(event.event))) return
    if ((at < this.#from || at > this.#to) && !background.has(event.event)) return
    if (repeating.has(event.event)) {
      const key = keyOf(event)
      const open = this.#open.get(key)
      if (open !== undefined && at - open.lastAt <= repeatMs && at >= open.at) {
        open.repeats++
        open.lastAt = at
        return
      }
      const kept = this.#keep(event, at)
      if (this.#open.size >= mostKeys) this.#open.clear()
      if (kept !== undefined) this.#open.set(key, kept)
      return
    }
    if (event.class === 'replication' && ++this.#replication > mostReplication) this.dropped++
    else this.#keep(event, at)
  }

  /** In order of time, each file's moved by what is added to its times; of one millisecond in order of the lines. */
  inOrder(shiftOf: (file: string) => number): KeptEvent[] {
    for (const event of this.#events) {
      const shift = shiftOf(event.file)
      event.at += shift
      event.lastAt += shift
    }
    return this.#events.sort((a, b) => a.at - b.at || (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1))
  }

  get events(): readonly KeptEvent[] {
    return this.#events
  }

  #keep(event: LogEvent, at: number): Open | undefined {
    if (this.#events.length >= mostEvents) {
      this.dropped++
      return undefined
    }
    const kept: Open = { ...event, at, repeats: 0, lastAt: at }
    this.#events.push(kept)
    return kept
  }
}

const keyOf = ({ file, event, fields }: LogEvent): string =>
  [
    file,
    event,
    fields.self,
    fields.peer,
    fields.address,
    fields.session,
    /refused|timed? ?out|no route|disconnected|shutdown/i.exec(fields.reason ?? '')?.[0],
  ].join(' ')
