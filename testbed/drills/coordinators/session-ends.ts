/** The exporter's count of sessions that were closed and that expired against what the leader's own list told. */
import type { Check, Moment } from '../moment.ts'
import type { SessionEnd } from './ensemble.ts'

const HOW: readonly SessionEnd['how'][] = ['closed', 'expired']

export class SessionEndWatch {
  #newest: Moment['metrics']
  #truth: Moment['truth'] | undefined
  /** Ends before the counters began. */
  #before = 0

  step({ metrics, cause, truth }: Moment): void {
    if (this.#truth === undefined) this.#before = truth.ensemble?.ends.length ?? 0
    if (cause === 'scrape' && metrics !== undefined) this.#newest = metrics
    if (this.#newest !== undefined) this.#truth = truth
  }

  checks(): readonly Check[] {
    const { ensemble } = this.#truth ?? {}
    // Whose words are refused tells no ends: there the scenario says what must be counted.
    if (ensemble?.dumpedAt === undefined) return []
    const ends = ensemble.ends.slice(this.#before)
    const wrong = [...(this.#truth?.addresses.keys() ?? [])].flatMap((broker) =>
      HOW.flatMap((how) => {
        const told = ends.filter((end) => end.broker === broker && end.how === how).length
        const family = `kafka_ha_broker_session_${how}_total`
        const shown = this.#newest?.value(family, { broker: String(broker) }) ?? 0
        return shown === told ? [] : [`${family}{broker=${broker}} is ${shown}, ZooKeeper told ${told}`]
      }),
    )
    const name = 'ends of sessions are counted once each, closed and expired told apart'
    if (wrong.length > 0) return [{ kind: 'rule', name, ok: false, detail: wrong.join('\n') }]
    const counts = HOW.map((how) => `${ends.filter((end) => end.how === how).length} ${how}`)
    return [{ kind: 'rule', name, ok: true, detail: counts.join(', ') }]
  }
}
