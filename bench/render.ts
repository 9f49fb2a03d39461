import { parseArgs } from 'node:util'
import { MeasuredProcess } from './render/child.ts'
import { Reader, type Scrape } from './render/reader.ts'
import { Report } from './render/report.ts'

const help = `Cost of /metrics for a large cluster: this exporter's real pages over synthetic facts on loopback, prom-client beside it.

  npm run bench:render -- [--partitions N] [--scrapes N] [--clients N] [--peer-scrapes N] [--check]

  --partitions N    default 100000
  --scrapes N       one after another, the cluster moving on all the while, default 1000
  --clients N       at once, default 50 (the exporter admits 40, the others get a 503)
  --peer-scrapes N  of prom-client with the same series, default 5; 0 = without it
  --check           exit code 1 when a budget is missed by more than a busy machine explains
  --help`

const { values } = parseArgs({
  options: {
    partitions: { type: 'string', default: '100000' },
    scrapes: { type: 'string', default: '1000' },
    clients: { type: 'string', default: '50' },
    'peer-scrapes': { type: 'string', default: '5' },
    check: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
/** Looks between two scrapes bring new facts, topics come and go: what is kept from scrape to scrape must not pile up. */
const moveEvery = 5
const changeTopicsEvery = 100
const atFirst = 20
const pauseMs = 2_000

if (values.help) console.log(help)
else
  await bench(Number(values.partitions), Number(values.scrapes), Number(values.clients), Number(values['peer-scrapes']))

async function bench(partitions: number, scrapes: number, clients: number, peerScrapes: number): Promise<void> {
  const ours = await MeasuredProcess.start('ours.ts', partitions)
  const report = new Report(partitions, await ours.countsSeries())
  try {
    await warmUp(ours)
    await alone(ours, report)
    await oneReader(ours, report, 'plain', false, atFirst)
    await oneReader(ours, report, 'gzip', true, atFirst)
    await overTime(ours, report, scrapes)
    await atOnce(ours, report, clients)
    await slowReaders(ours, report)
  } finally {
    ours.stop()
  }
  if (peerScrapes > 0) {
    const peer = await MeasuredProcess.start('peer.ts', partitions)
    try {
      await alone(peer, report, 'prom-client', peerScrapes)
      await oneReader(peer, report, 'prom-client', false, peerScrapes)
    } finally {
      peer.stop()
    }
  }
  report.print()
  if (values.check && report.missed.length > 0) process.exitCode = 1
}

async function warmUp(server: MeasuredProcess): Promise<void> {
  const reader = new Reader(server.port)
  for (let i = 0; i < 5; i++) await reader.scrape({ gzip: i % 2 === 0 })
  reader.close()
}

/** Without web server and sockets. */
async function alone(server: MeasuredProcess, report: Report, of = 'ours', times = atFirst): Promise<void> {
  const all = []
  for (let i = 0; i < times; i++) all.push(await server.renders())
  report.rendered(of, all)
}

async function oneReader(
  server: MeasuredProcess,
  report: Report,
  name: string,
  gzip: boolean,
  times: number,
): Promise<void> {
  const reader = new Reader(server.port)
  await server.read()
  const done: Scrape[] = []
  for (let i = 0; i < times; i++) done.push(await reader.scrape({ gzip }))
  report.scraped(name, done, await server.read())
  reader.close()
}

/** What the process weighs after the first scrapes and after the last. */
async function overTime(server: MeasuredProcess, report: Report, scrapes: number): Promise<void> {
  const reader = new Reader(server.port)
  const weights: number[] = []
  const done: Scrape[] = []
  let peakRssBytes = 0
  for (let i = 1; i <= scrapes; i++) {
    await server.tell(i % changeTopicsEvery === 0 ? 'change-topics' : i % moveEvery === 0 ? 'move' : 'nothing')
    done.push(await reader.scrape({ gzip: true }))
    if (i % Math.ceil(scrapes / 10) === 0) {
      peakRssBytes = Math.max(peakRssBytes, (await server.read()).peakRssBytes)
      await server.tell('collect-garbage')
      weights.push((await server.read()).rssBytes)
    }
  }
  reader.close()
  report.grew(done, weights, peakRssBytes)
}

async function atOnce(server: MeasuredProcess, report: Report, clients: number): Promise<void> {
  for (const gzip of [false, true]) {
    const readers = Array.from({ length: clients }, () => new Reader(server.port))
    await server.read()
    const done = await Promise.all(readers.map((reader) => reader.scrape({ gzip })))
    report.scraped(`${clients} at once${gzip ? ', gzip' : ''}`, done, await server.read())
    for (const reader of readers) reader.close()
  }
}

/** They take the first bytes and then nothing for a while: what they do not read must not be made. */
async function slowReaders(server: MeasuredProcess, report: Report): Promise<void> {
  const readers = Array.from({ length: 20 }, () => new Reader(server.port))
  await server.tell('collect-garbage')
  await server.read()
  const done = await Promise.all(readers.map((reader) => reader.scrape({ pauseMs })))
  report.scraped(`20 that pause ${pauseMs / 1000} s`, done, await server.read())
  for (const reader of readers) reader.close()
}
