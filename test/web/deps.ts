import type { LandingFacts, WebDeps } from '../../src/web/contract.ts'
import { wellPartitions } from '../support/landing.ts'

export const FACTS: LandingFacts = {
  version: '1.2.3',
  now: Date.UTC(2025, 0, 2, 3, 4, 5),
  cluster: { reachable: true, id: 'abc' },
  brokers: { expected: 3, up: 3, down: [] },
  partitions: wellPartitions(12),
  quorums: [],
  margin: { leader: 1, acksAll: 1 },
  awaited: [],
  sources: [{ name: 'topology', lastSuccess: Date.UTC(2025, 0, 2, 3, 4, 2, 500), up: true }],
}

export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** Everything a web server needs, saying that all is well; `errors` collects what it reports. */
export function depsWith(changes: Partial<WebDeps> = {}): WebDeps & { readonly errors: string[] } {
  const errors: string[] = []
  return {
    telemetryPath: '/metrics',
    contentType: CONTENT_TYPE,
    render: () => ['# HELP a b\n', 'a 1\n'],
    readiness: () => ({ ready: true, waitingFor: [] }),
    landing: () => FACTS,
    onError: (what, error) => errors.push(`${what}: ${error instanceof Error ? error.message : String(error)}`),
    ...changes,
    errors,
  }
}
