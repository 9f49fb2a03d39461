import type { Server } from '../../types.ts'
import type { Sample, Sampler } from '../sampler.ts'
import { EnsembleKeeper, leaderOf, type EnsembleTruth } from './ensemble.ts'
import type { CoordinatorWatch, Tell } from './watch.ts'
import { zookeeperSampler, type ServerWords, type Whitelist } from './zookeeper-sampler.ts'

const MODES: Readonly<Record<string, string>> = { leader: 'leads', follower: 'follows', not_serving: 'serves nobody' }

/** Watches a ZooKeeper ensemble by its servers' words, and says what changes in them. */
export class EnsembleWatch implements CoordinatorWatch {
  readonly #keeper: EnsembleKeeper
  readonly #samplers: ReadonlyMap<number, Sampler<ServerWords>>
  readonly #tell: Tell<EnsembleTruth>
  readonly #said = new Map<number, string>()

  constructor(servers: readonly Server[], whitelist: Whitelist, tell: Tell<EnsembleTruth>) {
    this.#tell = tell
    this.#keeper = new EnsembleKeeper(servers, whitelist)
    this.#samplers = new Map(
      servers.map((server) => [
        server.id,
        zookeeperSampler(server, whitelist, (sample) => this.#hear(server.id, sample)),
      ]),
    )
  }

  start(): void {
    for (const sampler of this.#samplers.values()) sampler.start()
  }

  stop(): void {
    for (const sampler of this.#samplers.values()) sampler.stop()
  }

  forget(id: number): void {
    this.#samplers.get(id)?.stop()
    this.#said.delete(id)
    this.#keeper.silent(id)
    this.#tell.truth(this.#keeper.truth, performance.now())
  }

  resume(id: number): void {
    this.#samplers.get(id)?.start()
  }

  register(registrations: ReadonlyMap<number, string>): void {
    this.#keeper.register(registrations)
    this.#tell.truth(this.#keeper.truth, performance.now())
  }

  #hear(server: number, { at, words, error }: Sample<ServerWords>): void {
    const before = this.#keeper.truth
    if (words === undefined) this.#keeper.silent(server)
    else this.#keeper.hear(server, words, { at, unix: Date.now() / 1000 })
    const { truth } = this.#keeper
    const synced = words?.synced === undefined ? '' : `, ${words.synced} in sync`
    const mode = words === undefined ? `silent (${error ?? ''})` : `${MODES[words.mode] ?? words.mode}${synced}`
    if (this.#said.get(server) !== mode) this.#tell.say(`zk${server}: ${mode}`, at)
    this.#said.set(server, mode)
    for (const line of sessionLines(before, truth)) this.#tell.say(line, at)
    this.#tell.truth(truth, at)
  }
}

/** Of sessions that begin and end; that a healthy one is extended is no news. */
function sessionLines(before: EnsembleTruth, after: EnsembleTruth): string[] {
  const begun = [...after.held].filter(([broker, { session }]) => before.held.get(broker)?.session !== session)
  const ended = after.ends.slice(before.ends.length)
  const leader = leaderOf(after)
  return [
    ...ended.map(({ broker, how, late }) => {
      const when = late === undefined || how === 'closed' ? '' : `, ${late.toFixed(1)} s after the announced time`
      return `zk${leader ?? '?'}: session of broker ${broker} ${how}${when}`
    }),
    ...begun.map(([broker, { session }]) => `zk${leader ?? '?'}: session of broker ${broker} is ${session}`),
  ]
}
