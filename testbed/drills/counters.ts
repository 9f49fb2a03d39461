/** The exporter's counters of changes against the changes that the drill's own samplers saw. */
import {
  controllerChanges,
  isrChanges,
  leaderChanges,
  sameState,
  type LeaderChange,
  type PartitionState,
  type Reason,
} from './changes.ts'
import { quorumsOf } from './coordinators/quorums.ts'
import type { Metrics } from './metrics.ts'
import type { Check, Moment } from './moment.ts'
import { lasting, Sequence, type Entry } from './sequence.ts'
import { answers, believed, isDead } from './truth.ts'
import type { BrokerView, PartitionView } from './view.ts'

/**
 * The calm pace of the topology, a look and a round of the samplers. What came and went within it the exporter may have
 * missed; everything else it has to have counted. It never counts more than the samplers saw: they ask each broker
 * every 200 ms, and a broker's words do not change and change back between. Only that two members of an ISR come or go one
 * after the other may happen between two rounds: a look in between has seen two changes.
 */
const LOOK_MS = 6000

/** After a time in which nobody answered: brokers that have just started leave out what they have not been told of yet. */
const STARTING_MS = 30_000

/**
 * A controller that begins repeats at first what ZooKeeper or its own log remembers, for milliseconds: whoever looks then has
 * seen an ISR with members that are gone already when a sampler comes.
 */
const FIRST_WORDS_MS = 1500

const REASONS: readonly Reason[] = ['failover', 'preferred', 'unclean', 'other']

interface Allowed {
  readonly series: string
  readonly least: number
  readonly most: number
}

type PartitionEntries = readonly Entry<PartitionState | undefined>[]

const valuesOf = <Value>(entries: readonly Entry<Value>[]): readonly Value[] => entries.map(({ value }) => value)

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

export class CounterWatch {
  readonly #partitions = new Map<string, Sequence<PartitionState | undefined>>()
  readonly #controller = new Sequence<number>((a, b) => a === b)
  readonly #heard = new Map<number, BrokerView>()
  /** When somebody answered again after a time in which nobody did. */
  readonly #returns: number[] = []
  #returnedAt = -Infinity
  #newest: Metrics | undefined
  #now = 0

