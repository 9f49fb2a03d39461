import { parseArgs } from 'node:util'
import { modeOf } from '../cluster.ts'
import { DEFAULT_VERSIONS, defaultVersion } from '../distribution.ts'
import type { ClusterOptions } from '../types.ts'
import { rolesOf } from '../units.ts'
import { parseScript, type Command } from './commands.ts'
import { HELP as COMMANDS } from './session.ts'

export const HELP = `A real cluster on this machine (3 ZooKeeper servers or KRaft controllers, 3 Kafka brokers, all on 127.0.0.1), the
exporter on it, and commands to break it with; what changes on /metrics is printed as it changes.

  npm run demo -- [--kafka VERSION] [--kraft | --separate-controllers] [--with-monitoring]
                  [--script "COMMAND; COMMAND; ..."]

  --kafka VERSION   2.6.0, 3.9.1 or 4.1.1, say; default: the version of KAFKA_HOME, else ${DEFAULT_VERSIONS.zookeeper},
                    without ZooKeeper ${DEFAULT_VERSIONS.kraft}
  --kraft           without ZooKeeper, the controllers within the brokers (from Kafka 4 on always)
  --separate-controllers
                    the same, the controllers beside the brokers: their quorum outlives two brokers
  --with-monitoring Prometheus with the alert rules, and Alertmanager, if they are installed; alerts are printed, too
  --script TEXT     does these commands and ends, without asking anything
  --exporter FILE   another build of the exporter than dist/main.js
  --help            this text

Commands:
${COMMANDS}

  npm run demo -- --script "kill kafka1; wait 20; start kafka1; wait 5"`

export interface Wish {
  readonly cluster: Pick<ClusterOptions, 'kafka' | 'mode' | 'controllers'>
  /** Undefined: ask at the prompt. */
  readonly script: readonly Command[] | undefined
  readonly exporter: string
  readonly withMonitoring: boolean
}

/** Undefined for --help. Throws on what it does not understand, a script included. */
export function parseCommandLine(args: readonly string[], exporter: string): Wish | undefined {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args: [...args],
    options: {
      kafka: text,
      kraft: { type: 'boolean' },
      'separate-controllers': { type: 'boolean', default: false },
      script: text,
      exporter: { ...text, default: exporter },
      'with-monitoring': { type: 'boolean', default: false },
      help: { type: 'boolean' },
    },
  })
  if (values.help === true) return undefined
  const isSeparate = values['separate-controllers']
  const isKraft = values.kraft === true || isSeparate
  const kafka = values.kafka ?? defaultVersion(isKraft ? 'kraft' : 'zookeeper')
  const mode = modeOf(isKraft ? { kafka, mode: 'kraft' } : { kafka })
  const cluster = { kafka, mode, ...(isSeparate ? { controllers: 'separate' as const } : {}) }
  const script = values.script === undefined ? undefined : parseScript(values.script, rolesOf(mode, isSeparate))
  return { cluster, script, exporter: values.exporter, withMonitoring: values['with-monitoring'] }
}
