import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { overview } from './overview.ts'

/** File -> what belongs into it. */
export function dashboards(): ReadonlyMap<string, Dashboard> {
  return new Map([['kafka-ha-overview.json', overview()]])
}

export function text(dashboard: Dashboard): string {
  return `${JSON.stringify(dashboard, null, 2)}\n`
}
