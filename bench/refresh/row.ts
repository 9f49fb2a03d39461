import { monitorEventLoopDelay } from 'node:perf_hooks'
import { startFakeCluster } from '../fake-cluster/start.ts'
import { Exporter } from './exporter.ts'
import type { Scenario } from './scenarios.ts'

/** One refresh: a look at the topology and one at the offsets, with what the store makes of them. Milliseconds. */
export interface Refresh {
  readonly wall: number
  /** Processor time of the whole process, garbage collection included. */
  readonly cpu: number
  /** The longest time for which the event loop could not turn. */
  readonly gap: number
  /** What the sources noted as busy; the runner rests ten times as long. */
  readonly busy: number
  readonly metadata: number
  readonly listOffsets: number
  readonly probes: number
}

export interface Row {
  readonly refreshes: readonly Refresh[]
  /** Bytes, at the end. */
  readonly rss: number
  /** Partitions with a known log end, in the end. */
  readonly known: number
}

/** So that the optimizing compiler has seen the code, as it has in a process that runs for days. */
const warmUps = 6

/** One scenario against a fake cluster of its own. */
export async function measure(
  scenario: Scenario,
  shape: { readonly brokers: number; readonly partitions: number; readonly versions: string },
  rounds: number,
): Promise<Row> {
  const fake = await startFakeCluster({ ...shape, ...scenario.flags })
  const exporter = new Exporter(fake.ports)
  try {
    for (const command of scenario.first(shape.brokers)) await fake.tell(command)
    await refresh(exporter)
    await refresh(exporter)
    for (const command of scenario.then(shape.brokers)) await fake.tell(command)
    const refreshes: Refresh[] = []
    for (let i = 0; i < warmUps + rounds; i++) {
      for (const command of scenario.between) await fake.tell(command)
      refreshes.push(await refresh(exporter))
    }
    const known = exporter.state.view.offsets?.value.latest.reduce((sum, end) => sum + (Number.isNaN(end) ? 0 : 1), 0)
    return { refreshes: refreshes.slice(warmUps), rss: process.memoryUsage.rss(), known: known ?? 0 }
  } finally {
    exporter.close()
    await fake.stop()
  }
}

async function refresh(exporter: Exporter): Promise<Refresh> {
  const probed = exporter.sent('liveness', 'Metadata')
  // Every second target a look: twice, and every one has been asked.
  await exporter.look('liveness')
  await exporter.look('liveness')
  const probes = exporter.sent('liveness', 'Metadata') - probed

  const metadata = exporter.sent('topology', 'Metadata')
  const listOffsets = exporter.sent('offsets', 'ListOffsets')
  exporter.takeBusyMs()
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  // The first tick of the monitor is no measurement.
  await new Promise((resolve) => setTimeout(resolve, 20))
  delay.reset()
  const startedAt = performance.now()
  const cpu = process.cpuUsage()
  await exporter.look('topology')
  await exporter.look('offsets')
  const used = process.cpuUsage(cpu)
  const wall = performance.now() - startedAt
  await new Promise((resolve) => setTimeout(resolve, 5))
  delay.disable()
  return {
    wall,
    cpu: (used.user + used.system) / 1e3,
    gap: delay.max / 1e6,
    busy: exporter.takeBusyMs(),
    metadata: exporter.sent('topology', 'Metadata') - metadata,
    listOffsets: exporter.sent('offsets', 'ListOffsets') - listOffsets,
    probes,
  }
}
