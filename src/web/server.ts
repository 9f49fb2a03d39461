import { createServer as createHttpServer, type RequestListener, type Server, type ServerOptions } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { admits, handshakeOptions, readCertificates, type Renewal, renewal, type TlsFiles } from './certificates.ts'
import { type Connections, followConnections } from './connections.ts'

export interface ServerDeps {
  /** No host = every interface; port 0 = any free one. */
  readonly listen: { readonly host: string | undefined; readonly port: number }
  /** undefined = plain HTTP. */
  readonly tls?: TlsFiles | undefined
  readonly handler: RequestListener
  onError(what: string, error: unknown): void
}

export interface WebServer {
  /** Resolves once it listens, with the port; rejects with a sentence for the user, once and for all. */
  start(): Promise<{ readonly port: number }>
  /** Stops accepting, lets running responses end for at most `capMs`, then cuts them. Never rejects. */
  stop(capMs: number): Promise<void>
  /** Looks for renewed certificates now, not only with the next of its regular looks. */
  lookAtCertificates(): Promise<void>
}

const CERTIFICATES_EVERY_MS = 10_000
/** Prometheus keeps its connection from one scrape to the next: it should outlive the usual minute between them. */
const TIMES = {
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 75_000,
  connectionsCheckingInterval: 1_000,
}
const MOST_CONNECTIONS = 512

export function createWebServer(deps: ServerDeps): WebServer {
  let server: Server | undefined
  let connections: Connections | undefined
  let certificates: Renewal | undefined
  let looking: NodeJS.Timeout | undefined

  async function start(): Promise<{ port: number }> {
    const options: ServerOptions = { ...TIMES }
    if (deps.tls) [server, certificates] = await tlsServer(deps, deps.tls, options)
    else server = createHttpServer(options, deps.handler)
    server.maxConnections = MOST_CONNECTIONS
    connections = followConnections(server)
    await listen(server, deps.listen)
    server.on('error', (error) => deps.onError('the web server failed', error))
    const { look } = certificates ?? {}
    if (look) looking = setInterval(() => void look(), CERTIFICATES_EVERY_MS).unref()
    return { port: (server.address() as AddressInfo).port }
  }

  async function stop(capMs: number): Promise<void> {
    clearInterval(looking)
    if (!server?.listening) return
    const closed = new Promise<void>((resolve) => server?.close(() => resolve()))
    connections?.drain()
    const cap = setTimeout(() => connections?.destroy(), capMs)
    await closed
    clearTimeout(cap)
  }

  return { start, stop, lookAtCertificates: async () => certificates?.look() }
}

async function tlsServer(deps: ServerDeps, files: TlsFiles, options: ServerOptions): Promise<[Server, Renewal]> {
  const first = await readCertificates(files)
  const tls = { ...first, ...handshakeOptions(files.clientAuth), handshakeTimeout: 10_000 }
  const server = createHttpsServer({ ...options, ...tls }, deps.handler)
  // Before HTTP's own listener, so that nothing is read from whom the policy does not admit.
  server.prependListener('secureConnection', (socket) => {
    if (!admits(files.clientAuth, socket)) socket.destroy()
  })
  return [server, renewal(files, first, (renewed) => server.setSecureContext(renewed), deps.onError.bind(deps))]
}

async function listen(server: Server, { host, port }: ServerDeps['listen']): Promise<void> {
  const at = `${host?.includes(':') ? `[${host}]` : (host ?? '')}:${port}`
  await new Promise<void>((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) =>
      reject(new Error(listenError(at, error.code ?? ''), { cause: error }))
    server.once('error', failed)
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      server.off('error', failed)
      resolve()
    })
  })
}

function listenError(at: string, code: string): string {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: 'something else listens there already',
    EACCES: 'this user may not listen there (ports below 1024 are special)',
    EADDRNOTAVAIL: 'this machine has no such address',
    ENOTFOUND: 'there is no such host',
  }
  return `--web.listen-address: cannot listen on ${at}: ${reasons[code] ?? code}`
}
