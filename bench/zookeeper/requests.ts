import type { Page } from './pages.ts'

/** Whom a source asks with one request: every server, the leader alone, or the server that holds the exporter's session. */
export type Asked = 'each server' | 'the leader' | 'the server of the session'

export interface Load {
  readonly source: string
  readonly api: string
  readonly asked: Asked
  /** Requests a minute to one such server. */
  readonly perMinute: number
}

/** What the exporter asked of an ensemble of `servers` between two pages, `ms` apart. Words never sent are left out. */
export function loads(before: Page, after: Page, ms: number, servers: number): readonly Load[] {
  return [...after].flatMap(([series, count]): Load[] => {
    const labels = /^kafka_ha_requests_total\{source="(zookeeper|sessions|znodes)",api="([^"]+)"\}$/.exec(series)
    const sent = count - (before.get(series) ?? 0)
    if (labels === null || sent === 0) return []
    const [, source = '', api = ''] = labels
    const asked = askedBy(source, api)
    return [{ source, api, asked, perMinute: (sent * 60_000) / ms / (asked === 'each server' ? servers : 1) }]
  })
}

function askedBy(source: string, api: string): Asked {
  if (source === 'znodes') return 'the server of the session'
  return api === 'dump' ? 'the leader' : 'each server'
}

/** Requests a minute to a leader, to a follower, and on top of that to the server that holds the session. */
export function totals(all: readonly Load[]): {
  readonly leader: number
  readonly follower: number
  readonly session: number
} {
  const sum = (who: Asked): number =>
    all.filter(({ asked }) => asked === who).reduce((total, { perMinute }) => total + perMinute, 0)
  const follower = sum('each server')
  return { leader: follower + sum('the leader'), follower, session: sum('the server of the session') }
}
