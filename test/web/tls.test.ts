import { once } from 'node:events'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { get } from 'node:https'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import type { IncomingMessage } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ClientAuth, TlsFiles } from '../../src/web/certificates.ts'
import { createWebServer, type WebServer } from '../../src/web/server.ts'
import { makeTlsMaterial, type TlsMaterial } from './tls-material.ts'

type Pair = ReturnType<TlsMaterial['issue']>
let material: TlsMaterial
let server: WebServer | undefined
let pairs: { server: Pair; client: Pair; stranger: Pair; renewed: Pair }

beforeAll(() => {
  material = makeTlsMaterial()
  pairs = {
    server: material.issue('server'),
    client: material.issue('client'),
    stranger: material.issue('stranger', 'otherCa'),
    renewed: material.issue('renewed'),
  }
})
afterAll(() => material.remove())
afterEach(async () => server?.stop(0))

async function serve(changes: Partial<TlsFiles> = {}): Promise<{ port: number; errors: string[] }> {
  const errors: string[] = []
  const tls: TlsFiles = {
    certPath: pairs.server.cert,
    keyPath: pairs.server.key,
    clientCaPath: undefined,
    clientAuth: 'none',
    minVersion: 'TLSv1.2',
    ...changes,
  }
  const onError = (what: string) => errors.push(what)
  server = createWebServer({
    listen: { host: '127.0.0.1', port: 0 },
    tls,
    handler: (_, response) => response.end('hello'),
    onError,
  })
  return { port: (await server.start()).port, errors }
}

const trusting = () => ({ ca: readFileSync(material.ca), host: '127.0.0.1' })

async function answers(port: number, by: Pair | undefined): Promise<boolean> {
  const client = by ? { cert: readFileSync(by.cert), key: readFileSync(by.key) } : {}
  try {
    const asked = get({ ...trusting(), ...client, port, agent: false })
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    response.resume()
    return response.statusCode === 200
  } catch {
    return false
  }
}

async function nameServed(port: number, options: ConnectionOptions = {}): Promise<string> {
  const socket: TLSSocket = connect({ ...trusting(), port, ...options })
  await once(socket, 'secureConnect')
  const name = String(socket.getPeerCertificate().subject.CN)
  socket.destroy()
  return name
}

describe('client certificates', () => {
  const TABLE: [ClientAuth, { none: boolean; client: boolean; stranger: boolean }][] = [
    ['none', { none: true, client: true, stranger: true }],
    ['request', { none: true, client: true, stranger: true }],
    ['require_any', { none: false, client: true, stranger: true }],
    ['verify_if_given', { none: true, client: true, stranger: false }],
    ['require_and_verify', { none: false, client: true, stranger: false }],
  ]
  it.each(TABLE)('%s', async (clientAuth, expected) => {
    const verifies = clientAuth === 'verify_if_given' || clientAuth === 'require_and_verify'
    const { port } = await serve({ clientAuth, clientCaPath: verifies ? material.ca : undefined })
    expect({
      none: await answers(port, undefined),
      client: await answers(port, pairs.client),
      stranger: await answers(port, pairs.stranger),
    }).toEqual(expected)
  })
})

describe('the server’s certificate', () => {
  it('is that of the files; an older TLS than allowed is refused', async () => {
    const { port } = await serve({ minVersion: 'TLSv1.3' })
    expect(await nameServed(port)).toBe('server')
    await expect(nameServed(port, { maxVersion: 'TLSv1.2' })).rejects.toThrow()
  })

  it('is renewed with the files; while they do not fit, the old one stays, which is told once', async () => {
    const own = { certPath: `${pairs.server.cert}.live`, keyPath: `${pairs.server.key}.live` }
    copyFileSync(pairs.server.cert, own.certPath)
    copyFileSync(pairs.server.key, own.keyPath)
    const { port, errors } = await serve({ ...own, minVersion: 'TLSv1.3' })
    copyFileSync(pairs.renewed.cert, own.certPath)
    await server?.lookAtCertificates()
    await server?.lookAtCertificates()
    expect(await nameServed(port)).toBe('server')
    expect(errors).toEqual(['the renewed TLS files cannot be used, the old ones stay in use'])
    copyFileSync(pairs.renewed.key, own.keyPath)
    await server?.lookAtCertificates()
    expect(await nameServed(port)).toBe('renewed')
    await expect(nameServed(port, { maxVersion: 'TLSv1.2' })).rejects.toThrow()
    writeFileSync(own.certPath, 'torn')
    await server?.lookAtCertificates()
    expect(await nameServed(port)).toBe('renewed')
    expect(errors).toHaveLength(2)
  })

  it('that cannot be read is an error of the start', async () => {
    await expect(serve({ keyPath: '/nope.key' })).rejects.toThrow('/nope.key')
    await expect(serve({ keyPath: pairs.client.key })).rejects.toThrow()
  })
})

it('stops without waiting for a handshake that was never finished', async () => {
  const { port } = await serve()
  const { connect: connectPlain } = await import('node:net')
  const silent = connectPlain(port, '127.0.0.1')
  await once(silent, 'connect')
  await expect(answers(port, undefined)).resolves.toBe(true)
  const begun = Date.now()
  await server?.stop(20_000)
  expect(Date.now() - begun).toBeLessThan(2_000)
})
