import { parseArgs } from 'node:util'
import type { Whitelist } from './coordinators/zookeeper-sampler.ts'
import type { Mode } from '../types.ts'
import { nearest } from './nearest.ts'
import type { Scenario } from './scenario.ts'

const OPTIONS = {
  kafka: { type: 'string', multiple: true },
  'session-timeout': { type: 'string' },
  json: { type: 'string' },
  set: { type: 'string' },
  whitelist: { type: 'string' },
  minutes: { type: 'string' },
  kraft: { type: 'boolean' },
  'no-exporter': { type: 'boolean' },
  list: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

export const HELP = `npm run drill -- [options] SCENARIO... | all

Runs scenarios on a real cluster with the exporter watching it, and compares them second by second.

  --kafka VERSION        Kafka version, repeatable (default 2.6.0; of "all": 2.6.0 and 3.9.1)
  --session-timeout MS   zookeeper.session.timeout.ms, with KRaft broker.session.timeout.ms (default 9000; with ZooKeeper 18000 on 2.x; on others 6000, or 12000 where nodes are cut off)
  --kraft                without ZooKeeper (from Kafka 4 on always); scenarios that need it run on 4.1.1 unless --kafka says otherwise
  --set core|wide        of "all": only these
  --whitelist all|default  four-letter words that ZooKeeper's servers answer: all (default), or srvr alone as they do unless told otherwise
  --minutes N            how long it is calm in CALM (default 10)
  --json FILE            writes a report for machines, anew after each drill
  --no-exporter          truth only: what Kafka itself says, for developing scenarios
  --list                 lists the scenarios
  --help                 this text

Exit code 0: every assertion held; 1: one did not, or a drill could not be run; 2: wrong usage.`

export const MATRIX: readonly string[] = ['2.6.0', '3.9.1']
const KRAFT_VERSION = '4.1.1'
/** Kafka's own. */
const KRAFT_SESSION_MS = 9_000
const CALM_MS = 600_000

export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export interface Options {
  readonly mode: 'run' | 'list' | 'help'
  readonly scenarios: readonly Scenario[]
  /** Empty: what the scenario needs. */
  readonly kafka: readonly string[]
  /** All of them: on every version. */
  readonly isMatrix: boolean
  readonly sessionTimeoutMs: number | undefined
  readonly json: string | undefined
  readonly whitelist: Whitelist
  readonly calmMs: number
  readonly withKraft: boolean
  readonly withExporter: boolean
}

function unknown(what: string, name: string, known: readonly string[]): UsageError {
  return new UsageError(`no ${what} ${name}; the nearest is ${nearest(name, known) ?? 'none'}`)
}

function choose(names: readonly string[], set: string | undefined, all: readonly Scenario[]): readonly Scenario[] {
  if (set !== undefined && set !== 'core' && set !== 'wide') throw unknown('set', set, ['core', 'wide'])
  if (names.length === 1 && names[0] === 'all') return all.filter((one) => set === undefined || one.set === set)
  if (set !== undefined) throw new UsageError('--set chooses from "all"')
  return names.map((name) => {
    const found = all.find((one) => one.name.toLowerCase() === name.toLowerCase())
    if (found === undefined) throw unknown('scenario', name, [...all.map((one) => one.name), 'all'])
    return found
  })
}

export function parseOptions(argv: readonly string[], all: readonly Scenario[]): Options {
  const known = Object.keys(OPTIONS)
  const loose = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, strict: false, tokens: true })
  for (const token of loose.tokens) {
    if (token.kind === 'option' && !known.includes(token.name))
      throw unknown(
        'option',
        token.rawName,
        known.map((n) => `--${n}`),
      )
  }
  const { values, positionals } = parseStrictly(argv)
  const mode = values.help === true ? 'help' : values.list === true ? 'list' : 'run'
  if (mode === 'run' && positionals.length === 0) throw new UsageError('which scenario? --list shows them')
  const timeout = values['session-timeout']
  if (timeout !== undefined && !/^[1-9]\d*$/.test(timeout))
    throw new UsageError(`--session-timeout ${timeout}: not milliseconds`)
  const { whitelist = 'all' } = values
  if (whitelist !== 'all' && whitelist !== 'default') throw unknown('whitelist', whitelist, ['all', 'default'])
  return {
    mode,
    scenarios: choose(positionals, values.set, all),
    kafka: values.kafka ?? [],
    isMatrix: positionals[0] === 'all',
    sessionTimeoutMs: timeout === undefined ? undefined : Number(timeout),
    json: values.json,
    whitelist,
    calmMs: calmMsOf(values.minutes),
    withKraft: values.kraft === true,
    withExporter: values['no-exporter'] !== true,
  }
}

function calmMsOf(minutes: string | undefined): number {
  const ms = minutes === undefined ? CALM_MS : Number(minutes) * 60_000
  if (!(ms > 0 && ms <= 86_400_000)) throw new UsageError(`--minutes ${minutes}: not minutes`)
  return ms
}

function parseStrictly(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** Those that were asked for, or else the newest with KRaft, or the user's, or, of `all`, his and the newest with ZooKeeper. */
export function versionsFor(scenario: Scenario, { kafka, isMatrix, withKraft }: Options): readonly string[] {
  if (kafka.length > 0) return kafka
  if (scenario.mode === 'kraft' || withKraft) return [KRAFT_VERSION]
  return isMatrix ? MATRIX : MATRIX.slice(0, 1)
}

/** The user's 18 s on his versions; elsewhere 6 s, which saves minutes and hides nothing. */
export function sessionTimeoutOf(
  scenario: Scenario,
  kafka: string,
  given: number | undefined,
  mode: Mode = 'zookeeper',
): number {
  if (mode === 'kraft') return given ?? scenario.sessionTimeoutMs ?? KRAFT_SESSION_MS
  // Whose ZooKeeper server is cut off looks for another one after two thirds of its time-out: with 6 s sessions the broker
  // that is still there sometimes loses its own session, too, and Kafka fails over to the one that is gone.
  const short = scenario.plan === 'namespaces' ? 12_000 : 6_000
  return given ?? scenario.sessionTimeoutMs ?? (kafka.startsWith('2.') ? 18_000 : short)
}
