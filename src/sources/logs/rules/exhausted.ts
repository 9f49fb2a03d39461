import type { LogComponent } from '../../../model/log-event.ts'
import type { Rule } from '../rule.ts'

// Where an exception's line begins; what it says is anywhere behind.
const exceptions = ['java.lang.', 'java.io.', 'java.net.', 'java.nio.', 'Caused by: java.', 'Exception in thread ']

const bareOf = (pattern: RegExp): Rule['wordings'] => exceptions.map((begins) => ({ begins, pattern, bare: true }))

/** What a process has run out of: told by exceptions and by the JVM itself, in lines without a time. */
function exhausted(
  component: LogComponent,
  name: string,
  more: Partial<Record<'oom' | 'fd', Rule['wordings']>>,
  examples: Partial<Record<'oom' | 'fd', Rule['examples']>>,
): Rule[] {
  const once = { by: [], withinMs: 1_000 } as const
  return [
    {
      event: `${name}_oom`,
      component,
      class: 'fatal',
      severity: 'critical',
      meaning: 'The JVM has no memory left.',
      once,
      wordings: [
        ...(more.oom ?? []),
        ...bareOf(/^.{0,200}?java\.lang\.(?<reason>OutOfMemoryError.{0,200})/),
        ...[
          'Terminating due to java.lang.OutOfMemoryError',
          'Aborting due to java.lang.OutOfMemoryError',
          '# There is insufficient memory for the Java Runtime',
        ].map((begins) => ({ begins, bare: true }) as const),
      ],
      examples: [
        { version: '17', line: 'Terminating due to java.lang.OutOfMemoryError: Java heap space', fields: {} },
        {
          version: '11',
          line: 'java.lang.OutOfMemoryError: Direct buffer memory',
          fields: { reason: 'OutOfMemoryError: Direct buffer memory' },
        },
        {
          version: '11',
          line: '# There is insufficient memory for the Java Runtime Environment to continue.',
          fields: {},
        },
        ...(examples.oom ?? []),
      ],
    },
    {
      event: `${name}_fd_exhausted`,
      component,
      class: 'fatal',
      severity: 'critical',
      meaning: 'The process may not open any more files or sockets. Told once a second.',
      once,
      wordings: [...(more.fd ?? []), ...bareOf(/^.{1,1000}?Too many open files/)],
      examples: [
        {
          version: '11',
          line: 'java.io.FileNotFoundException: /data/1/acceptedEpoch.tmp (Too many open files)',
          fields: {},
        },
        ...(examples.fd ?? []),
      ],
    },
    {
      event: `${name}_disk_full`,
      component,
      class: 'disk',
      severity: 'critical',
      meaning: 'A disk is full. Told once a second.',
      once,
      wordings: bareOf(/^.{1,1000}?No space left on device/),
      examples: [{ version: '11', line: 'java.io.IOException: No space left on device', fields: {} }],
    },
    {
      event: `${name}_jvm_crash`,
      component,
      class: 'fatal',
      severity: 'critical',
      meaning: 'The JVM itself crashed.',
      wordings: [{ begins: '# A fatal error has been detected by the Java Runtime Environment', bare: true }],
      examples: [
        { version: '17', line: '# A fatal error has been detected by the Java Runtime Environment:', fields: {} },
      ],
    },
  ]
}

const noMemory = ({ continuation }: { readonly continuation: string | undefined }): { reason: string } | undefined =>
  continuation?.includes('OutOfMemoryError') === true ? { reason: continuation } : undefined
const noFiles = ({ continuation }: { readonly continuation: string | undefined }): { reason: string } | undefined =>
  continuation?.includes('Too many open files') === true ? { reason: continuation } : undefined
const refused = /^(?:Message: ?)?Error accepting new connection: (?<reason>.{0,200}Too many open files)/

