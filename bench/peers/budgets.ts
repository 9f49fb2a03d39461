import type { StateFigures } from './state.ts'

export interface Budget {
  readonly what: string
  /** undefined: could not be measured, which is no pass. */
  readonly measured: number | undefined
  readonly bound: number
  readonly kind: 'at least' | 'at most'
}

const timesFaster = { healthy: 20, outage: 200 } as const
const requestsOfRefresh = 7
const probes = 3

export function budgetsOf(states: readonly StateFigures[]): readonly Budget[] {
  return states.flatMap((figures) => [
    {
      what: `${figures.state}: kafka_exporter's scrape / our refresh`,
      measured: ratio(figures.peer.scrapeMs?.median, figures.refreshes.time?.median),
      bound: timesFaster[figures.state],
      kind: 'at least' as const,
    },
    {
      what: `${figures.state}: requests per refresh`,
      measured: total(figures.refreshes.topologyRequests, figures.refreshes.offsetsRequests),
      bound: requestsOfRefresh,
      kind: 'at most' as const,
    },
    {
      what: `${figures.state}: probes to ask every broker once`,
      measured: figures.refreshes.probes,
      bound: probes,
      kind: 'at most' as const,
    },
  ])
}

export function isMet({ measured, bound, kind }: Budget): boolean {
  if (measured === undefined) return false
  return kind === 'at least' ? measured >= bound : measured <= bound
}

function ratio(dividend: number | undefined, divisor: number | undefined): number | undefined {
  return dividend === undefined || divisor === undefined || divisor === 0 ? undefined : dividend / divisor
}

function total(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b
}
