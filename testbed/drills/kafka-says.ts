import { listed } from './timeline.ts'
import type { BrokerView } from './view.ts'

type Facts = ReadonlyMap<string, string>

const DIFFERS_MS = 1000

function factsOf(view: BrokerView): Facts {
  const facts = new Map([
    ['registered', [...view.registered.keys()].join(',') || 'none'],
    ...(view.controller === undefined ? [] : [['controller', String(view.controller)] as const]),
  ])
  for (const [key, { leader, isr, eligible }] of view.partitions) {
    if (eligible !== undefined) facts.set(`eligible ${key}`, eligible.join(',') || 'none')
    facts.set(`leader ${key}`, leader === -1 ? 'none' : String(leader))
    facts.set(`isr ${key}`, isr.join(',') || 'none')
  }
  return facts
}

function summary(view: BrokerView): string {
  const partitions = [...view.partitions.values()]
  const full = partitions.filter((said) => said.isr.length === said.replicas.length).length
  const sizes = `${view.topics.size} topics, ${partitions.length} partitions, ${full} with a full ISR`
  const controller = view.controller === undefined ? '' : `, controller ${view.controller}`
  return `brokers ${[...view.registered.keys()].join(',') || 'none'}${controller}, ${sizes}`
}

/** What brokers say anew, each fact once, with the broker that said it first; and who disagrees with that. */
export class KafkaSays {
  readonly #own = new Map<number, Facts>()
  #told: Facts | undefined
  readonly #differsSince = new Map<number, number>()

  answer(broker: number, view: BrokerView, at: number): string[] {
    const facts = factsOf(view)
    const own = this.#own.get(broker)
    this.#own.set(broker, facts)
    const told = this.#told
    if (told === undefined) {
      this.#told = facts
      return [`${broker}: ${summary(view)}`]
    }
    if (own === undefined) return [`${broker}: ${this.#sameAs(facts, told) ? 'the same' : summary(view)}`]
    return [...this.#news(broker, own, facts, told), ...this.#agreement(broker, facts, at)]
  }

  silent(broker: number, error: string): string[] {
    if (!this.forget(broker)) return []
    const code = /\bE[A-Z]{4,}\b/.exec(error)?.[0] ?? error
    return [`${broker}: silent (${code.slice(0, 60)})`]
  }

  /** Without a word: the drill itself has just silenced it. */
  forget(broker: number): boolean {
    this.#differsSince.delete(broker)
    return this.#own.delete(broker)
  }

  #sameAs(facts: Facts, told: Facts): boolean {
    return facts.size === told.size && [...facts].every(([name, value]) => told.get(name) === value)
  }

  /** Changes of this broker's own words that nobody has told before. */
  #news(broker: number, own: Facts, facts: Facts, told: Facts): string[] {
    const updated = new Map(told)
    const groups = new Map<string, string[]>()
    const changed = [...new Set([...own.keys(), ...facts.keys()])].filter((name) => own.get(name) !== facts.get(name))
    for (const name of changed) {
      const value = facts.get(name)
      if (value === told.get(name)) continue
      if (value === undefined) updated.delete(name)
      else updated.set(name, value)
      const [kind = '', key] = name.split(' ')
      const change = `${own.get(name) ?? 'new'} -> ${value ?? 'gone'}`
      const members = groups.get(`${kind} ${change}`) ?? []
      groups.set(`${kind} ${change}`, [...members, ...(key === undefined ? [] : [key])])
    }
    this.#told = updated
    return [...groups].map(([what, keys]) => `${broker}: ${what}${keys.length === 0 ? '' : ` ${listed(keys)}`}`)
  }

  #agreement(broker: number, facts: Facts, at: number): string[] {
    const told = this.#told ?? facts
    const since = this.#differsSince.get(broker)
    if (this.#sameAs(facts, told)) {
      this.#differsSince.delete(broker)
      return since !== undefined && at - since > DIFFERS_MS ? [`${broker}: agrees again`] : []
    }
    if (since === undefined) this.#differsSince.set(broker, at)
    return []
  }
}