export const exhaustedRules: readonly Rule[] = [
  ...exhausted(
    'kafka',
    'kafka',
    {
      oom: [
        { begins: 'Uncaught exception in ', continued: true, refine: noMemory },
        { begins: 'Error due to', continued: true, refine: noMemory },
      ],
      fd: [{ begins: 'Error while accepting connection', continued: true, refine: noFiles }],
    },
    {
      oom: [
        {
          version: '2.6.0',
          line: "[2024-02-23 07:47:50,149] ERROR Uncaught exception in thread 'kafka-scheduler-3': (org.apache.kafka.common.utils.KafkaThread)",
          continuation: 'java.lang.OutOfMemoryError: Java heap space',
          fields: { reason: 'java.lang.OutOfMemoryError: Java heap space' },
        },
        {
          version: '3.9.1',
          line: '[2024-02-23 07:47:50,149] ERROR [ReplicaFetcherThread-0-3]: Error due to (kafka.server.ReplicaFetcherThread)',
          continuation: 'java.lang.OutOfMemoryError: Direct buffer memory',
          fields: { peer: 3, reason: 'java.lang.OutOfMemoryError: Direct buffer memory' },
        },
      ],
      fd: [
        {
          version: '2.6.0',
          line: '[2024-02-23 07:47:50,149] ERROR Error while accepting connection (kafka.network.Acceptor)',
          continuation: 'java.io.IOException: Too many open files',
          fields: { reason: 'java.io.IOException: Too many open files' },
        },
        {
          version: '3.9.1',
          line: '[2024-02-23 07:47:50,149] ERROR Error while accepting connection (kafka.network.DataPlaneAcceptor)',
          continuation: 'java.io.IOException: Too many open files',
          fields: { reason: 'java.io.IOException: Too many open files' },
        },
      ],
    },
  ),
  ...exhausted(
    'zookeeper',
    'zk',
    {
      fd: [
        'Error accepting new connection: ',
        'Message:Error accepting new connection: ',
        'Message: Error accepting new connection: ',
      ].map((begins) => ({ begins, pattern: refused })),
    },
    {
      fd: [
        {
          version: '3.5.8',
          line: '[2024-02-23 07:47:50,149] WARN Error accepting new connection: Too many open files (org.apache.zookeeper.server.NIOServerCnxnFactory)',
          fields: { reason: 'Too many open files' },
        },
        {
          version: '3.8.4',
          line: '[2024-02-23 07:47:50,149] WARN Message:Error accepting new connection: Too many open files Value:null (org.apache.zookeeper.server.RateLogger)',
          fields: { reason: 'Too many open files' },
        },
        {
          version: '3.8.4',
          line: '[2024-02-23 07:47:50,149] WARN [3 times] Message: Error accepting new connection: Too many open files Last value:null (org.apache.zookeeper.server.RateLogger)',
          fields: { reason: 'Too many open files' },
        },
      ],
    },
  ),
  {
    event: 'kafka_ioe_client_shutdown',
    component: 'kafka',
    class: 'failover',
    severity: 'noise',
    meaning: 'The beginning of a stack trace whose line is not there: this broker closed the connection itself.',
    wordings: [{ begins: 'java.io.IOException: Client was shutdown before response was read', bare: true }],
    examples: [
      { version: '2.6.0', line: 'java.io.IOException: Client was shutdown before response was read', fields: {} },
    ],
  },
  {
    event: 'kafka_ioe_disconnected',
    component: 'kafka',
    class: 'failover',
    severity: 'noise',
    meaning:
      'The beginning of a stack trace whose line is not there: the peer closed the connection, or did not answer.',
    wordings: [
      {
        begins: 'java.io.IOException: Connection to ',
        pattern:
          /^java\.io\.IOException: Connection to (?<peer>-?\d{1,10}) was disconnected before the response was read/,
        bare: true,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: 'java.io.IOException: Connection to 2 was disconnected before the response was read',
        fields: { peer: 2 },
      },
    ],
  },
]
