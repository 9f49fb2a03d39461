import { runNow, runOrThrow } from './run.ts'
import { atEnd } from './ending.ts'
import { OBSERVER_PREFIX, requireObserver } from './observer.ts'

const IP_DEADLINE_MS = 10_000
/** An address nobody has: what is sent there is lost without an error, as behind a firewall that drops. */
const NOWHERE = '02:00:00:00:00:99'

let networks = 0

/** A bridge in the observer's namespace, a namespace per node, a veth pair between each and the bridge. */
export class Network {
  readonly #prefix: string
  readonly #subnet: string
  readonly #bridge: string
  readonly #nodes: number
  readonly #cut = new Set<number>()
  #split: (readonly [number, number])[] = []
  #undo = atEnd(() => this.#removeNow())

  constructor(nodes: number) {
    requireObserver()
    const serial = networks++
    this.#prefix = `${OBSERVER_PREFIX}${process.pid}c${serial}n`
    this.#subnet = `10.77.${serial % 256}`
    this.#bridge = `br${serial}`
    this.#nodes = nodes
  }

  async create(): Promise<void> {
    // A predecessor with this very pid may have left its names.
    this.#removeNow()
    await ip('link', 'add', this.#bridge, 'type', 'bridge')
    await ip('addr', 'add', `${this.#subnet}.254/24`, 'dev', this.#bridge)
    await ip('link', 'set', this.#bridge, 'up')
    for (const id of this.#ids()) {
      const namespace = this.namespaceOf(id)
      await ip('netns', 'add', namespace)
      await ip('link', 'add', this.#portOf(id), 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace)
      await ip('link', 'set', this.#portOf(id), 'master', this.#bridge, 'up')
      await ip('-n', namespace, 'addr', 'add', `${this.addressOf(id)}/24`, 'dev', 'eth0')
      await ip('-n', namespace, 'link', 'set', 'eth0', 'up')
      await ip('-n', namespace, 'link', 'set', 'lo', 'up')
    }
  }

  namespaceOf(id: number): string {
    return `${this.#prefix}${id}`
  }

  addressOf(id: number): string {
    return `${this.#subnet}.${id}`
  }

  isCut(id: number): boolean {
    return this.#cut.has(id)
  }

  /** As pulling the cable at the switch. */
  async cut(id: number): Promise<void> {
    if (this.#cut.has(id)) throw new Error(`node${id} is cut already`)
    await ip('link', 'set', this.#portOf(id), 'down')
    this.#cut.add(id)
  }

  async heal(id: number): Promise<void> {
    if (!this.#cut.has(id)) throw new Error(`node${id} is not cut`)
    await ip('link', 'set', this.#portOf(id), 'up')
    this.#cut.delete(id)
  }

  async split(oneSide: readonly number[], otherSide: readonly number[]): Promise<void> {
    if (this.#split.length > 0) throw new Error('split already: rejoin first')
    const pairs = oneSide.flatMap((a) => otherSide.map((b) => [a, b] as const))
    const strange = [...oneSide, ...otherSide].find((id) => !this.#ids().includes(id))
    if (strange !== undefined) throw new Error(`split: no node ${strange}`)
    if (pairs.length === 0 || pairs.some(([a, b]) => a === b))
      throw new Error('split needs two sides without a common node')
    this.#split = pairs.flatMap(([a, b]) => [[a, b] as const, [b, a] as const])
    for (const [from, to] of this.#split) {
      await this.#neighbour(from, 'replace', to, 'lladdr', NOWHERE, 'dev', 'eth0', 'nud', 'permanent')
    }
  }

  async rejoin(): Promise<void> {
    if (this.#split.length === 0) throw new Error('not split')
    for (const [from, to] of this.#split) await this.#neighbour(from, 'del', to, 'dev', 'eth0')
    this.#split = []
  }

  /** Processes inside must have ended. */
  remove(): void {
    this.#removeNow()
    this.#undo()
  }

  #neighbour(from: number, verb: string, to: number, ...rest: string[]): Promise<void> {
    return ip('-n', this.namespaceOf(from), 'neigh', verb, this.addressOf(to), ...rest)
  }

  #removeNow(): void {
    for (const id of this.#ids()) {
      // The veth pair first: the kernel takes its time to take down a namespace, and the name of a port must be free at once.
      runNow('ip', ['link', 'del', this.#portOf(id)])
      runNow('ip', ['netns', 'del', this.namespaceOf(id)])
    }
    runNow('ip', ['link', 'del', this.#bridge])
  }

  #ids(): number[] {
    return Array.from({ length: this.#nodes }, (_, index) => index + 1)
  }

  #portOf(id: number): string {
    return `${this.#bridge}v${id}`
  }
}

async function ip(...args: string[]): Promise<void> {
  await runOrThrow('ip', args, IP_DEADLINE_MS)
}