  step(moment: Moment): void {
    this.#now = moment.at
    if (moment.cause === 'truth') this.#hear(moment)
    else if (moment.metrics !== undefined) {
      if (this.#newest === undefined) this.#beginWith(moment)
      this.#newest = moment.metrics
    }
  }

  /** The counters begin with the exporter; what it has not seen before is no change to it. */
  #beginWith({ truth }: Moment): void {
    const isKnown = truth.lastKnown !== undefined
    for (const sequence of [...this.#partitions.values(), this.#controller]) sequence.begin(isKnown)
    if (!isKnown) this.#partitions.clear()
  }

  #hear({ truth, at }: Moment): void {
    this.#hearLeader(truth, at)
    const wasAlone = this.#heard.size === 0
    const isReturn = wasAlone && believed(truth).length > 0
    if (isReturn) this.#returns.push(at)
    if (isReturn && this.#partitions.size > 0) this.#returnedAt = at
    for (const broker of truth.addresses.keys()) {
      const view = answers(truth, broker) && !truth.zombies.has(broker) ? truth.views.get(broker) : undefined
      if (view === undefined) this.#forget(broker)
      // A broker that has just started knows of nothing yet, not even of itself.
      else if (this.#heard.get(broker) !== view && view.registered.size > 0) {
        this.#heard.set(broker, view)
        const gone = [...truth.addresses.keys()].filter((id) => isDead(truth, id) || !view.registered.has(id))
        this.#tell(broker, view, { at, gone, alone: wasAlone })
      }
    }
  }

  /** With KRaft the controller is who leads the quorum. */
  #hearLeader(truth: Moment['truth'], at: number): void {
    const [leader, ...others] = quorumsOf(truth).find(({ kind }) => kind === 'kraft')?.leaders ?? []
    if (leader !== undefined && leader !== -1 && others.length === 0) this.#controller.tell(leader, leader, at, true)
  }

  #tell(broker: number, view: BrokerView, by: { at: number; gone: readonly number[]; alone: boolean }): void {
    if (view.controller !== undefined) this.#controller.tell(broker, view.controller, by.at, by.alone)
    const isStarting = by.at - this.#returnedAt < STARTING_MS
    for (const key of new Set([...this.#partitions.keys(), ...view.partitions.keys()])) {
      const known = this.#partitions.get(key)
      const sequence = known ?? new Sequence<PartitionState | undefined>(sameState)
      this.#partitions.set(key, sequence)
      const said = view.partitions.get(key)
      if (said === undefined && isStarting) continue
      const state = said === undefined ? undefined : stateOf(said, by.gone)
      sequence.tell(broker, state, by.at, by.alone || known === undefined)
    }
  }

  #forget(broker: number): void {
    if (!this.#heard.delete(broker)) return
    this.#controller.forget(broker)
    for (const sequence of this.#partitions.values()) sequence.forget(broker)
  }

  check(): Check {
    const name = 'leader, ISR and controller changes are counted, each under its reason, as Kafka told them'
    const wrong = this.allowed().flatMap(({ series, least, most }) => {
      const value = this.#newest === undefined ? undefined : valueOf(this.#newest, series)
      if (value !== undefined && value >= least && value <= most) return []
      return [`${series} is ${value ?? 'absent'}, Kafka told ${least === most ? most : `${least} to ${most}`}`]
    })
    if (wrong.length > 0) return { kind: 'rule', name, ok: false, detail: wrong.join('\n') }
    return { kind: 'rule', name, ok: true, detail: this.#summary() }
  }

  #summary(): string {
    const shown = REASONS.map((reason) => {
      const series = leaderSeries(reason)
      return `${this.#newest === undefined ? 0 : (valueOf(this.#newest, series) ?? 0)} ${reason}`
    })
    return shown.join(', ')
  }

  allowed(): readonly Allowed[] {
    const fine = this.#fine()
    const told = fine.flatMap((entries) => leaderChanges(valuesOf(entries)))
    const sure = fine.flatMap((entries) => certain(this.#pieces(entries), leaderChanges(valuesOf(entries))))
    const most = isrChanges(fine.map(valuesOf))
    const least = isrChanges(fine.flatMap((entries) => this.#pieces(entries).map(valuesOf)))
    const controllers = this.#controller.entries
    return [
      ...REASONS.map((reason) => ({
        series: leaderSeries(reason),
        least: sure.filter(({ reasons }) => reasons.length === 1 && reasons[0] === reason).length,
        most: told.filter(({ reasons }) => reasons.includes(reason)).length,
      })),
      { series: 'kafka_ha_leader_changes_total', least: sure.length, most: told.length },
      {
        series: 'kafka_ha_isr_shrinks_total',
        least: least.shrinks,
        most: most.lost + sum(fine.map((entries) => this.#lostUnseen(entries))),
      },
      { series: 'kafka_ha_isr_expands_total', least: least.expands, most: most.gained },
      {
        series: 'kafka_ha_controller_changes_total',
        least: sum(this.#pieces(controllers).map((piece) => controllerChanges(valuesOf(piece)))),
        most: controllerChanges(valuesOf(controllers)),
      },
    ]
  }

  /** What a look every LOOK_MS sees; where nobody answered for a while, nothing has to have been compared. */
  #pieces<Value>(entries: readonly Entry<Value>[]): readonly (readonly Entry<Value>[])[] {
    const cuts = [0, ...this.#returns, Infinity]
    const coarse = lasting(entries, LOOK_MS, this.#now)
    return cuts.slice(1).map((to, index) => coarse.filter(({ at }) => at >= (cuts[index] ?? 0) && at < to))
  }

  /** Members that may have been named before the first words that a sampler heard after nobody had answered. */
  #lostUnseen(entries: PartitionEntries): number {
    const first = this.#returns.map((back) => entries.find(({ at }) => at >= back && at < back + FIRST_WORDS_MS)?.value)
    return sum(first.map((state) => state?.replicas.filter((id) => !state.isr.includes(id)).length ?? 0))
  }

  #fine(): readonly PartitionEntries[] {
    return [...this.#partitions.values()].map(({ entries }) => entries)
  }
}

function stateOf({ leader, isr, replicas, eligible = [] }: PartitionView, gone: readonly number[]): PartitionState {
  return { leader, isr, replicas, eligible, gone }
}

function leaderSeries(reason: Reason): string {
  return `kafka_ha_leader_changes_total{reason="${reason}"}`
}

/** The sum of every series that the selector names; undefined when there is none. */
function valueOf(metrics: Metrics, series: string): number | undefined {
  const [name = '', reason] = series.split(/\{reason="|"\}/)
  const found = metrics.all(name, reason === undefined ? {} : { reason })
  return found.length === 0 ? undefined : sum(found.map(({ value }) => value))
}

/** Changes that were seen for what they were, with nothing between that the look may have missed. */
function certain(pieces: readonly PartitionEntries[], told: readonly LeaderChange[]): readonly LeaderChange[] {
  return pieces
    .flatMap((piece) => leaderChanges(valuesOf(piece)))
    .filter(({ from, to, reasons }) =>
      told.some((change) => change.from === from && change.to === to && change.reasons.join() === reasons.join()),
    )
}
