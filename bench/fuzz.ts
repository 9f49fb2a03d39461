import { parseArgs } from 'node:util'
import { decoderCase, newTally, truncated, type Tally } from '../test/fuzz/decoders.ts'
import { HostileServer } from '../test/fuzz/exchanges.ts'
import { streamCase } from '../test/fuzz/streams.ts'
import { targets } from '../test/fuzz/targets.ts'

const help = `Hostile replies at every decoder, hostile streams at the framer, hostile brokers at connections. Each case has its
own generator: a violation names its seed and number, which --case runs again alone. Exits with 1 on any violation.

  npm run bench:fuzz -- [--cases N] [--seed N] [--case N]

  --cases N   default 1000000; of these 1 % are exchanges over real sockets, 14 % streams, the others replies
  --seed N    default 1
  --case N    this one only, of each kind`

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    case: { type: 'string' },
    help: { type: 'boolean' },
  },
})
/** Memory that may stay when all is over, in MiB: compiled code, and what the allocator does not give back. */
const mostGrowthMib = 64
/** Connections under way at once. */
const atOnce = 64
const seed = Number(values.seed)
let peak = 0

if (values.help === true) console.log(help)
else process.exitCode = (await fuzz()) ? 0 : 1

async function fuzz(): Promise<boolean> {
  const only = values.case === undefined ? undefined : Number(values.case)
  const cases = Number(values.cases)
  const server = await HostileServer.start()
  const exchanges = (number: number, tally: Tally): Promise<void> => server.run(seed, number, tally)
  const replies = (number: number, tally: Tally): void => decoderCase(targets, seed, number, tally)
  const streams = (number: number, tally: Tally): void => streamCase(seed, number, tally)
  if (only !== undefined) {
    const tally = newTally()
    replies(only, tally)
    streams(only, tally)
    await exchanges(only, tally)
    await server.stop()
    for (const violation of tally.violations) console.log(violation)
    console.log(`${tally.violations.length} violations`)
    return tally.violations.length === 0
  }
  // Once through everything first, so that compiled code does not count as growth.
  await inTurn(Math.min(cases, 20_000), replies, newTally())
  await inTurn(Math.min(cases, 2_000), streams, newTally())
  await sideBySide(Math.min(cases, 500), exchanges, newTally())
  const before = rssMib()
  peak = before
  const cuts = newTally()
  for (const target of targets) truncated(target, cuts)
  const tallies = [
    await timed('replies, cut at every length', cuts, () => Promise.resolve()),
    await timed('replies, mutated', newTally(), (tally) => inTurn(Math.round(cases * 0.85), replies, tally)),
    await timed('streams', newTally(), (tally) => inTurn(Math.round(cases * 0.14), streams, tally)),
    await timed('exchanges', newTally(), (tally) => sideBySide(Math.round(cases * 0.01), exchanges, tally)),
  ]
  await server.stop()
  const after = rssMib()
  console.log(`RSS ${before.toFixed(0)} MiB before, ${after.toFixed(0)} after, ${peak.toFixed(0)} at most`)
  const violations = tallies.flatMap((tally) => tally.violations)
  for (const violation of violations.slice(0, 20)) console.log(violation)
  const total = tallies.reduce((sum, tally) => sum + tally.cases, 0)
  console.log(`${total} cases of seed ${seed}, ${violations.length} violations`)
  return violations.length === 0 && after - before < mostGrowthMib
}

async function inTurn(count: number, run: (number: number, tally: Tally) => void, tally: Tally): Promise<void> {
  for (let number = 0; number < count; number++) {
    run(number, tally)
    if (number % 1_000 === 0) {
      peak = Math.max(peak, process.memoryUsage.rss() / 1024 / 1024)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}

async function sideBySide(
  count: number,
  run: (number: number, tally: Tally) => Promise<void>,
  tally: Tally,
): Promise<void> {
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < count) {
      await run(next++, tally)
      peak = Math.max(peak, process.memoryUsage.rss() / 1024 / 1024)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

async function timed(name: string, tally: Tally, work: (tally: Tally) => Promise<void>): Promise<Tally> {
  const startedAt = performance.now()
  await work(tally)
  const seconds = (performance.now() - startedAt) / 1_000
  const speed = seconds < 0.01 ? '' : `, ${Math.round(tally.cases / seconds)} cases/s`
  console.log(
    `${name}: ${tally.cases} cases${speed}, ${tally.values} values, ${tally.failures} failures, ` +
      `slowest ${tally.slowestMs.toFixed(1)} ms${tally.slowest && ` (${tally.slowest})`}, ` +
      `${(tally.largestBytes / 1024).toFixed(0)} KiB at most`,
  )
  return tally
}

/** After a collection, where the process was started so that it can ask for one. */
function rssMib(): number {
  globalThis.gc?.()
  return process.memoryUsage.rss() / 1024 / 1024
}
