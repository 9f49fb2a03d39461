import { checkClientId, checkTelemetryPath, checkUrl } from './checks.ts'
import { logPaths, checkPositions, checkTimeZone } from './kinds-logs.ts'
import { adminServers, ensemble, someAddresses } from './kinds-quorum.ts'
import {
  addresses,
  alwaysOn,
  duration,
  labels,
  listenAddress,
  oneOf,
  pattern,
  secret,
  text,
  toggle,
  words,
} from './kinds.ts'
import { LEGACY_OPTIONS } from './options-legacy.ts'
import { GROUPS, inGroup, type Option } from './option.ts'

const [kafka, zookeeper, logs, tls, sasl, names, web, log, config] = GROUPS.map(inGroup) as Rows
type Rows = [Row, Row, Row, Row, Row, Row, Row, Row, Row]
type Row = ReturnType<typeof inGroup>

const GROUPS_LATER = { noEffect: 'consumer groups are not built yet' }

const mechanism = oneOf(['plain', 'scram-sha-256', 'scram-sha-512', 'oauthbearer', 'gssapi', 'awsiam'], {
  '': 'plain',
  'scram-sha256': 'scram-sha-256',
  'scram-sha512': 'scram-sha-512',
})

/** Every option, in the order of `--help`. The schema, the flags, the environment, the file and the help come from this table. */
export const OPTIONS = {
  'kafka.server': kafka(addresses(9092), 'kafka:9092', 'Broker to ask first; the others are found through it.'),
  'kafka.controller': kafka(
    someAddresses(9093),
    '',
    'KRaft controller to ask directly for the quorum, with the TLS and SASL of the brokers; without it, brokers are asked, which cannot tell while the quorum is lost.',
  ),
  'kafka.labels': kafka(labels(), '', 'Constant labels for every series.'),
  'kafka.client-id': kafka(text('ID', checkClientId), 'kafka-ha-exporter', "Its name in the brokers' logs and quotas."),
  'kafka.broker-retention': kafka(duration(), '24h', 'How long a broker that is gone stays expected.'),
  'source.liveness': kafka(
    alwaysOn('every verdict rests on which brokers answer'),
    'true',
    'Ask each broker whether it answers; cannot be switched off.',
  ),
  'source.topology': kafka(
    alwaysOn('every verdict rests on the partitions and their replicas'),
    'true',
    'Read brokers, topics and partitions; cannot be switched off.',
  ),
  'source.offsets': kafka(toggle(), 'true', "Read each partition's oldest and newest offset."),
  'source.reassignments': kafka(toggle(), 'true', 'Read which reassignments are under way.'),
  'source.configs': kafka(toggle(), 'true', 'Read the settings that decide how topics and brokers fail over.'),
  'source.quorum': kafka(toggle(), 'true', "Read KRaft's quorum."),
  'source.elr': kafka(
    toggle(),
    'true',
    'Read the eligible leader replicas of unhealthy partitions (Kafka 4.0 and newer).',
  ),

  'zookeeper.server': zookeeper(
    ensemble(2181),
    '',
    "Every server of the ensemble; after the last, Kafka's root in it as in zookeeper.connect: zk3:2181/kafka.",
  ),
  'zookeeper.admin-server': zookeeper(
    adminServers(),
    '',
    "A server's AdminServer, http://HOST:8080, for what its four-letter whitelist refuses.",
  ),
  'zookeeper.per-namespace': zookeeper(
    toggle(),
    'false',
    "Show what servers count for each name below ZooKeeper's root (zk_*_per_namespace).",
  ),
  'zookeeper.tls.enabled': zookeeper(toggle(), 'false', 'Connect to the ensemble with TLS.'),
  'zookeeper.tls.server-name': zookeeper(
    text('NAME'),
    '',
    "Name that the servers' certificates must bear, if not their host's.",
  ),
  'zookeeper.tls.ca-file': zookeeper(text('FILE'), '', "Authorities to trust (PEM), in place of Node's own."),
  'zookeeper.tls.cert-file': zookeeper(text('FILE'), '', 'Client certificate (PEM).'),
  'zookeeper.tls.key-file': zookeeper(text('FILE'), '', "The certificate's private key (PEM, not encrypted)."),
  'zookeeper.tls.insecure-skip-tls-verify': zookeeper(toggle(), 'false', "Do not verify the servers' certificates."),
  'source.zookeeper': zookeeper(toggle(), 'true', 'Ask each server for its state with a four-letter word.'),
  'source.sessions': zookeeper(toggle(), 'true', 'Read which broker hangs on which session, and when it ends.'),
  'source.znodes': zookeeper(
    toggle(),
    'true',
    "Read the brokers' registrations and the controller through a session of its own.",
  ),

  'logs.kafka': logs(
    logPaths(),
    '',
    "Log of a broker or KRaft controller to follow: a path, a glob as in '/var/log/kafka/*.log', or - for standard input.",
  ),
  'logs.zookeeper': logs(logPaths(), '', "The same for a ZooKeeper server's."),
  'logs.positions': logs(
    text('PATH', checkPositions),
    '',
    'File in which to remember how far the logs were read, so that a restart goes on from there.',
  ),
  'logs.from-start': logs(
    toggle(),
    'false',
    'Read logs from their beginning that are found at the first start; without it from their end.',
  ),
  'logs.time-zone': logs(
    text('ZONE', checkTimeZone),
    '',
    "Time zone of the logs' times that bear none, as in Europe/Berlin or +02:00; without it this machine's.",
  ),
  'source.logs': logs(toggle(), 'true', 'Follow the logs.'),

  'tls.enabled': tls(toggle(), 'false', 'Connect to the brokers with TLS.'),
  'tls.server-name': tls(text('NAME'), '', "Name that the brokers' certificates must bear, if not their host's."),
  'tls.ca-file': tls(text('FILE'), '', "Authorities to trust (PEM), in place of Node's own."),
  'tls.cert-file': tls(text('FILE'), '', 'Client certificate (PEM).'),
  'tls.key-file': tls(text('FILE'), '', "The certificate's private key (PEM, not encrypted)."),
  'tls.insecure-skip-tls-verify': tls(toggle(), 'false', "Do not verify the brokers' certificates."),

  'sasl.enabled': sasl(toggle(), 'false', 'Authenticate to the brokers with SASL.'),
  'sasl.mechanism': sasl(mechanism, '', 'plain (when empty), scram-sha256, scram-sha512 or oauthbearer.'),
  'sasl.username': sasl(text('NAME'), '', "User, or oauthbearer's client id."),
  'sasl.password': sasl(secret('SECRET'), '', "Its password, or oauthbearer's client secret.", {
    alias: 'SASL_USER_PASSWORD',
  }),
  'sasl.oauthbearer-token-url': sasl(text('URL', checkUrl), '', 'Where to fetch tokens (client credentials grant).'),
  'sasl.oauthbearer-scopes': sasl(words('SCOPE'), '', 'Scopes to ask for.'),

  'topic.filter': names(pattern(), '.*', "Topics to show; Go's syntax, matches anywhere in the name."),
  'topic.exclude': names(pattern(), '^$', 'Topics to leave out.'),
  'group.filter': names(pattern(), '.*', 'Consumer groups to show; not built yet.', GROUPS_LATER),
  'group.exclude': names(pattern(), '^$', 'Consumer groups to leave out; not built yet.', GROUPS_LATER),

  'web.listen-address': web(listenAddress(), ':10308', 'Where to serve; without a host: on every interface.'),
  'web.telemetry-path': web(text('PATH', checkTelemetryPath), '/metrics', 'Path of the metrics.'),
  'web.config.file': web(text('FILE'), '', "TLS and basic auth as in exporter-toolkit's file."),
  'server.tls.enabled': web(toggle(), 'false', 'Serve with TLS.'),
  'server.tls.mutual-auth-enabled': web(toggle(), 'false', 'Serve only clients with a certificate.'),
  'server.tls.ca-file': web(text('FILE'), '', "The clients' authorities (PEM)."),
  'server.tls.cert-file': web(text('FILE'), '', 'Certificate to serve with (PEM).'),
  'server.tls.key-file': web(text('FILE'), '', "The certificate's private key (PEM, not encrypted)."),

  'log.level': log(oneOf(['debug', 'info', 'warn', 'error']), 'info', 'debug, info, warn or error.'),
  'log.format': log(oneOf(['logfmt', 'json']), 'logfmt', 'logfmt or json.'),

  'config.file': config(text('FILE'), '', 'YAML file; environment and flags override it.', { notInFile: true }),
  'config.check': config(toggle(), 'false', 'Check the configuration, print it and exit.', { notInFile: true }),

  ...LEGACY_OPTIONS,
} as const satisfies Record<string, Option>

export type OptionName = keyof typeof OPTIONS

export const OPTION_NAMES = Object.keys(OPTIONS) as OptionName[]

export function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(OPTIONS, name)
}

/** The option as the loosely typed record that readers of all options need. */
export function optionNamed(name: OptionName): Option {
  return OPTIONS[name]
}

/** `KAFKA_HA_KAFKA_CLIENT_ID` for `kafka.client-id`. */
export function environmentName(name: OptionName): string {
  return `KAFKA_HA_${name.replaceAll(/[.-]/g, '_').toUpperCase()}`
}
