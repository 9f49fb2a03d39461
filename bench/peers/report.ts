import { isMet, type Budget } from './budgets.ts'
import type { Second } from './outage.ts'
import type { Figures, StateFigures } from './state.ts'
import { formatSpread } from './statistics.ts'

/** Columns as wide as their widest cell. */
export function formatTable(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

export function formatState(figures: StateFigures): readonly string[] {
  const { state, partitions, leaderless, refreshes, alert, calm, ours, peer, peerRequests } = figures
  const requests = [refreshes.topologyRequests, refreshes.offsetsRequests, refreshes.probes].map(count)
  const atLeast = peerRequests === undefined ? 'not counted' : `at least ${peerRequests} a scrape`
  const row = (what: string, of: (one: Figures) => string): string[] => [what, of(ours), of(peer)]
  return [
    `${state}: ${partitions} partitions, ${leaderless} without a leader`,
    ...formatTable([
      ['', ours.name, peer.name],
      row('scrape, min / median / max', ({ scrapeMs }) => formatSpread(scrapeMs)),
      ['refresh, min / median / max', formatSpread(refreshes.time), 'in the scrape'],
      row('scrapes without an answer', ({ errors, scrapeMs }) => `${errors.length} of ${scrapeMs?.count ?? 0}`),
      row('bytes', ({ bytes }) => count(bytes)),
      row('series', ({ series }) => count(series)),
      row('leader series (naming a broker)', (one) => `${count(one.leaderSeries)} (${count(one.namedLeaders)})`),
      row('leader series missing', ({ leaderSeries }) => count(leaderSeries && partitions - leaderSeries)),
      ['requests per refresh', `${requests[0]} Metadata + ${requests[1]} ListOffsets + ${requests[2]} probes`, atLeast],
      row('CPU in a scrape', ({ cpuMsPerScrape }) => `${cpuMsPerScrape.toFixed(0)} ms`),
      row('CPU a minute, calm', (one) => {
        return `${one.cpuSecondsPerMinute.toFixed(2)} s (${one.scrapesPerMinute.toFixed(1)} scrapes)`
      }),
      ['CPU not scraped, alert pace', `${percent(alert.cpuShare)}, ${looks(alert.topologyLooksPerMinute)}`, ''],
      ['CPU not scraped, calm pace', `${percent(calm.cpuShare)}, ${looks(calm.topologyLooksPerMinute)}`, ''],
      row('RSS (peak)', ({ rssBytes, peakBytes }) => `${mebibytes(rssBytes)} (${mebibytes(peakBytes)}) MiB`),
    ]),
    ...[ours, peer].flatMap(({ name, errors }) => [...new Set(errors)].map((error) => `${name}: ${error}`)),
  ]
}

export function formatSeconds(seconds: readonly Second[]): readonly string[] {
  return formatTable([
    ['after the kill', 'Kafka: leaderless', 'ours: brokers up', 'unavailable', 'leaderless', 'kafka_exporter'],
    ...seconds.map(({ second, kafkaLeaderless, ours, peer }) => [
      `+${second} s`,
      count(kafkaLeaderless),
      count(ours?.brokersUp),
      count(ours?.unavailable),
      count(ours?.leaderless),
      peer,
    ]),
  ])
}

export function formatBudgets(budgets: readonly Budget[]): readonly string[] {
  return formatTable([
    ['budget', 'measured', 'bound', ''],
    ...budgets.map((budget) => [
      budget.what,
      count(budget.measured),
      `${budget.kind} ${budget.bound}`,
      isMet(budget) ? 'met' : 'MISSED',
    ]),
  ])
}

function count(value: number | undefined): string {
  if (value === undefined) return '-'
  return Number.isInteger(value) ? String(value) : value.toFixed(value < 100 ? 1 : 0)
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} % of a core`
}

function looks(perMinute: number): string {
  return `${perMinute.toFixed(0)} topology looks a minute`
}

function mebibytes(bytes: number): string {
  return (bytes / 1_048_576).toFixed(0)
}
