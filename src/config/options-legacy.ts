import { duration, integer, text, toggle } from './kinds.ts'
import { inGroup, type Option } from './option.ts'

const legacy = inGroup("Accepted for kafka_exporter's sake")
const KERBEROS = { noEffect: 'Kerberos (GSSAPI) is not built yet' }
const AWS = { noEffect: 'AWS IAM is not built yet' }
const TOPOLOGY_PACE = 'brokers, topics and partitions are read every 5 s, and twice a second while they change'
const OWN_LOG = "the exporter's own log is set by --log.level"

/** kafka_exporter's flags that have nothing to do here. Who moves from there need not change a command line. */
export const LEGACY_OPTIONS = {
  'kafka.version': legacy(text('VERSION'), '', 'Each broker is asked what it speaks.', {
    noEffect: 'each broker is asked which versions it speaks',
  }),
  'kafka.allow-auto-topic-creation': legacy(toggle(), 'false', 'The exporter never creates topics.', {
    noEffect: 'the exporter never creates topics',
  }),
  'refresh.metadata': legacy(duration(), '30s', 'The paces are fixed.', { noEffect: TOPOLOGY_PACE }),
  'offset.show-all': legacy(toggle(), 'true', 'Not built yet.', {
    noEffect: 'consumer groups are not built yet',
  }),
  'concurrent.enable': legacy(toggle(), 'false', 'A scrape never asks Kafka.', {
    noEffect: 'scrapes show what is known already and ask Kafka nothing',
  }),
  'topic.workers': legacy(integer(0, 1_000_000), '100', 'One request a broker does.', {
    noEffect: 'one request to each broker covers all its partitions',
  }),
  'log.enable-sarama': legacy(toggle(), 'false', 'There is no Sarama here.', { noEffect: OWN_LOG }),
  verbosity: legacy(integer(-100, 100), '0', 'See --log.level.', { noEffect: OWN_LOG }),
  'use.consumelag.zookeeper': legacy(toggle(), 'false', 'Not built yet.', {
    noEffect: 'consumer groups are not built yet',
  }),
  'sasl.handshake': legacy(toggle(), 'true', 'The handshake is always made.', {
    noEffect: 'the SASL handshake is always made',
  }),
  'sasl.service-name': legacy(text('NAME'), '', 'Not built yet.', KERBEROS),
  'sasl.kerberos-config-path': legacy(text('FILE'), '', 'Not built yet.', KERBEROS),
  'sasl.realm': legacy(text('NAME'), '', 'Not built yet.', KERBEROS),
  'sasl.kerberos-auth-type': legacy(text('WORD'), '', 'Not built yet.', KERBEROS),
  'sasl.keytab-path': legacy(text('FILE'), '', 'Not built yet.', KERBEROS),
  'sasl.disable-PA-FX-FAST': legacy(toggle(), 'false', 'Not built yet.', KERBEROS),
  'sasl.aws-region': legacy(text('NAME'), '', 'Not built yet.', AWS),
} as const satisfies Record<string, Option>
