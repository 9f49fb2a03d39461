import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startCluster } from '../../testbed/cluster.ts'
import { freePorts } from '../../testbed/ports.ts'
import type { Cluster } from '../../testbed/types.ts'
import { eventually, startExporter } from '../support/exporter-process.ts'
import { makeTlsMaterial, type TlsMaterial } from '../web/tls-material.ts'

/** One real broker with a listener of every kind; what the exporter has to be told to get in, and what it says if it cannot. */
const password = 'marker-secret-7391'
let cluster: Cluster
let tls: TlsMaterial
let tokens: Server
let mutual = ''
let sasl = ''

beforeAll(async () => {
  tls = makeTlsMaterial()
  const [mutualPort = 0, saslPort = 0] = await freePorts(2)
  mutual = `127.0.0.1:${mutualPort}`
  sasl = `127.0.0.1:${saslPort}`
  const { cert, key } = tls.issue('broker')
  const keystore = join(tls.directory, 'broker-keystore.pem')
  writeFileSync(keystore, readFileSync(key, 'utf8') + readFileSync(cert, 'utf8') + readFileSync(tls.ca, 'utf8'))
  const login = (mechanism: string): string => `listener.name.sasl_ssl.${mechanism}.sasl.jaas.config`
  const module = 'org.apache.kafka.common.security'
  cluster = await startCluster({
    kafka: '3.9.1',
    nodes: 1,
    brokerConfig: {
      listeners: `SSL://${mutual},SASL_SSL://${sasl}`,
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': keystore,
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.location': tls.ca,
      'listener.name.ssl.ssl.client.auth': 'required',
      'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
      [login('plain')]: `${module}.plain.PlainLoginModule required user_exporter="${password}";`,
      [login('scram-sha-256')]: `${module}.scram.ScramLoginModule required;`,
      [login('scram-sha-512')]: `${module}.scram.ScramLoginModule required;`,
      [login('oauthbearer')]:
        `${module}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
    },
  })
  await cluster.createTopic({ name: 'secured', partitions: 1, replicationFactor: 1 })
  await cluster.produce('secured', 0, 5)
  const scram = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].map((mechanism) => `${mechanism}=[password=${password}]`).join(',')
  const entity = ['--entity-type', 'users', '--entity-name', 'exporter']
  const admin = ['--bootstrap-server', cluster.bootstrap[0] ?? '', '--alter', '--add-config', scram, ...entity]
  const configured = await cluster.tool('kafka.admin.ConfigCommand', admin)
  expect(configured.code, configured.stderr).toBe(0)
  tokens = createServer((_, response) =>
    response.end(JSON.stringify({ access_token: unsecuredToken(), expires_in: 60 })),
  )
  tokens.listen(0, '127.0.0.1')
  await once(tokens, 'listening')
})

afterAll(async () => {
  tokens.close()
  await cluster.destroy()
  tls.remove()
})

describe('a secured broker', () => {
  it.each(['plain', 'scram-sha256', 'scram-sha512'])(
    'lets the exporter in with SASL %s over TLS',
    async (mechanism) => {
      await expectOffset([`--kafka.server=${sasl}`, ...overTls(), ...asExporter(mechanism)])
    },
  )

  it('lets the exporter in with OAUTHBEARER and a token from the endpoint', async () => {
    const url = `http://127.0.0.1:${(tokens.address() as AddressInfo).port}/token`
    const flags = [...asExporter('oauthbearer'), `--sasl.oauthbearer-token-url=${url}`]
    await expectOffset([`--kafka.server=${sasl}`, ...overTls(), ...flags])
  })

  it('lets the exporter in with a client certificate', async () => {
    const { cert, key } = tls.issue('client')
    await expectOffset([`--kafka.server=${mutual}`, ...overTls(), `--tls.cert-file=${cert}`, `--tls.key-file=${key}`])
  })

  it.each([
    ['a wrong password', () => [...overTls(), ...asExporter('scram-sha512')], 'wrong', 'auth'],
    [
      'a wrong authority',
      () => ['--tls.enabled', `--tls.ca-file=${tls.otherCa}`, ...asExporter('plain')],
      password,
      'tls',
    ],
    ['no SASL', () => overTls(), password, 'closed'],
    ['no TLS', () => asExporter('plain'), password, 'tls'],
  ])('says why it does not with %s', async (_, flags, secret, reason) => {
    const exporter = await startExporter([`--kafka.server=${sasl}`, ...flags()], { SASL_USER_PASSWORD: secret })
    try {
      const line = await eventually(() => /.*broker does not answer.*/.exec(exporter.log())?.[0])
      expect(line).toContain(`reason=${reason} `)
      expect(await exporter.metrics()).toContain(`kafka_ha_bootstrap_up{address="${sasl}"} 0`)
      expect(exporter.log()).not.toContain(password)
      expect(exporter.log()).not.toContain('wrong"')
    } finally {
      await exporter.stop()
    }
  })
})

function overTls(): readonly string[] {
  return ['--tls.enabled', `--tls.ca-file=${tls.ca}`]
}

function asExporter(mechanism: string): readonly string[] {
  return ['--sasl.enabled', `--sasl.mechanism=${mechanism}`, '--sasl.username=exporter']
}

async function expectOffset(flags: readonly string[]): Promise<void> {
  const exporter = await startExporter(flags, { SASL_USER_PASSWORD: password })
  try {
    const wanted = 'kafka_topic_partition_current_offset{topic="secured",partition="0"} 5'
    const metrics = await eventually(async () => {
      const text = await exporter.metrics()
      return text.includes(wanted) ? text : undefined
    }, 15_000).catch((error: unknown) => {
      throw new Error(`${String(error)}: ${exporter.log()}`)
    })
    expect(metrics).toContain('kafka_ha_broker_up{broker="1"} 1')
    expect(metrics).not.toContain(password)
    expect(exporter.log()).not.toContain(password)
  } finally {
    await exporter.stop()
  }
}

/** A broker without a validator of its own takes tokens that nobody signed. */
function unsecuredToken(): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')
  const now = Math.floor(Date.now() / 1000)
  return `${encode({ alg: 'none' })}.${encode({ sub: 'exporter', iat: now, exp: now + 60 })}.`
}
