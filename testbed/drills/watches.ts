/** Everything that is asserted while a drill runs: folds over its moments. */
import { BoundWatch, HoldWatch } from './bound.ts'
import { AnnouncedWatch } from './coordinators/announced.ts'
import { ElectionWatch } from './coordinators/elections.ts'
import { coordinatorRules } from './coordinators/rules.ts'
import { SessionEndWatch } from './coordinators/session-ends.ts'
import { CounterWatch } from './counters.ts'
import { InventedWatch } from './invented.ts'
import { LeaderWatch } from './leaders.ts'
import type { Check, Moment } from './moment.ts'
import { rules, RuleWatch } from './rules.ts'
import type { Scenario } from './scenario.ts'
import type { Scrape } from './scraper.ts'
import { ScrapeWatch } from './scrapes.ts'
import { steadyRules } from './steady.ts'

/** The exporter's alert pace, twice, and a look. */
const STEADY_S = 2

interface Watch {
  step(moment: Moment): void
  checks(): readonly Check[]
}

/** Of those with a single thing to say. */
function single(watch: { step(moment: Moment): void; check(): Check }): Watch {
  return { step: (moment) => watch.step(moment), checks: () => [watch.check()] }
}

export class Watches {
  readonly #scrapes = new ScrapeWatch()
  readonly #watches: readonly Watch[]

  constructor({ bounds, holds = [], announced = [], leaderWithinS = 1 }: Scenario) {
    const always = [...rules(), ...steadyRules(Math.max(leaderWithinS, STEADY_S)), ...coordinatorRules()]
    this.#watches = [
      ...bounds.map((bound) => single(new BoundWatch(bound))),
      ...announced.map((one) => new AnnouncedWatch(one)),
      ...holds.map((hold) => single(new HoldWatch(hold))),
      ...always.map((rule) => single(new RuleWatch(rule))),
      new LeaderWatch(leaderWithinS),
      single(new InventedWatch()),
      single(new CounterWatch()),
      new ElectionWatch(),
      new SessionEndWatch(),
    ]
  }

  hear(scrape: Scrape, at: number): void {
    this.#scrapes.hear(scrape, at)
  }

  step(moment: Moment): void {
    this.#scrapes.step(moment)
    for (const watch of this.#watches) watch.step(moment)
  }

  checks(): Check[] {
    return [...this.#watches.flatMap((watch) => watch.checks()), ...this.#scrapes.checks()]
  }
}
