import type { Config, ValidatedConfig } from './config.ts'
import { type Desk, openDesk } from './desk.ts'
import { parseEnvironment } from './environment.ts'
import { parseConfigFile } from './file.ts'
import { type Flags, parseFlags } from './flags.ts'
import { type Given, type Reading } from './given.ts'
import { clientTls, sasl } from './kafka-side.ts'
import { logsSide } from './logs-side.ts'
import { type OptionName, optionNamed } from './options.ts'
import { directoryAt, type IsDirectory, type ReadFile, readSmallFile, readText } from './read-file.ts'
import { parseSettings } from './schema.ts'
import { isWrong, show } from './text.ts'
import { zookeeperSide } from './zookeeper-side.ts'
import { webSide } from './web-side.ts'
import { parseYaml } from './yaml.ts'

export type Loaded =
  | {
      readonly ok: true
      /** `check` = say what is configured and exit. */
      readonly action: 'run' | 'check'
      readonly config: ValidatedConfig
      /** One sentence each: settings without an effect. */
      readonly warnings: readonly string[]
    }
  | { readonly ok: true; readonly action: 'help' | 'version' }
  /** Every problem on a line of its own. */
  | { readonly ok: false; readonly message: string }

/**
 * Reads the command line (without the program's name), the environment and the file that one of them names: a flag overrides
 * the environment, which overrides the file, which overrides the default. Never throws, and never repeats a secret.
 */
export function loadConfig(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  readFile: ReadFile = readSmallFile,
  isDirectory: IsDirectory = directoryAt,
): Loaded {
  const flags = parseFlags(argv)
  if (flags.asks) return { ok: true, action: flags.asks }
  const environment = parseEnvironment(env)
  const file = readConfigFile(flags, environment, readFile)
  const given = new Map([...file.given, ...environment.given, ...flags.given])
  const { settings, bad, problems: badValues } = parseSettings(given)

  const problems = [...flags.problems, ...environment.problems, ...file.problems, ...badValues]
  const warnings = [...given].flatMap(([name, { origin }]) => noEffect(name, origin) ?? [])
  const config = assemble(openDesk(settings, given, bad, { readFile, isDirectory }, { problems, warnings }))
  if (problems.length > 0) return { ok: false, message: [...new Set(problems)].join('\n') }
  return {
    ok: true,
    action: settings['config.check'] ? 'check' : 'run',
    config: freeze(config) as ValidatedConfig,
    warnings,
  }
}

function readConfigFile(flags: Flags, environment: Reading, readFile: ReadFile): Reading {
  const named: Given | undefined = flags.given.get('config.file') ?? environment.given.get('config.file')
  const nothing = { given: new Map<OptionName, Given>(), problems: [] }
  if (typeof named?.value !== 'string' || named.value === '') return nothing
  const read = readText(named.value, readFile)
  if (isWrong(read)) return { ...nothing, problems: [`${named.origin}: ${read.wrong}`] }
  const yaml = parseYaml(read.text)
  if (isWrong(yaml)) return { ...nothing, problems: [`${named.origin}: ${show(named.value)} ${yaml.wrong}`] }
  return parseConfigFile(yaml.value, named.value)
}

function noEffect(name: OptionName, origin: string): string | undefined {
  const reason = optionNamed(name).noEffect
  return reason === undefined ? undefined : `${origin} has no effect: ${reason}`
}

/** The checks across options, and the shape that the rest of the program sees. */
function assemble(desk: Desk): Config {
  const { settings } = desk
  const logs = logsSide(desk)
  const asksZooKeeper = settings['zookeeper.server'].servers.length > 0
  return {
    kafka: {
      servers: settings['kafka.server'],
      clientId: settings['kafka.client-id'],
      brokerRetentionMs: settings['kafka.broker-retention'],
      tls: clientTls(desk, 'tls.'),
      sasl: sasl(desk),
      controllers: settings['kafka.controller'],
    },
    zookeeper: zookeeperSide(desk),
    logs,
    labels: settings['kafka.labels'],
    topics: { filter: settings['topic.filter'], exclude: settings['topic.exclude'] },
    groups: { filter: settings['group.filter'], exclude: settings['group.exclude'] },
    sources: {
      liveness: true,
      topology: true,
      offsets: settings['source.offsets'],
      reassignments: settings['source.reassignments'],
      configs: settings['source.configs'],
      quorum: settings['source.quorum'],
      elr: settings['source.elr'],
      zookeeper: settings['source.zookeeper'] && asksZooKeeper,
      sessions: settings['source.sessions'] && asksZooKeeper,
      znodes: settings['source.znodes'] && asksZooKeeper,
      logs: settings['source.logs'] && logs.kafka.length + logs.zookeeper.length > 0,
    },
    web: { listen: settings['web.listen-address'], telemetryPath: settings['web.telemetry-path'], ...webSide(desk) },
    log: { level: settings['log.level'], format: settings['log.format'] },
  }
}

/** Freezes plain objects and lists all the way down. */
function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return value
  Object.values(value).forEach(freeze)
  return Object.freeze(value)
}
