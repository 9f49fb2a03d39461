import { onTestFinished } from 'vitest'
import type { Ensemble, EnsembleServer } from '../../src/model/ensemble.ts'
import { addressText } from '../../src/model/address.ts'
import { ZooKeeperSource } from '../../src/sources/zookeeper/zookeeper.ts'
import { waitUntil } from '../../testbed/wait.ts'
import { patient } from './connections.ts'
import { FakeZooKeeper, says, type Behaviour } from './fake-zookeeper.ts'
import { Noted, paceOf } from './notes.ts'

export type Behaviours = Readonly<Record<string, Behaviour>>

/** What a server says that has nothing to hide. */
export function telling(state: string, more: Behaviours = {}): Behaviours {
  const mntr = `zk_version\t3.8.4-x, built on\nzk_server_state\t${state}\nzk_avg_latency\t1.5\n`
  return {
    mntr: says(state === 'leader' ? `${mntr}zk_synced_followers\t2\n` : mntr),
    srvr: says(`Zookeeper version: 3.8.4-x, built on\nConnections: 7\nZxid: 0x100000009\nMode: ${state}\n`),
    conf: says('serverId=4\nserver.4=a:1:2:participant;2181\nversion=1f'),
    ruok: says('imok'),
    ...more,
  }
}

/** A source over fake servers, on a clock that stands still unless moved. Deadlines run in real time. */
export class WatchedEnsemble {
  now = 0
  wakes = 0
  looks = 0
  readonly notes = new Noted()
  /** As long as nothing is said of silence, a busy machine must not look like it. */
  readonly patience = { lookMs: patient, connectMs: patient, hungMs: patient, rareMs: 300_000 }
  readonly source: ZooKeeperSource

  private constructor(servers: readonly FakeZooKeeper[], adminServers: readonly string[], perNamespace: boolean) {
    this.source = new ZooKeeperSource({
      servers: servers.map(({ address }) => address),
      adminServers,
      tls: undefined,
      perNamespace,
      clock: () => ({ mono: this.now, wall: this.now }),
      wake: () => this.wakes++,
      look: () => this.looks++,
      notes: this.notes,
      pace: paceOf({}),
      patience: this.patience,
    })
    onTestFinished(() => this.source.close())
  }

  static of(
    servers: readonly FakeZooKeeper[],
    adminServers: readonly string[] = [],
    perNamespace = false,
  ): WatchedEnsemble {
    return new WatchedEnsemble(servers, adminServers, perNamespace)
  }

  async observed(): Promise<Ensemble | undefined> {
    return this.source.observe()
  }

  /** One look, and what it found of a server. */
  async looked(server: FakeZooKeeper): Promise<EnsembleServer | undefined> {
    return (await this.observed())?.servers.get(addressText(server.address))
  }

  async woken(times: number): Promise<void> {
    await waitUntil(`woken ${times} times`, () => this.wakes >= times, patient, 2)
  }
}

export async function startServer(behaviours: Behaviours): Promise<FakeZooKeeper> {
  const server = await FakeZooKeeper.start(behaviours)
  onTestFinished(() => server.die())
  return server
}
