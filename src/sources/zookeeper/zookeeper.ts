import type tls from 'node:tls'
import { addressText, type Address } from '../../model/address.ts'
import type { Ensemble, EnsembleServer, Membership } from '../../model/ensemble.ts'
import type { Clock } from '../../model/instant.ts'
import type { Notes, Pace, Source } from '../../source.ts'
import { adminServerOf } from './admin-server.ts'
import { usualPatience, type Patience } from './patience.ts'
import { ServerWatch } from './server-watch.ts'

export interface ZooKeeperOptions {
  readonly servers: readonly Address[]
  /** Base URLs; see `adminServerOf` for which is whose. */
  readonly adminServers: readonly string[]
  readonly tls: tls.ConnectionOptions | undefined
  readonly perNamespace: boolean
  readonly clock: Clock
  /** Something happened between looks: asks for an immediate look, and for alert pace. */
  readonly wake: () => void
  /** Asks for an immediate look only. */
  readonly look: () => void
  readonly notes: Notes
  readonly pace: Pace
  readonly patience?: Patience
}

/** Every third look asks for `srvr`, which alone tells the zxid, instead of `mntr`. */
const zxidTurns = 3
/** A server that changes with every look must not be looked at without pause. */
const wakeGapMs = 500

/**
 * Asks every server of the ensemble for its state: one four-letter word a look each, all at once. Between looks an idle
 * connection to each tells at once when a server dies.
 */
export class ZooKeeperSource implements Source<Ensemble> {
  readonly name = 'zookeeper'
  readonly apis: readonly string[]
  readonly pace: Pace
  readonly #options: ZooKeeperOptions
  readonly #watches: ReadonlyMap<string, ServerWatch>
  #turn = 0
  #wokenAt = -Infinity
  #later: NodeJS.Timeout | undefined
  /** What the postponed one asks for. */
  #laterWake: () => void = () => undefined
  /** A state changed with the last look. */
  #isAfresh = false

  constructor(options: ZooKeeperOptions) {
    this.#options = options
    const { servers, adminServers, pace, tls, perNamespace, clock, notes, patience = usualPatience } = options
    this.pace = pace
    const admin = adminServers.length === 0 ? [] : ['/commands/monitor', '/commands/srvr']
    this.apis = ['mntr', 'srvr', 'conf', 'ruok', 'connect', ...admin]
    const wake = (): void => this.#wake(options.wake)
    const look = (): void => this.#wake(options.look)
    const setup = { tls, perNamespace, clock, notes, patience, wake, look }
    this.#watches = new Map(
      servers.map((server) => {
        const adminServer = adminServerOf(server, servers, adminServers)
        return [addressText(server), new ServerWatch(server, adminServer, setup)]
      }),
    )
  }

  /** undefined: not one server has been judged. */
  async observe(): Promise<Ensemble | undefined> {
    const before = this.#states()
    const wantsZxid = this.#turn++ % zxidTurns === 0
    const asks = { wantsZxid, isAfresh: this.#isAfresh }
    this.#isAfresh = false
    await Promise.all([...this.#watches.values()].map((watch) => watch.look(asks)))
    const servers = new Map<string, EnsembleServer>()
    for (const [name, { state }] of this.#watches) if (state !== undefined) servers.set(name, state)
    if (before.some((state, i) => state !== undefined && state !== this.#states()[i])) {
      // All are asked for their zxid and for their followers next, so that none is compared with one of another time.
      this.#turn = 0
      this.#isAfresh = true
      this.#wake(this.#options.wake)
    }
    const given = [...this.#watches.keys()]
    return servers.size === 0 ? undefined : { given, servers, memberships: this.#memberships() }
  }

  close(): void {
    clearTimeout(this.#later)
    for (const watch of this.#watches.values()) watch.close()
  }

  #states(): readonly (EnsembleServer['state'] | undefined)[] {
    return [...this.#watches.values()].map(({ state }) => state?.state)
  }

  /** Of the servers that serve; while none of them told, what was last told by those that do not. */
  #memberships(): ReadonlyMap<string, Membership> {
    const known = [...this.#watches].flatMap(([name, { membership, state }]) =>
      membership === undefined ? [] : [{ name, membership, isServing: state !== undefined && isServing(state) }],
    )
    const serving = known.filter(({ isServing }) => isServing)
    return new Map((serving.length > 0 ? serving : known).map(({ name, membership }) => [name, membership]))
  }

  /** At once, unless that has just been: then a little later. */
  #wake(wake: () => void): void {
    const restMs = this.#wokenAt + wakeGapMs - performance.now()
    if (restMs > 0) {
      // One that asks for alert pace stands above one that does not, and is not made of one that does not.
      if (this.#later === undefined || wake === this.#options.wake) this.#laterWake = wake
      this.#later ??= setTimeout(() => {
        this.#later = undefined
        this.#wake(this.#laterWake)
      }, restMs)
      return
    }
    this.#wokenAt = performance.now()
    wake()
  }
}

function isServing({ state }: EnsembleServer): boolean {
  return state !== 'not_serving' && state !== 'unreachable' && state !== 'hung'
}
