import { execFile } from 'node:child_process'
import { parseArgs, promisify } from 'node:util'
import { measure, type Refresh, type Row } from './refresh/row.ts'
import { scenarios, type Scenario } from './refresh/scenarios.ts'

const help = `What a refresh of topology and offsets costs: the built exporter's own sources and store against a fake cluster in a
process of its own. Each row is a process, so that none pays for what another left behind.

  npm run bench:refresh -- [--partitions N[,N...]] [--brokers N] [--versions 2.6|3.9] [--scenario NAME] [--rounds N] [--check]

  --partitions LIST   default 100000,200000
  --brokers N         default 12
  --versions V        whose api versions the fake speaks, default 3.9
  --scenario NAME     only this one
  --rounds N          refreshes that are measured, default 10
  --check             exit code 1 when a refresh asks more than 1 Metadata (from all while brokers differ) and 2 ListOffsets to
                      each leader and 1 probe a broker, or computes for more than 10 % of the calm pace of 5 s

Scenarios:
${scenarios.map(({ name, says }) => `  ${name.padEnd(18)}${says}`).join('\n')}

Columns: wall and CPU time of a refresh, CPU time of the longest turn of the event loop, what the sources noted as busy
(medians, with the worst in brackets); requests of a refresh; resident memory, with some 60 MB for the bench's own loader.`

const calmMs = 5_000
const mostComputing = 0.1

const { values } = parseArgs({
  options: {
    partitions: { type: 'string', default: '100000,200000' },
    brokers: { type: 'string', default: '12' },
    versions: { type: 'string', default: '3.9' },
    scenario: { type: 'string' },
    rounds: { type: 'string', default: '10' },
    check: { type: 'boolean', default: false },
    /** One row, as JSON. */
    row: { type: 'boolean', default: false },
    help: { type: 'boolean' },
  },
})
const brokers = Number(values.brokers)
if (values.help === true) console.log(help)
else if (values.row) console.log(JSON.stringify(await row()))
else if (!(await table()) && values.check) process.exitCode = 1
process.exit()

function row(): Promise<Row> {
  const scenario = scenarios.find(({ name }) => name === values.scenario)
  if (scenario === undefined) throw new Error(`no scenario ${values.scenario}`)
  const shape = { brokers, partitions: Number(values.partitions), versions: values.versions }
  return measure(scenario, shape, Number(values.rounds))
}

/** Whether every row keeps its budget. */
async function table(): Promise<boolean> {
  const chosen = scenarios.filter(({ name }) => values.scenario === undefined || name === values.scenario)
  if (chosen.length === 0) throw new Error(`no scenario ${values.scenario}`)
  let kept = true
  console.log(
    'partitions  scenario    wall ms        CPU ms         gap ms         busy ms        Metadata ListOffsets probes RSS MB',
  )
  for (const partitions of values.partitions.split(',')) {
    for (const scenario of chosen) {
      const measured = await inProcessOfItsOwn(partitions, scenario.name)
      console.log(line(partitions, scenario, measured))
      for (const broken of brokenBudgets(scenario, measured)) {
        kept = false
        console.log(`  over budget: ${broken}`)
      }
    }
  }
  return kept
}

async function inProcessOfItsOwn(partitions: string, scenario: string): Promise<Row> {
  const { brokers, versions, rounds } = values
  const flags = Object.entries({ partitions, scenario, brokers, versions, rounds }).map(([name, value]) => `--${name}=${value}`) // prettier-ignore
  const args = [...process.execArgv, new URL(import.meta.url).pathname, '--row', ...flags]
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 300_000 })
  return JSON.parse(stdout) as Row
}

function line(partitions: string, { name }: Scenario, { refreshes, rss }: Row): string {
  const times = (['wall', 'cpu', 'gap', 'busy'] as const).map((key) => {
    const sorted = refreshes.map((one) => one[key]).toSorted((a, b) => a - b)
    return `${(sorted[sorted.length >> 1] ?? 0).toFixed(1)} (${(sorted.at(-1) ?? 0).toFixed(1)})`.padEnd(15)
  })
  const counts = [most(refreshes, 'metadata'), most(refreshes, 'listOffsets'), most(refreshes, 'probes')]
  const [metadata = 0, listOffsets = 0, probes = 0] = counts
  const asked = `${String(metadata).padEnd(9)}${String(listOffsets).padEnd(12)}${String(probes).padEnd(7)}`
  return `${partitions.padEnd(12)}${name.padEnd(12)}${times.join('')}${asked}${(rss / 1e6).toFixed(0)}`
}

function brokenBudgets(scenario: Scenario, { refreshes, known }: Row): readonly string[] {
  const { metadata, leaders } = scenario.budget(brokers)
  const cpu = refreshes.reduce((sum, one) => sum + one.cpu, 0) / refreshes.length
  const checks: readonly (readonly [boolean, string])[] = [
    [known > 0, 'no offsets at all'],
    [most(refreshes, 'metadata') === metadata, `${metadata} Metadata`],
    [most(refreshes, 'listOffsets') === 2 * leaders, `${2 * leaders} ListOffsets`],
    [most(refreshes, 'probes') <= brokers, `${brokers} probes`],
    [cpu <= calmMs * mostComputing, `${calmMs * mostComputing} ms of CPU`],
  ]
  return checks.filter(([kept]) => !kept).map(([, budget]) => budget)
}

function most(refreshes: readonly Refresh[], key: 'metadata' | 'listOffsets' | 'probes'): number {
  return Math.max(...refreshes.map((one) => one[key]))
}
