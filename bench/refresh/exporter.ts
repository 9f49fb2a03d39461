import type * as instantModule from '../../src/model/instant.ts'
import type { Facts } from '../../src/model/view.ts'
import type * as pacesModule from '../../src/paces.ts'
import type { Source } from '../../src/source.ts'
import type * as configsModule from '../../src/sources/kafka/configs.ts'
import type * as livenessModule from '../../src/sources/kafka/liveness.ts'
import type * as offsetsModule from '../../src/sources/kafka/offsets.ts'
import type * as reassignmentsModule from '../../src/sources/kafka/reassignments.ts'
import type * as topologyModule from '../../src/sources/kafka/topology.ts'
import type { State } from '../../src/store.ts'
import type * as storeModule from '../../src/store.ts'

/** A module of the built exporter: what tsx makes of the sources is slower than what users run. */
async function built<T>(path: string): Promise<T> {
  return (await import(new URL(`../../dist/${path}`, import.meta.url).href)) as T
}

const { systemClock: clock } = await built<typeof instantModule>('model/instant.js')
const { paces } = await built<typeof pacesModule>('paces.js')
const { Store } = await built<typeof storeModule>('store.js')
const { ConfigsSource } = await built<typeof configsModule>('sources/kafka/configs.js')
const { ReassignmentsSource } = await built<typeof reassignmentsModule>('sources/kafka/reassignments.js')
const { LivenessSource } = await built<typeof livenessModule>('sources/kafka/liveness.js')
const { TopologySource } = await built<typeof topologyModule>('sources/kafka/topology.js')
const { OffsetsSource } = await built<typeof offsetsModule>('sources/kafka/offsets.js')

/** Longer than a look may take: the bench measures how long it takes. */
const patient = { deadlineMs: 60_000, maxAgeMs: 600_000 }

type Refreshed = 'liveness' | 'topology' | 'offsets' | 'reassignments' | 'configs'

/** The exporter's sources and its store, which look when they are told to. */
export class Exporter {
  readonly #store: storeModule.Store
  readonly #sources: { readonly [Name in Refreshed]: Source<Facts[Name]> }
  readonly #busy: () => number

  constructor(ports: readonly number[]) {
    const seeds = ports.map((port) => ({ host: '127.0.0.1', port }))
    const connection = { clientId: 'bench', tls: undefined, login: undefined }
    const store = new Store({
      clock,
      seeds: seeds.map(({ host, port }) => `${host}:${port}`),
      brokerRetentionMs: 3_600_000,
    })
    const ledgers = {
      liveness: store.addSource('liveness', patient.maxAgeMs),
      topology: store.addSource('topology', patient.maxAgeMs),
      offsets: store.addSource('offsets', patient.maxAgeMs),
      reassignments: store.addSource('reassignments', patient.maxAgeMs),
      configs: store.addSource('configs', patient.maxAgeMs),
    }
    const nothing = (): void => undefined
    const paceOf = (name: Refreshed): typeof paces.topology => ({ ...paces[name], ...patient })
    this.#store = store
    this.#sources = {
      liveness: new LivenessSource({
        seeds,
        connection,
        clock,
        notes: ledgers.liveness,
        pace: paces.liveness,
        look: nothing,
        wake: nothing,
      }),
      topology: new TopologySource({ seeds, connection, clock, notes: ledgers.topology, pace: paceOf('topology') }),
      offsets: new OffsetsSource({
        connection,
        clock,
        notes: ledgers.offsets,
        topologyIsStale: nothing,
        pace: paceOf('offsets'),
      }),
      reassignments: new ReassignmentsSource({
        connection,
        notes: ledgers.reassignments,
        pace: paceOf('reassignments'),
      }),
      configs: new ConfigsSource({
        connection,
        clock,
        notes: ledgers.configs,
        look: nothing,
        isQuorumLost: () => false,
        pace: paceOf('configs'),
      }),
    }
    this.#busy = () => ledgers.topology.takeBusyMs() + ledgers.offsets.takeBusyMs()
  }

  get state(): State {
    return this.#store.state
  }

  /** What the sources owned up to since it was last asked. */
  takeBusyMs(): number {
    return this.#busy()
  }

  /** Requests of an api that a source has sent so far. */
  sent(source: Refreshed, api: string): number {
    return this.state.sources.get(source)?.sent.get(api) ?? 0
  }

  /** One look of one source, taken into the store as the runner does. */
  async look<Name extends Refreshed>(name: Name): Promise<Facts[Name] | undefined> {
    const startedAt = clock()
    const out = await this.#sources[name].observe({ signal: AbortSignal.timeout(120_000), view: this.state.view })
    this.#store.accept(name, {
      source: name,
      startedAt,
      tookMs: clock().mono - startedAt.mono,
      out,
      failure: undefined,
    })
    return out
  }

  close(): void {
    for (const source of Object.values(this.#sources)) void source.close?.()
  }
}
