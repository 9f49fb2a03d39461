import type { Clock, Instant } from './model/instant.ts'
import { emptyView, factNames, type FactName, type Facts, type View } from './model/view.ts'
import type { Report } from './runner.ts'
import { SourceLedger, type SourceStatus } from './source-status.ts'
import { firstHistory, type History } from './verdicts/history.ts'
import { judge, type Judgement } from './verdicts/judgement.ts'
import { paceMode } from './verdicts/pace.ts'
import { step } from './verdicts/step.ts'

export interface State {
  readonly at: Instant
  readonly view: View
  readonly history: History
  readonly judgement: Judgement
  /** The configured seeds, `host:port`. */
  readonly seeds: readonly string[]
  /** By name, in the order in which they were added. */
  readonly sources: ReadonlyMap<string, SourceStatus>
}

export interface StoreOptions {
  readonly clock: Clock
  readonly seeds: readonly string[]
  /** How long a broker stays expected after the metadata last named it. */
  readonly brokerRetentionMs: number
}

/** Kafka is in ZooKeeper mode, as far as is known, and ZooKeeper has no quorum. */
export function zookeeperLost({ history, judgement }: State): boolean {
  return history.mode !== 'kraft' && judgement.quorums.get('zookeeper')?.available === false
}

/** Kafka fails over with this coordinator, as far as is known: one that is left behind after a migration it does not need. */
export function decidesFailover({ history }: State, kind: 'zookeeper' | 'kraft'): boolean {
  const { coordinator, isDualWrite } = history
  return coordinator === undefined || coordinator === kind || isDualWrite
}

type Listener = (after: State, before: State) => void

/** The only mutable state: takes what sources bring, steps the history, judges, tells who listens. */
export class Store {
  #state: State
  #stirredAt: number
  readonly #options: StoreOptions
  readonly #ledgers = new Map<FactName, SourceLedger>()
  readonly #listeners: Listener[] = []

  constructor(options: StoreOptions) {
    this.#options = options
    const at = options.clock()
    const history = firstHistory(at)
    this.#stirredAt = at.mono
    const judgement = judge(emptyView, history, at)
    this.#state = { at, view: emptyView, history, judgement, seeds: options.seeds, sources: new Map() }
  }

  get state(): State {
    return this.#state
  }

  get mode(): 'calm' | 'alert' {
    return paceMode(this.#state.history, this.#stirredAt, this.#options.clock().mono)
  }

  subscribe(listener: Listener): void {
    this.#listeners.push(listener)
  }

  /** Makes a source known; what it notes shows in `State.sources` at once. */
  addSource(name: FactName, maxAgeMs: number): SourceLedger {
    const ledger = new SourceLedger(name, maxAgeMs)
    this.#ledgers.set(name, ledger)
    this.#update(this.#state.view, this.#state.history)
    return ledger
  }

  /** Something happened between looks (a socket closed): the pace becomes alert before anybody knows what it was. */
  stir(): void {
    this.#stirredAt = this.#options.clock().mono
  }

  accept<Name extends FactName>(name: Name, report: Report<Facts[Name]>): void {
    this.#ledgers.get(name)?.looked(report, this.#options.clock())
    const { view, history } = this.#state
    if (report.out === undefined) {
      this.#update(view, history)
      return
    }
    const arrived: View = { ...view, [name]: { value: report.out, at: report.startedAt } }
    const next = step(history, arrived, name, this.#options.clock(), this.#options)
    this.#update(next.view, next.history)
  }

  /** Facts age without anything happening. */
  tick(): void {
    this.#update(this.#state.view, this.#state.history)
  }

  #update(view: View, history: History): void {
    const before = this.#state
    const at = this.#options.clock()
    const fresh = this.#withoutTheAged(view, at)
    const sources = new Map([...this.#ledgers].map(([name, ledger]) => [name, ledger.status]))
    this.#state = { ...before, at, view: fresh, history, judgement: judge(fresh, history, at), sources }
    for (const listener of this.#listeners) listener(this.#state, before)
  }

  #withoutTheAged(view: View, now: Instant): View {
    const tooOld = (name: FactName): boolean => {
      const fact = view[name]
      const maxAgeMs = this.#ledgers.get(name)?.status.maxAgeMs ?? Infinity
      return fact !== undefined && now.mono - fact.at.mono > maxAgeMs
    }
    const aged = factNames.filter(tooOld)
    return aged.length === 0 ? view : { ...view, ...Object.fromEntries(aged.map((name) => [name, undefined])) }
  }
}
