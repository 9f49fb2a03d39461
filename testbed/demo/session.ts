import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster, Unit } from '../types.ts'
import type { Command } from './commands.ts'
import type { Exporter } from './exporter.ts'
import type { Watch } from './watch.ts'

export const HELP = `  kill kafka1      end it at once (kill -9)        start kafka1     start it again
  stop kafka2      end it in order (SIGTERM)       pause kafka3     freeze it (SIGSTOP)
  resume kafka3      let it go on                    wait 20          do nothing for 20 s
  status           what runs, and what /metrics says
  help             this text                       quit             end everything
Units: kafka1 to kafka3, node1 to node3 (everything on a node); zk1 to zk3 with ZooKeeper, controller1 to controller3
where controllers are separate (within the brokers they are broker and controller in one).`

export interface Session {
  readonly cluster: Cluster
  readonly exporter: Exporter
  readonly watch: Watch
  readonly say: (line: string) => void
  /** Aborted when the demo ends: waits end early then. */
  readonly signal: AbortSignal
}

/** Does one command. False: nothing more is to be done. Rejects when an act fails. */
export async function perform(command: Command, session: Session): Promise<boolean> {
  const { cluster, watch, say, signal } = session
  switch (command.kind) {
    case 'act':
      watch.restartClock()
      await cluster.act(command.act, command.unit)
      say(`${watch.elapsed()} ${command.text}: done`)
      return true
    case 'wait':
      await sleep(command.seconds * 1_000, undefined, { signal })
      return true
    case 'status':
      say(status(session))
      return true
    case 'help':
      say(HELP)
      return true
    case 'quit':
      return false
  }
}

/** Per-partition lines stay out: they are one curl away, and the gauges sum them up. */
export function status({ cluster, exporter, watch }: Session): string {
  const units = cluster.roles
    .toReversed()
    .flatMap((role) => cluster.brokers.map(({ id }) => `${role}${id}` as const satisfies Unit))
  const servers = units.map((unit) => `${unit} ${cluster.isRunning(unit) ? 'runs' : 'is down'}`)
  const gauges = [...(watch.picture ?? [])].filter(([series]) => !series.startsWith('kafka_topic_'))
  return [servers.join(', '), exporter.url, ...gauges.map(([series, value]) => `  ${series} ${value}`)].join('\n')
}
