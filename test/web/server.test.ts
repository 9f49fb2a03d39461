import { once } from 'node:events'
import { Agent, get, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { connect, createServer, type AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createWebServer, type WebServer } from '../../src/web/server.ts'

const started: WebServer[] = []
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop(0)))
})

function serverWith(handler: RequestListener, host: string | undefined = '127.0.0.1', port = 0): WebServer {
  const onError = (_: string, error: unknown) => {
    throw error
  }
  const server = createWebServer({ listen: { host, port }, handler, onError })
  started.push(server)
  return server
}

const hello: RequestListener = (_, response) => response.end('hello')

describe('starting', () => {
  it('listens on a free port, and says which', async () => {
    const { port } = await serverWith(hello).start()
    expect(port).toBeGreaterThan(0)
    const [response] = (await once(get({ port, host: '127.0.0.1' }), 'response')) as [IncomingMessage]
    expect(response.statusCode).toBe(200)
    response.resume()
  })

  it('says what to change when it cannot', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    await expect(serverWith(hello, '127.0.0.1', port).start()).rejects.toThrow(
      `--web.listen-address: cannot listen on 127.0.0.1:${port}: something else listens there already`,
    )
    await expect(serverWith(hello, '192.0.2.1').start()).rejects.toThrow(
      '--web.listen-address: cannot listen on 192.0.2.1:0: this machine has no such address',
    )
    taken.close()
  })
})

describe('stopping', () => {
  it('does not wait for connections that ask nothing', async () => {
    const server = serverWith(hello)
    const { port } = await server.start()
    const agent = new Agent({ keepAlive: true })
    const [answer] = (await once(get({ port, host: '127.0.0.1', agent }), 'response')) as [IncomingMessage]
    answer.resume()
    await once(answer, 'end')
    const silent = connect(port, '127.0.0.1')
    await once(silent, 'connect')
    const begun = Date.now()
    await server.stop(20_000)
    expect(Date.now() - begun).toBeLessThan(2_000)
    await expect(once(connect(port, '127.0.0.1'), 'connect')).rejects.toThrow('ECONNREFUSED')
    agent.destroy()
  })

  it('lets a response end, though its connection would be kept', async () => {
    let finish: ServerResponse | undefined
    const server = serverWith((_, response) => {
      response.write('half ')
      finish = response
    })
    const { port } = await server.start()
    const agent = new Agent({ keepAlive: true })
    const [response] = (await once(get({ port, host: '127.0.0.1', agent }), 'response')) as [IncomingMessage]
    const stopped = server.stop(20_000)
    finish?.end('whole')
    let text = ''
    for await (const chunk of response) text += String(chunk)
    expect(text).toBe('half whole')
    const begun = Date.now()
    await stopped
    expect(Date.now() - begun).toBeLessThan(2_000)
    agent.destroy()
  })

  it('cuts at the cap what does not end', async () => {
    const server = serverWith((_, response) => void response.write('half'))
    const { port } = await server.start()
    const [response] = (await once(get({ port, host: '127.0.0.1' }), 'response')) as [IncomingMessage]
    const cut = once(response, 'error')
    await server.stop(50)
    expect(String((await cut)[0])).toContain('aborted')
  })

  it('is nothing before a start, and nothing the second time', async () => {
    const server = serverWith(hello)
    await server.stop(0)
    await server.start()
    await server.stop(0)
    await server.stop(0)
  })
})
