import { startFakeCluster } from '../fake-cluster/start.ts'
import { Exporter } from './exporter.ts'
import type { Scenario } from './scenarios.ts'

/** One refresh: a look at the topology and one at the offsets, with what the store makes of them. Milliseconds. */
export interface Refresh {
  readonly wall: number
  /** Processor time of the whole process, garbage collection included. */
  readonly cpu: number
  /** Processor time of the longest turn of the event loop: what all else had to wait for, whatever else the machine does. */
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
    const change = async (): Promise<void> => {
      for (const command of scenario.between) await fake.tell(command)
    }
    await refresh(exporter, change)
    for (const command of scenario.then(shape.brokers)) await fake.tell(command)
    const refreshes: Refresh[] = []
    for (let i = 0; i < warmUps + rounds; i++) {
      await change()
      refreshes.push(await refresh(exporter, change))
    }
    const known = exporter.state.view.offsets?.value.latest.reduce((sum, end) => sum + (Number.isNaN(end) ? 0 : 1), 0)
    return { refreshes: refreshes.slice(warmUps), rss: process.memoryUsage.rss(), known: known ?? 0 }
  } finally {
    exporter.close()
    await fake.stop()
  }
}

/** `between` is done between the two refreshes that one measurement takes. */
async function refresh(exporter: Exporter, between: () => Promise<void>): Promise<Refresh> {
  const probed = exporter.sent('liveness', 'Metadata')
  // Every second target a look: twice, and every one has been asked.
  await exporter.look('liveness')
  await exporter.look('liveness')
  const probes = exporter.sent('liveness', 'Metadata') - probed

  const metadata = exporter.sent('topology', 'Metadata')
  const listOffsets = exporter.sent('offsets', 'ListOffsets')
  exporter.takeBusyMs()
  const startedAt = performance.now()
  const cpu = process.cpuUsage()
  await exporter.look('topology')
  await exporter.look('offsets')
  const used = process.cpuUsage(cpu)
  const wall = performance.now() - startedAt
  const asked = {
    metadata: exporter.sent('topology', 'Metadata') - metadata,
    listOffsets: exporter.sent('offsets', 'ListOffsets') - listOffsets,
    probes,
  }
  const busy = exporter.takeBusyMs()
  await between()
  return { wall, cpu: milliseconds(used), gap: await longestTurn(exporter), busy, ...asked }
}

/** Of one more refresh: the watch itself keeps the loop turning, which would count as processor time. */
async function longestTurn(exporter: Exporter): Promise<number> {
  let longest = 0
  let last = process.cpuUsage()
  let next: NodeJS.Immediate
  const turn = (): void => {
    longest = Math.max(longest, milliseconds(process.cpuUsage(last)))
    last = process.cpuUsage()
    next = setImmediate(turn)
  }
  next = setImmediate(turn)
  await exporter.look('topology')
  await exporter.look('offsets')
  await new Promise(setImmediate)
  clearImmediate(next)
  return longest
}

function milliseconds({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1e3
}
