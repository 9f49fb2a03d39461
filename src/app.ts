import { kafkaAccess, zookeeperTls } from './access.ts'
import type { Config } from './config/config.ts'
import { Journal } from './journal.ts'
import type { Logger } from './log.ts'
import type { BuildInfo } from './metrics/exporter.ts'
import { addressText } from './model/address.ts'
import { systemClock as clock } from './model/instant.ts'
import type { FactName, Facts } from './model/view.ts'
import { pages } from './pages.ts'
import { paces } from './paces.ts'
import { Runner } from './runner.ts'
import type { Source } from './source.ts'
import { ConfigsSource } from './sources/kafka/configs.ts'
import { ElrSource } from './sources/kafka/elr.ts'
import { LivenessSource } from './sources/kafka/liveness.ts'
import { OffsetsSource } from './sources/kafka/offsets.ts'
import { QuorumSource } from './sources/kafka/quorum.ts'
import { ReassignmentsSource } from './sources/kafka/reassignments.ts'
import { TopologySource } from './sources/kafka/topology.ts'
import { SessionsSource } from './sources/zookeeper/sessions.ts'
import { ZnodesSource } from './sources/zookeeper/znodes.ts'
import { ZooKeeperSource } from './sources/zookeeper/zookeeper.ts'
import { Store, zookeeperLost } from './store.ts'
import { wakes } from './verdicts/pace.ts'

/** Pages age the facts themselves; this is for the log, and for listeners. */
const tickMs = 1_000
/** For responses under way when the process is asked to end. */
const drainMs = 3_000

export interface App {
  /** Resolves with the port once it listens; rejects with a sentence for the user. */
  start(): Promise<{ readonly port: number }>
  stop(): Promise<void>
}

/** Wires sources -> store -> pages, and the two edges that point back: the pace, and wakes. */
export function createApp(config: Config, logger: Logger, build: BuildInfo): App {
  const { servers: seeds, brokerRetentionMs } = config.kafka
  const store = new Store({ clock, seeds: seeds.map(addressText), brokerRetentionMs })
  const runners = new Map<FactName, { start(): void; wake(): void; stop(): void }>()
  const connection = kafkaAccess(config.kafka)

  function add<Name extends FactName>(
    name: Name,
    create: (ledger: ReturnType<Store['addSource']>) => Source<Facts[Name]>,
  ): void {
    if (!config.sources[name]) return
    const ledger = store.addSource(name, paces[name].maxAgeMs)
    const source = create(ledger)
    ledger.expect(source.apis)
    runners.set(
      name,
      new Runner(source, {
        clock,
        view: () => store.state.view,
        mode: () => store.mode,
        takeBusyMs: () => ledger.takeBusyMs(),
        report: (report) => store.accept(name, report),
        defect: (error) => logger.error({ source: name, detail: String(error) }, 'a look could not be judged'),
      }),
    )
  }
  const wake = (name: FactName): void => {
    store.stir()
    runners.get(name)?.wake()
  }
  add('liveness', (notes) => {
    const look = (): void => runners.get('liveness')?.wake()
    const pace = paces.liveness
    return new LivenessSource({ seeds, connection, clock, notes, pace, look, wake: () => wake('liveness') })
  })
  add('topology', (notes) => new TopologySource({ seeds, connection, clock, notes, pace: paces.topology }))
  add('offsets', (notes) => {
    // No stir: a leader that goes on denying it is no reason for alert pace for ever.
    const topologyIsStale = (): void => runners.get('topology')?.wake()
    return new OffsetsSource({ connection, clock, notes, topologyIsStale, pace: paces.offsets })
  })
  add('reassignments', (notes) => new ReassignmentsSource({ connection, notes, pace: paces.reassignments }))
  add('configs', (notes) => {
    const look = (): void => runners.get('configs')?.wake()
    const isQuorumLost = (): boolean => zookeeperLost(store.state)
    return new ConfigsSource({ connection, clock, notes, look, isQuorumLost, pace: paces.configs })
  })
  add('zookeeper', (notes) => {
    const look = (): void => runners.get('zookeeper')?.wake()
    const options = { ...config.zookeeper, tls: zookeeperTls(config.zookeeper), pace: paces.zookeeper }
    return new ZooKeeperSource({ ...options, clock, notes, look, wake: () => wake('zookeeper') })
  })
  add('sessions', (notes) => {
    const look = (): void => runners.get('sessions')?.wake()
    const { servers, chroot } = config.zookeeper
    const tls = zookeeperTls(config.zookeeper)
    return new SessionsSource({ servers, chroot, tls, clock, notes, look, pace: paces.sessions })
  })
  add('znodes', (notes) => {
    const { servers, chroot } = config.zookeeper
    const tls = zookeeperTls(config.zookeeper)
    return new ZnodesSource({ servers, chroot, tls, clock, notes, wake: () => wake('znodes'), pace: paces.znodes })
  })
  add('quorum', (notes) => {
    const { controllers } = config.kafka
    return new QuorumSource({ controllers, connection, clock, notes, pace: paces.quorum, wake: () => wake('quorum') })
  })
  add('elr', (notes) => new ElrSource({ connection, notes, pace: paces.elr }))

  const journal = new Journal()
  store.subscribe((after, before) => {
    for (const name of wakes(before.history, after.history)) runners.get(name)?.wake()
    for (const { level, message, fields } of journal.entries(before, after)) logger[level](fields, message)
  })
  const web = pages(config, store, logger, build)
  let ticking: NodeJS.Timeout | undefined
  return {
    async start() {
      const listening = await web.start()
      ticking = setInterval(() => store.tick(), tickMs)
      for (const runner of runners.values()) runner.start()
      return listening
    },
    async stop() {
      for (const runner of [...runners.values()].reverse()) runner.stop()
      clearInterval(ticking)
      await web.stop(drainMs)
    },
  }
}
