import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startExporter } from '../test/support/exporter-process.ts'
import { SoakCluster } from './soak/cluster.ts'
import { startImpostors } from './soak/impostors.ts'
import { columnOf, median, rise, sampleOf, type Column, type Sample } from './soak/samples.ts'

const help = `The built exporter at alert pace against three fake brokers that die, hang and come back, and three hostile seeds,
scraped every second: memory, sockets and timers have to stay flat over the second half. Exits with 1 when they do not.

  npm run bench:soak -- [--minutes N]     default 30`

const columns: readonly Column[] = ['rssMib', 'heapMib', 'externalMib', 'sockets', 'timers', 'handles', 'lagMs', 'series', 'topologyLooks'] // prettier-ignore
/** Rise over the second half that is still flat; memory in MiB, or in shares of the level where that is more. */
const allowed: Readonly<Partial<Record<Column, { readonly rise: number; readonly share?: number }>>> = {
  rssMib: { rise: 5, share: 0.05 },
  heapMib: { rise: 5, share: 0.05 },
  externalMib: { rise: 5, share: 0.05 },
  sockets: { rise: 2 },
  timers: { rise: 2 },
  handles: { rise: 2 },
}
/** More than at any time in the first half. Brokers come and go, so that there is no line through them. */
const mostNewSeries = 5
/** In calm times there are 12. */
const leastLooksAMinute = 60

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '30' }, help: { type: 'boolean' } } })
if (values.help === true) console.log(help)
else process.exit((await soak(Number(values.minutes))) ? 0 : 1)

async function soak(minutes: number): Promise<boolean> {
  const cluster = await SoakCluster.start()
  const impostors = await startImpostors()
  const seeds = [...cluster.addresses, ...impostors.addresses].map((address) => `--kafka.server=${address}`)
  const exporter = await startExporter(seeds)
  const end = new AbortController()
  let acts = 0
  const acting = cluster.act(end.signal, () => acts++)
  const samples: Sample[] = []
  console.log(`process ${exporter.pid}; hostile seeds: ${impostors.names.join('; ')}`)
  console.log(`minute ${columns.map((column) => column.padStart(14)).join('')}`)
  try {
    const startedAt = performance.now()
    for (let second = 1; second <= minutes * 60; second++) {
      await sleep(Math.max(0, startedAt + second * 1_000 - performance.now()))
      samples.push(sampleOf(exporter.pid, await exporter.metrics()))
      if (second % 60 === 0) console.log(curveLine(second / 60, samples.slice(-60)))
    }
    const logLines = exporter.log().split('\n').length - 1
    console.log(
      `${acts} acts, ${samples.length} scrapes, ${logLines} log lines, exporter running: ${exporter.isRunning()}`,
    )
    return exporter.isRunning() && isFlat(samples)
  } finally {
    end.abort()
    await acting
    await exporter.stop()
    impostors.stop()
    await cluster.stop()
  }
}

/** Medians of a minute, with the range where a single moment counts; of the requests, how many. */
function curveLine(minute: number, samples: readonly Sample[]): string {
  const texts = columns.map((column) => {
    const values = columnOf(samples, column)
    if (column === 'topologyLooks') return String((values.at(-1) ?? 0) - (values[0] ?? 0))
    const isCount = column === 'sockets' || column === 'timers' || column === 'handles' || column === 'series'
    return isCount ? `${Math.min(...values)}..${Math.max(...values)}` : median(values).toFixed(1)
  })
  return `${String(minute).padStart(6)} ${texts.map((text) => text.padStart(14)).join('')}`
}

function isFlat(samples: readonly Sample[]): boolean {
  const half = samples.slice(samples.length >> 1)
  const verdicts = Object.entries(allowed).map(([name, limit]) => {
    const values = columnOf(half, name as Column)
    const level = median(values)
    const most = Math.max(limit.rise, level * (limit.share ?? 0))
    const risen = rise(values)
    const flat = values.length > 0 && risen < most
    console.log(
      `${name.padEnd(12)} ${level.toFixed(1)}, rise over the second half ${risen.toFixed(2)} of ${most.toFixed(2)}: ${flat ? 'flat' : 'GROWS'}`,
    )
    return flat
  })
  const mostSeries = [samples.slice(0, samples.length >> 1), half].map((part) => Math.max(...columnOf(part, 'series')))
  const [early = 0, late = 0] = mostSeries
  console.log(`series       ${late} at most, ${early} in the first half`)
  const looks = columnOf(samples, 'topologyLooks')
  const aMinute = (((looks.at(-1) ?? 0) - (looks[0] ?? 0)) / samples.length) * 60
  const isAlert = aMinute >= leastLooksAMinute
  console.log(`${aMinute.toFixed(0)} topology requests a minute: ${isAlert ? 'alert pace' : 'NOT ALERT PACE'}`)
  return isAlert && late <= early + mostNewSeries && verdicts.every((flat) => flat)
}
