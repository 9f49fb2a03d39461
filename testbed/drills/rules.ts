/** What has to hold at every scrape of every drill, whatever is being broken. */
import type { Check, Moment } from './moment.ts'
import { answers, partitionsBy, unreachableIsrs } from './truth.ts'
import { stalledNow } from './writing.ts'

export interface Rule {
  readonly name: string
  /** How long `when` must have held without a break before `must` is asked: the detection bound. */
  readonly graceS: number
  readonly when: (moment: Moment) => boolean
  /** What is wrong, or undefined. Asked at scrapes only. */
  readonly wrong: (moment: Moment) => string | undefined
}

function gauge({ metrics }: Moment, name: string): number | undefined {
  return metrics?.value(name)
}

function unavailableShown(moment: Moment): string | undefined {
  const shown = gauge(moment, 'kafka_ha_unavailable_partitions')
  return shown !== undefined && shown > 0 ? undefined : `kafka_ha_unavailable_partitions is ${shown ?? 'absent'}`
}

function brokersWrong(moment: Moment): string | undefined {
  const wrong = [...moment.truth.addresses.keys()].filter((id) => {
    return moment.metrics?.value('kafka_ha_broker_up', { broker: String(id) }) === 0
  })
  return wrong.length === 0 ? undefined : `kafka_ha_broker_up is 0 for ${wrong.join(', ')}`
}

/** A broker that is only named in replica lists has no address that could be asked, so nothing that could be the reason. */
function reasons(): Rule['wrong'] {
  const addressed = new Set<string>()
  return ({ metrics }) => {
    for (const name of ['kafka_ha_broker_registered', 'kafka_ha_broker_up']) {
      for (const { labels, value } of metrics?.all(name) ?? []) if (value === 1) addressed.add(labels['broker'] ?? '')
    }
    for (const { labels, value } of metrics?.all('kafka_ha_broker_up') ?? []) {
      const broker = labels['broker'] ?? ''
      const count = metrics?.all('kafka_ha_broker_down_reason', { broker }).length ?? 0
      const right = value === 1 ? count === 0 : count === 1 || (count === 0 && !addressed.has(broker))
      if (!right) return `broker ${broker}: up ${value} with ${count} reasons`
    }
    return undefined
  }
}

function unionWrong(moment: Moment): string | undefined {
  const leaderless = gauge(moment, 'kafka_ha_leaderless_partitions')
  const unreachable = gauge(moment, 'kafka_ha_unreachable_leader_partitions')
  const union = gauge(moment, 'kafka_ha_unavailable_partitions')
  if (leaderless === undefined || unreachable === undefined || union === leaderless + unreachable) return undefined
  return `${union ?? 'absent'} unavailable, ${leaderless} leaderless, ${unreachable} with an unreachable leader`
}

const everything = ({ truth }: Moment): boolean => [...truth.addresses.keys()].every((id) => answers(truth, id))

/** Made anew for each drill: one of them remembers. */
export const rules = (): readonly Rule[] => [
  {
    name: 'never 0 unavailable while a partition is leaderless or its leader has died (1 s)',
    graceS: 1,
    when: ({ truth }) => partitionsBy(truth, 'leaderless', 'stopped') > 0,
    wrong: unavailableShown,
  },
  {
    name: 'never 0 unavailable while a leader is paused or cut off (5 s)',
    graceS: 5,
    when: ({ truth }) => partitionsBy(truth, 'silent') > 0,
    wrong: unavailableShown,
  },
  {
    name: 'no false outage: 0 unavailable while every partition has a live leader (2 s)',
    graceS: 2,
    when: ({ truth }) => truth.named.size > 0 && partitionsBy(truth, 'live') === truth.named.size,
    wrong: (moment) => {
      const shown = gauge(moment, 'kafka_ha_unavailable_partitions')
      return shown === undefined || shown === 0 ? undefined : `kafka_ha_unavailable_partitions is ${shown}`
    },
  },
  {
    name: 'no false alarm: every answering broker is up (2 s)',
    graceS: 2,
    when: everything,
    wrong: brokersWrong,
  },
  {
    name: 'exactly one reason while a broker is down, none while it is up',
    graceS: 0,
    when: () => true,
    wrong: reasons(),
  },
  {
    name: 'never 0 unreachable ISRs while an acks=all write waits for a broker that does not answer (5 s)',
    graceS: 5,
    when: (moment) => stalledNow(moment).length > 0 && unreachableIsrs(moment.truth) > 0,
    wrong: (moment) => {
      const shown = gauge(moment, 'kafka_ha_unreachable_isr_partitions')
      return shown !== undefined && shown > 0 ? undefined : `it is ${shown ?? 'absent'}`
    },
  },
  { name: 'unavailable = leaderless + unreachable leader', graceS: 0, when: () => true, wrong: unionWrong },
]

/**
 * The exporter may know a change before the drill's own samplers do. What looks wrong counts only when truth is still the
 * same after every broker has been asked once more.
 */
const CONFIRM_MS = 500

export class RuleWatch {
  readonly #rule: Rule
  #since: number | undefined
  #suspects: { readonly at: number; readonly wrong: string }[] = []
  #asked = 0
  #violations = 0
  #first: string | undefined

  constructor(rule: Rule) {
    this.#rule = rule
  }

  step(moment: Moment): void {
    if (moment.metrics === undefined || !this.#rule.when(moment)) {
      this.#since = undefined
      this.#suspects = []
      return
    }
    this.#since ??= moment.at
    this.#confirm(moment.at)
    if (moment.cause !== 'scrape' || moment.at - this.#since < this.#rule.graceS * 1000) return
    this.#asked++
    const wrong = this.#rule.wrong(moment)
    if (wrong !== undefined) this.#suspects.push({ at: moment.at, wrong })
  }

  #confirm(now: number): void {
    const [first] = this.#suspects
    if (first === undefined || now - first.at < CONFIRM_MS) return
    const confirmed = this.#suspects.filter(({ at }) => now - at >= CONFIRM_MS)
    this.#suspects = this.#suspects.slice(confirmed.length)
    this.#violations += confirmed.length
    this.#first ??= `at +${(first.at / 1000).toFixed(1)} s ${first.wrong}`
  }

  check(): Check {
    const base = { kind: 'rule', name: this.#rule.name } as const
    if (this.#first === undefined) return { ...base, ok: true, detail: `${this.#asked} scrapes` }
    return { ...base, ok: false, detail: `${this.#violations} of ${this.#asked} scrapes, first ${this.#first}` }
  }
}
