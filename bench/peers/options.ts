import { parseArgs } from 'node:util'

export const HELP = `kafka-ha-exporter and kafka_exporter side by side on one real cluster (three ZooKeeper servers, three brokers, RF 2): time,
requests, CPU and memory, healthy and with two of three brokers killed. Takes about seven minutes.

  npm run bench:peers -- --peer PATH [options]

  --peer PATH         the kafka_exporter binary
  --kafka VERSION     default 3.9.1
  --topics N          default 500
  --partitions N      of each topic, default 8
  --rounds N          scrapes of each while healthy, one every 15 s, default 4; in the outage two less
  --json FILE         writes every figure for machines
  --check             exit code 1 when a budget is missed
  --help              this text

Exit code 2: wrong usage; 1: it could not be run, or with --check a budget was missed.`

export interface Options {
  readonly peer: string
  readonly kafka: string
  readonly topics: number
  readonly partitions: number
  readonly rounds: number
  readonly json: string | undefined
  readonly check: boolean
}

export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export function parseOptions(argv: readonly string[]): Options | 'help' {
  const { peer, kafka, topics, partitions, rounds, json, check, help } = parseStrictly(argv)
  if (help === true) return 'help'
  if (peer === undefined) throw new UsageError('--peer PATH of a kafka_exporter binary is needed')
  return {
    peer,
    kafka,
    topics: count('topics', topics),
    partitions: count('partitions', partitions),
    rounds: count('rounds', rounds),
    json,
    check: check === true,
  }
}

function count(name: string, text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new UsageError(`--${name} ${text}: not a number from 1 to 999999`)
  return Number(text)
}

function parseStrictly(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        peer: { type: 'string' },
        kafka: { type: 'string', default: '3.9.1' },
        topics: { type: 'string', default: '500' },
        partitions: { type: 'string', default: '8' },
        rounds: { type: 'string', default: '4' },
        json: { type: 'string' },
        check: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}
