import { createHash } from 'node:crypto'
import type { BrokerFacts, LandingFacts, LogsFacts, QuorumFacts, SourceFacts } from './contract.ts'

const REFRESH_SECONDS = 5

const STYLE = `
:root { color-scheme: light dark; --bad: #b3261e; --good: #1b6e3c; --quiet: #5f6368; --line: #8884 }
@media (prefers-color-scheme: dark) { :root { --bad: #ff8a80; --good: #7fd8a0; --quiet: #a0a4a8 } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.4rem; margin: 0 } h2 { font-size: 1.05rem; margin: 1.8rem 0 .3rem }
nav a { margin-right: 1rem } .quiet { color: var(--quiet) } .bad { color: var(--bad); font-weight: 600 } .good { color: var(--good); font-weight: 600 }
.status { font-size: 1.2rem; margin: 1.2rem 0 0 }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; font-weight: inherit; padding: .25rem .5rem .25rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere }
td { font-variant-numeric: tabular-nums; width: 60% }
`

/** Nothing but this one style sheet: no scripts, no images, no frames, nothing from elsewhere. */
export const LANDING_CSP = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** A whole page without anything from elsewhere; it asks for itself again every 5 s. */
export function landingPage(facts: LandingFacts, telemetryPath: string): string {
  const { partitions } = facts
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="${REFRESH_SECONDS}">
<title>${escapeHtml(headline(facts).text)} - Kafka HA Exporter</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>Kafka HA Exporter</h1>
<p class="quiet">Version ${escapeHtml(facts.version)}</p>
<nav aria-label="Pages"><a href="${escapeHtml(telemetryPath)}">Metrics</a><a href="/-/healthy">Health</a><a href="/-/ready">Readiness</a></nav>
</header>
<main>
<p class="status" role="status">${marked(headline(facts))}</p>
<h2 id="cluster">Cluster</h2>
${table('cluster', [
  ['Cluster', marked(reachability(facts.cluster.reachable))],
  ['Cluster id', known(facts.cluster.id)],
  ['Brokers up', brokersUp(facts.brokers)],
  ...(facts.brokers?.down ?? []).map((broker): Row => [
    brokerName(broker),
    marked({ text: `down: ${broker.reason}`, mood: 'bad' }),
  ]),
  ...facts.quorums.map((quorum): Row => [quorumNames[quorum.kind], quorumState(quorum)]),
  ['Broker failures survived', survived(facts.margin?.leader)],
  ['... with acks=all writes', survived(facts.margin?.acksAll)],
  ...facts.awaited.map(({ id, partitions }): Row => [
    `Start broker ${id}`,
    marked({ text: `${count(partitions)} leaderless until then`, mood: 'bad' }),
  ]),
])}
<h2 id="partitions">Partitions</h2>
${table('partitions', [
  ['Partitions', known(partitions.total)],
  ['Unavailable', troubling(partitions.unavailable)],
  ['Leaderless', troubling(partitions.leaderless)],
  ['Leader does not answer', troubling(partitions.unreachableLeader)],
  ['acks=all writes wait', troubling(partitions.unreachableIsr)],
  ['Under min ISR', troubling(partitions.underMinIsr)],
  ['Under-replicated', troubling(partitions.underReplicated)],
])}${logsOf(facts.logs)}
<h2 id="sources">Sources</h2>
${table(
  'sources',
  facts.sources.map((source): Row => [source.name, age(source, facts.now)]),
)}
</main>
<footer><p class="quiet">As of ${escapeHtml(new Date(facts.now).toISOString())}; refreshes every ${REFRESH_SECONDS} s.</p></footer>
</body>
</html>
`
}

/** A heading (plain text) and a cell (HTML). */
type Row = readonly [string, string]
interface Marked {
  readonly text: string
  readonly mood: 'good' | 'bad' | 'quiet'
}

const UNKNOWN: Marked = { text: 'unknown', mood: 'quiet' }

/** The worst that is known, in one line. A verdict of health needs every fact that it rests on. */
function headline({ cluster, brokers, partitions, quorums }: LandingFacts): Marked {
  const { unavailable, underReplicated, underMinIsr, unreachableIsr } = partitions
  if (cluster.reachable === false) return { text: 'No broker answers', mood: 'bad' }
  if (unavailable !== undefined && unavailable > 0) return { text: `${count(unavailable)} unavailable`, mood: 'bad' }
  if (underMinIsr !== undefined && underMinIsr > 0) {
    return { text: `acks=all writes are refused: ${count(underMinIsr)}`, mood: 'bad' }
  }
  if (unreachableIsr !== undefined && unreachableIsr > 0) {
    return { text: `acks=all writes wait: ${count(unreachableIsr)}`, mood: 'bad' }
  }
  if (quorums.some(({ available, decides }) => decides && available === false))
    return { text: 'Quorum lost: nothing fails over', mood: 'bad' }
  const missing = brokers === undefined ? 0 : brokers.expected - brokers.up
  if (missing > 0) return { text: `${missing} of ${brokers?.expected ?? 0} brokers down`, mood: 'bad' }
  if (underReplicated !== undefined && underReplicated > 0) {
    return { text: `${count(underReplicated)} under-replicated`, mood: 'bad' }
  }
  const complete =
    cluster.reachable && brokers !== undefined && unavailable !== undefined && underReplicated !== undefined
  return complete ? { text: 'Serving', mood: 'good' } : { text: 'State unknown', mood: 'quiet' }
}

function count(partitions: number): string {
  return `${partitions} partition${partitions === 1 ? '' : 's'}`
}

function reachability(reachable: boolean | undefined): Marked {
  if (reachable === undefined) return UNKNOWN
  return reachable ? { text: 'reachable', mood: 'good' } : { text: 'unreachable', mood: 'bad' }
}

function brokersUp(brokers: BrokerFacts | undefined): string {
  if (!brokers) return marked(UNKNOWN)
  return marked({ text: `${brokers.up} of ${brokers.expected}`, mood: brokers.up < brokers.expected ? 'bad' : 'good' })
}

const quorumNames = { zookeeper: 'ZooKeeper quorum', kraft: 'KRaft quorum' } as const

/** Serving is not lost with it; failing over is. */
function quorumState({ available, serving, voters, majority, decides }: QuorumFacts): string {
  const counted = serving === undefined || voters === undefined ? '' : `${serving} of ${voters} serving`
  if (available === false) {
    const effect = decides ? 'nothing fails over' : 'Kafka does without it'
    return marked({ text: counted === '' ? `lost: ${effect}` : `lost (${counted}): ${effect}`, mood: 'bad' })
  }
  if (available === undefined) return marked(UNKNOWN)
  if (counted === '' || serving === undefined || majority === undefined)
    return marked({ text: 'available', mood: 'good' })
  return marked({ text: `${counted}, ${serving - majority} more may fail`, mood: serving > majority ? 'good' : 'bad' })
}

function brokerName({ id, address }: BrokerFacts['down'][number]): string {
  return address === undefined ? `Broker ${id}` : `Broker ${id} (${address})`
}

function troubling(partitions: number | undefined): string {
  if (partitions === undefined) return marked(UNKNOWN)
  return partitions === 0 ? '0' : marked({ text: String(partitions), mood: 'bad' })
}

/** Nothing where no logs are followed. Their lines may hold anything. */
function logsOf(logs: LogsFacts | undefined): string {
  if (logs === undefined) return ''
  const { files, total, down, events } = logs
  const summary = total === 0 ? 'none: no file matches' : `${total - down} of ${total}`
  return `
<h2 id="logs">Logs</h2>
${table('logs', [
  ['Files read', marked({ text: summary, mood: down > 0 || total === 0 ? 'bad' : 'good' })],
  ...files.map(({ path, failure, lagBytes }): Row => [
    path,
    failure === undefined ? `${lagBytes} bytes behind` : marked({ text: failure, mood: 'bad' }),
  ]),
  ...events.map(({ at, event, severity, text }): Row => [
    `${at === undefined ? '' : `${new Date(at).toISOString()} `}${event}`,
    `${marked({ text: severity, mood: 'bad' })}: ${escapeHtml(text)}`,
  ]),
])}`
}

/** One more than none is what a cluster is built for. */
function survived(margin: number | undefined): string {
  if (margin === undefined) return marked(UNKNOWN)
  if (margin < 0) return marked({ text: 'lost already', mood: 'bad' })
  return margin === 0 ? marked({ text: '0', mood: 'bad' }) : String(margin)
}

function known(value: number | string | undefined): string {
  return value === undefined || value === '' ? marked(UNKNOWN) : escapeHtml(String(value))
}

function age({ lastSuccess, up }: SourceFacts, now: number): string {
  const failing = up === false ? marked({ text: '; the newest look failed', mood: 'bad' }) : ''
  if (lastSuccess === undefined) return `${marked({ text: 'no success yet', mood: 'quiet' })}${failing}`
  // The machine's clock can be set back between the two moments.
  return `last success ${Math.max(0, (now - lastSuccess) / 1000).toFixed(1)} s ago${failing}`
}

function table(labelledBy: string, rows: readonly Row[]): string {
  const body = rows.map(([heading, cell]) => `<tr><th scope="row">${escapeHtml(heading)}</th><td>${cell}</td></tr>`)
  return `<table aria-labelledby="${labelledBy}"><tbody>\n${body.join('\n')}\n</tbody></table>`
}

function marked({ text, mood }: Marked): string {
  return `<span class="${mood}">${escapeHtml(text)}</span>`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
