import { parseSelector, type Exposition, type Labels, type Series } from './exposition.ts'

/** What a claim says of the one series that a selector names. */
export type Claim = number | 'absent' | '> 0' | '< 0' | '<= 0' | '>= 0' | 'present'

/** `kafka_ha_broker_up{broker="1"}` -> claim. `$name` in a selector stands for the broker an act found, see acts.ts. */
export type Claims = Readonly<Record<string, Claim>>

function includes(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value)
}

/** One scrape, ready to be asked. */
export class Metrics {
  readonly exposition: Exposition
  readonly #byName = new Map<string, Series[]>()

  constructor(exposition: Exposition) {
    this.exposition = exposition
    for (const series of exposition.series.values()) {
      const known = this.#byName.get(series.name)
      if (known === undefined) this.#byName.set(series.name, [series])
      else known.push(series)
    }
  }

  /** Every series of that name whose labels include `labels`. */
  all(name: string, labels: Labels = {}): readonly Series[] {
    return (this.#byName.get(name) ?? []).filter((series) => includes(series.labels, labels))
  }

  /** The value of the only such series; undefined when there is none or more than one. */
  value(name: string, labels: Labels = {}): number | undefined {
    const found = this.all(name, labels)
    return found.length === 1 ? found[0]?.value : undefined
  }
}

function satisfies(value: number, claim: Exclude<Claim, 'absent'>): boolean {
  switch (claim) {
    case 'present':
      return true
    case '> 0':
      return value > 0
    case '< 0':
      return value < 0
    case '<= 0':
      return value <= 0
    case '>= 0':
      return value >= 0
    default:
      return value === claim
  }
}

/** Why the claims do not hold: one line each, empty when all hold. */
export function unmetClaims(
  metrics: Metrics,
  claims: Claims,
  names: ReadonlyMap<string, number | string> = new Map(),
): string[] {
  const unmet: string[] = []
  for (const [text, claim] of Object.entries(claims)) {
    const named = text.replace(/\$(\w+)/g, (whole, name: string) => String(names.get(name) ?? whole))
    const selector = parseSelector(named)
    if (typeof selector === 'string') throw new Error(`claim ${named}: ${selector}`)
    const found = metrics.all(selector.name, selector.labels)
    const [only] = found
    if (claim === 'absent') {
      if (found.length > 0) unmet.push(`${named} is ${found.map((s) => s.value).join(', ')}, expected absent`)
    } else if (only === undefined || found.length > 1) {
      unmet.push(`${named} has ${found.length} series, expected ${claim}`)
    } else if (!satisfies(only.value, claim)) {
      unmet.push(`${named} is ${only.value}, expected ${claim}`)
    }
  }
  return unmet
}
