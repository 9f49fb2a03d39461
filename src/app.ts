import type { Config } from './config/config.ts'
import { Journal } from './journal/journal.ts'
import { followedLogs } from './followed-logs.ts'
import type { Logger } from './log.ts'
import type { BuildInfo } from './metrics/exporter.ts'
import { addressText } from './model/address.ts'
import { systemClock as clock } from './model/instant.ts'
import { factNames, type FactName } from './model/view.ts'
import { pages } from './pages.ts'
import { paces } from './paces.ts'
import { Runner } from './runner.ts'
import { creators, type Creators, type Surroundings } from './sources.ts'
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
  const { servers, brokerRetentionMs } = config.kafka
  const store = new Store({ clock, seeds: servers.map(addressText), brokerRetentionMs })
  const runners = new Map<FactName, { start(): void; wake(): void; stop(): Promise<void> }>()
  const look = (name: FactName): void => runners.get(name)?.wake()
  const wake = (name: FactName): void => {
    store.stir()
    look(name)
  }
  const warn: Surroundings['warn'] = (message, fields) => logger.warn(fields, message)
  const create = creators(config, { clock, look, wake, isZooKeeperLost: () => zookeeperLost(store.state), warn })

  function add<Name extends FactName>(name: Name, create: Creators[Name]): void {
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
  for (const name of factNames) add(name, create[name])

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
      if (config.sources.logs) logger.info(followedLogs(config.logs), 'following logs')
      ticking = setInterval(() => store.tick(), tickMs)
      for (const runner of runners.values()) runner.start()
      return listening
    },
    async stop() {
      const stopped = [...runners.values()].reverse().map((runner) => runner.stop())
      clearInterval(ticking)
      await Promise.all([...stopped, web.stop(drainMs)])
    },
  }
}
