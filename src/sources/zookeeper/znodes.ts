import type tls from 'node:tls'
import type { Address } from '../../model/address.ts'
import type { Membership } from '../../model/ensemble.ts'
import type { Clock } from '../../model/instant.ts'
import type { Registration, Znodes } from '../../model/znodes.ts'
import type { Notes, Pace, Source } from '../../source.ts'
import { timed } from '../kafka/busy.ts'
import { exists, getChildren } from './client/protocol.ts'
import { Session, type Seat } from './client/session.ts'
import { readController, readControllerEpoch, readMembership, readRegistrations } from './read-nodes.ts'
import { readWatched, WatchedNode, type Ask } from './watched-node.ts'

export interface ZnodesOptions {
  readonly servers: readonly Address[]
  /** Kafka's root, `/` or `/path`. */
  readonly chroot: string
  /** Options for tls.connect; undefined = plain TCP. */
  readonly tls: tls.ConnectionOptions | undefined
  readonly clock: Clock
  readonly notes: Notes
  readonly pace: Pace
  /** A watch fired, or another server was found: asks for an immediate look, and for alert pace. */
  readonly wake: () => void
  /** Asked for, ms; see `sessionTimeoutMs`. */
  readonly timeoutMs?: number
}

/**
 * Servers grant 2 to 20 of their ticks (2 or 3 s as a rule). Nine seconds let a silent server be noticed after six and leave
 * three to reach another one within the session, all before the fact is too old.
 */
export const sessionTimeoutMs = 9_000
/**
 * Kafka's nodes in ZooKeeper, each read once a connection and again when its watch fires; between, one small read says
 * that the server still answers. Nothing is said while no server is connected. A server that has just been cut from its
 * quorum serves what it knew until it notices (`syncLimit` ticks), and so, for as long, does this source.
 */
export class ZnodesSource implements Source<Znodes> {
  readonly name = 'znodes'
  readonly apis = ['connect', 'ping', 'exists', 'getData', 'getChildren', 'closeSession']
  readonly pace: Pace
  readonly #options: ZnodesOptions
  readonly #session: Session
  readonly #brokers: WatchedNode<ReadonlyMap<number, Registration>>
  readonly #controller: WatchedNode<NonNullable<Znodes['controller']>>
  readonly #epoch: WatchedNode<number>
  readonly #membership: WatchedNode<Membership>
  readonly #deletions: WatchedNode<ReadonlySet<string>>
  readonly #topics: WatchedNode<ReadonlySet<string>>
  /** One question after the other, so that it is known which of them a server did not survive; the longest answer last. */
  readonly #nodes: readonly WatchedNode<unknown>[]
  /** The connection that holds the watches. */
  #seat: Seat | undefined
  #connections = 0

  constructor(options: ZnodesOptions) {
    this.#options = options
    this.pace = options.pace
    const { servers, tls, clock, notes, wake, timeoutMs = sessionTimeoutMs } = options
    const fired = (path: string): void => this.#fired(path)
    this.#session = new Session({ servers, tls, timeoutMs, clock, notes, fired, connected: wake })
    const root = options.chroot === '/' ? '' : options.chroot
    const ids = `${root}/brokers/ids`
    const controller = `${root}/controller`
    const epoch = `${root}/controller_epoch`
    // The ensemble's own: not below the root that clients choose for themselves.
    const config = '/zookeeper/config'
    this.#brokers = new WatchedNode({ path: ids, isUrgent: true, read: (ask) => readRegistrations(ask, ids) })
    this.#controller = new WatchedNode({
      path: controller,
      isUrgent: true,
      read: (ask) => readController(ask, controller),
    })
    this.#epoch = new WatchedNode({ path: epoch, isUrgent: false, read: (ask) => readControllerEpoch(ask, epoch) })
    this.#membership = new WatchedNode({ path: config, isUrgent: false, read: (ask) => readMembership(ask, config) })
    this.#deletions = this.#names(`${root}/admin/delete_topics`)
    this.#topics = this.#names(`${root}/brokers/topics`)
    this.#nodes = [this.#brokers, this.#controller, this.#epoch, this.#membership, this.#deletions, this.#topics]
  }

  async observe(): Promise<Znodes | undefined> {
    // Short of the look's own deadline, so that the failure is this server's and not the whole look's.
    const until = performance.now() + this.pace.deadlineMs - 100
    const left = (): number => Math.max(1, until - performance.now())
    const seat = await this.#session.ready(left())
    if (seat === undefined) return undefined
    if (seat !== this.#seat) {
      for (const node of this.#nodes) node.expire()
      this.#connections++
    }
    this.#seat = seat
    const ask: Ask = (query) => seat.connection.ask(query, left())
    const due = this.#nodes.filter((node) => node.isDue(this.#options.clock().mono))
    for (const node of due) if (!(await this.#read(node, seat, ask))) return undefined
    if (due.length === 0 && !(await this.#answers(seat, ask))) return undefined
    return this.#session.seat === seat ? this.#fact(seat) : undefined
  }

  close(): void {
    void this.#session.close()
  }

  #fact({ server, timeoutMs }: Seat): Znodes {
    return {
      server,
      connection: this.#connections,
      brokers: this.#brokers.value,
      controller: this.#controller.value,
      controllerEpoch: this.#epoch.value,
      topics: this.#topics.value,
      deletions: this.#deletions.value,
      membership: this.#membership.value,
      session: { id: this.#session.id, timeoutMs, touchedAt: this.#session.touchedAt },
    }
  }

  /** Whether the look may go on: a node that is refused costs nothing but itself. */
  async #read(node: WatchedNode<unknown>, seat: Seat, ask: Ask): Promise<boolean> {
    const askedAt = performance.now()
    const failure = await node.read(ask)
    if (failure === undefined) return true
    const now = this.#options.clock().mono
    // Closed connections are noted by the session.
    const isOver = seat.connection.closure !== undefined
    if (!isOver) this.#options.notes.failed(seat.server, failure)
    if (!isOver && failure.reason !== 'hung') {
      node.refused(now)
      return true
    }
    // A server that is silent altogether says nothing about this node.
    if (isOver ? failure.reason !== 'hung' : seat.connection.heardSince(askedAt)) node.struck(now)
    return false
  }

  async #answers(seat: Seat, ask: Ask): Promise<boolean> {
    const answer = await ask(exists(this.#options.chroot))
    if (!answer.ok && seat.connection.closure === undefined) this.#options.notes.failed(seat.server, answer.failure)
    return answer.ok
  }

  #fired(path: string): void {
    const node = this.#nodes.find((one) => one.path === path)
    node?.expire()
    if (node?.isUrgent === true) this.#options.wake()
  }

  /** A list that may be very long, and that changes with every topic that is created: it waits for the next look. */
  #names(path: string): WatchedNode<ReadonlySet<string>> {
    const { notes } = this.#options
    const query = getChildren(path, true)
    const names = {
      ...query,
      decode: (body: Parameters<typeof query.decode>[0]) => timed(notes, () => new Set(query.decode(body))),
    }
    return new WatchedNode({ path, isUrgent: false, read: (ask) => readWatched(ask, names) })
  }
}
