import { zookeeperServes } from './ask.ts'
import { NOTHING_ASKED, type Asked } from './asked.ts'
import type { ControllersTruth } from './coordinators/controllers.ts'
import type { EnsembleTruth } from './coordinators/ensemble.ts'
import type { Voters } from './coordinators/voters.ts'
import type { Named, Truth, UnitState } from './truth.ts'
import { answers, believed } from './truth.ts'
import type { Role } from '../types.ts'
import type { BrokerView } from './view.ts'

export interface Address {
  readonly id: number
  readonly address: string
}

function isrs(view: BrokerView, before: Truth['lastIsr']): Truth['lastIsr'] {
  const known = [...view.partitions].map(([key, { isr }]) => [key, isr.length > 0 ? isr : before.get(key)] as const)
  return new Map(known.flatMap(([key, isr]) => (isr === undefined ? [] : [[key, isr] as const])))
}

/** Folds what the samplers hear into a Truth. Knows no clock and no socket: times come with the words. */
export class TruthKeeper {
  #truth: Truth
  /** What each broker said last, kept past its silence: a change is a change of one broker's own words. */
  readonly #lastWords = new Map<number, BrokerView>()

  #healing = false

  constructor(
    brokers: readonly Address[],
    zookeepers: readonly number[],
    stateOf: (unit: string) => UnitState,
    voters?: Voters,
  ) {
    this.#truth = {
      addresses: new Map(brokers.map(({ id, address }) => [id, address])),
      states: new Map(brokers.map(({ id }) => [id, stateOf(`kafka${id}`)])),
      zookeepers: new Map(zookeepers.map((id) => [id, stateOf(`zk${id}`)])),
      ensemble: undefined,
      voters,
      voterStates: new Map([...(voters?.units ?? [])].map(([unit, id]) => [id, stateOf(unit)])),
      controllers: undefined,
      zombies: new Set(),
      views: new Map(),
      lastKnown: undefined,
      lastAnswerAt: undefined,
      named: new Map(),
      lastIsr: new Map(),
      asked: NOTHING_ASKED,
    }
  }

  get truth(): Truth {
    return this.#truth
  }

  unit(kind: Role, id: number, state: UnitState): void {
    const voter = this.#truth.voters?.units.get(`${kind}${id}`)
    if (voter !== undefined)
      this.#truth = { ...this.#truth, voterStates: new Map(this.#truth.voterStates).set(voter, state) }
    if (kind === 'controller') return
    const field = kind === 'kafka' ? 'states' : 'zookeepers'
    this.#truth = { ...this.#truth, [field]: new Map(this.#truth[field]).set(id, state) }
    const dead = state === 'stopped' || state === 'paused' || state === 'cut'
    if (kind === 'kafka' && dead) this.silent(id)
  }

  split(zombies: readonly number[]): void {
    this.#healing = false
    this.#truth = { ...this.#truth, zombies: new Set(zombies) }
  }

  /** A zombie is believed again as soon as it says what the majority says; until then it lies on for a moment. */
  rejoin(): void {
    this.#healing = true
  }

  ensemble(ensemble: EnsembleTruth): void {
    this.#truth = { ...this.#truth, ensemble }
  }

  controllers(controllers: ControllersTruth): void {
    this.#truth = { ...this.#truth, controllers }
  }

  asked(asked: Asked): void {
    this.#truth = { ...this.#truth, asked }
  }

  /** For an exporter that starts with nobody answering: what was known before is nothing that it could know. */
  forget(): void {
    if (!zookeeperServes(this.#truth)) this.#truth = { ...this.#truth, asked: NOTHING_ASKED }
    if (believed(this.#truth).length > 0) return
    const nothing = { lastKnown: undefined, lastAnswerAt: undefined, named: new Map(), lastIsr: new Map() }
    this.#truth = { ...this.#truth, ...nothing, asked: NOTHING_ASKED }
  }

  silent(broker: number): void {
    if (!this.#truth.views.has(broker)) return
    const views = new Map(this.#truth.views)
    views.delete(broker)
    this.#truth = { ...this.#truth, views }
  }

  answer(broker: number, view: BrokerView, at: number): void {
    this.#convert(broker, view)
    const before = this.#truth
    const previous = this.#lastWords.get(broker)
    const alone = believed(before).length === 0
    this.#lastWords.set(broker, view)
    const truth = { ...before, views: new Map(before.views).set(broker, view) }
    if (before.zombies.has(broker) || !answers(truth, broker)) {
      this.#truth = truth
      return
    }
    // A broker that has just come back repeats old words or none at all; it is not news while others answer.
    const returning = !before.views.has(broker) && !alone
    const named = returning ? before.named : this.#rename(view, alone ? undefined : previous, { by: broker, at })
    const lastKnown = returning ? before.lastKnown : view
    const lastIsr = returning ? before.lastIsr : isrs(view, before.lastIsr)
    this.#truth = { ...truth, named, lastIsr, lastKnown, lastAnswerAt: at }
  }

  #convert(broker: number, view: BrokerView): void {
    const { zombies } = this.#truth
    if (!this.#healing || !zombies.has(broker)) return
    const agrees = believed(this.#truth).some((v) => v.text === view.text && v.controller === view.controller)
    if (agrees) this.#truth = { ...this.#truth, zombies: new Set([...zombies].filter((id) => id !== broker)) }
  }

  #rename(view: BrokerView, previous: BrokerView | undefined, said: { by: number; at: number }): Truth['named'] {
    const before = this.#truth.named
    const named = new Map<string, Named>()
    for (const [key, { leader, epoch }] of view.partitions) {
      const known = before.get(key)
      const repeats = previous?.partitions.get(key)?.leader === leader
      const news = !repeats && known?.leader !== leader
      if (news) named.set(key, { leader, epoch, since: said.at, by: said.by })
      // The same one, elected again.
      else if (known?.leader === leader && epoch > known.epoch) named.set(key, { ...known, epoch })
      // Nobody else names it any more: this broker has not yet heard that the topic is gone.
      else if (known !== undefined) named.set(key, known)
    }
    // Partitions another broker already names stay until this broker, too, has stopped naming them.
    for (const [key, known] of before) {
      if (!view.partitions.has(key) && previous?.partitions.has(key) === false) named.set(key, known)
    }
    return named
  }
}
