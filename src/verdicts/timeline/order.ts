import { duration } from './duration.ts'
import type { Incident, Order, Phase, PhaseName } from './types.ts'

/** Clocks of different machines are rarely closer than this. */
const clockMs = 500

/** Which system failed over first: ZooKeeper by losing the server or ending the session, Kafka by new leaders. */
export function orderOf(scope: Incident['scope'], phases: readonly Phase[], kraft: boolean): Order | undefined {
  if (kraft || (scope !== 'node' && scope !== 'broker')) return undefined
  const first = (...names: PhaseName[]): Phase | undefined =>
    names.map((name) => phases.find((phase) => phase.name === name)).find((phase) => phase !== undefined)
  const inZookeeper =
    scope === 'node'
      ? first('ZooKeeper leader elected', 'noticed by ZooKeeper')
      : first('session closed', 'session expired')
  const inKafka = first('leaders elected', 'removed by the controller')
  if (inZookeeper === undefined || inKafka === undefined) return undefined
  const gapMs = inKafka.at - inZookeeper.at
  const what = scope === 'node' ? 'ZooKeeper went on without its server' : 'ZooKeeper ended the session'
  const files = new Set([...inZookeeper.proof, ...inKafka.proof].map(({ file }) => file))
  const doubt =
    Math.abs(gapMs) < clockMs && files.size > 1 ? ' (by the clocks of two machines, which may differ by more)' : ''
  return {
    first: gapMs >= 0 ? 'zookeeper' : 'kafka',
    zookeeperAt: inZookeeper.at,
    kafkaAt: inKafka.at,
    text:
      gapMs >= 0
        ? `ZooKeeper before Kafka: ${what}, Kafka acted ${duration(gapMs)} later${doubt}`
        : `Kafka before ZooKeeper: Kafka had acted ${duration(gapMs)} before ${what}${doubt}`,
    proof: [...inZookeeper.proof.slice(0, 1), ...inKafka.proof.slice(0, 1)],
  }
}
