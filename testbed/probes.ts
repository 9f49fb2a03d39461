import { connect } from 'node:net'

/** ApiVersions version 0, correlation id 1, no client id: the one request every broker answers to anybody. */
const API_VERSIONS = Buffer.from('0000000a0012000000000001ffff', 'hex')

/** Sends bytes and gives what comes back until the peer closes, `enough` (so many bytes) is there, or the deadline. */
export function ask(
  host: string,
  port: number,
  request: Buffer,
  enough: number | ((bytes: Buffer) => boolean),
  deadlineMs = 1_000,
): Promise<Buffer> {
  const isEnough = typeof enough === 'number' ? (bytes: Buffer): boolean => bytes.length >= enough : enough
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = connect({ host, port })
    const timer = setTimeout(() => socket.destroy(new Error(`${host}:${port}: no answer`)), deadlineMs)
    const done = (): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(Buffer.concat(chunks))
    }
    socket.on('connect', () => (enough === 0 ? done() : socket.write(request)))
    socket.on('data', (chunk) => {
      chunks.push(chunk)
      if (isEnough(Buffer.concat(chunks))) done()
    })
    socket.on('end', done)
    socket.on('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
  })
}

export async function accepts(host: string, port: number): Promise<boolean> {
  await ask(host, port, Buffer.alloc(0), 0)
  return true
}

/** A broker binds its port seconds before it is registered, but answers only afterwards. */
export async function brokerAnswers(host: string, port: number): Promise<boolean> {
  return (await ask(host, port, API_VERSIONS, 8)).length >= 8
}

/** `srvr` has a Mode line only in a server that serves; a whitelist without `srvr` leaves the open port as the sign. */
export async function zookeeperServes(host: string, port: number): Promise<boolean> {
  const answer = (await ask(host, port, Buffer.from('srvr'), Infinity)).toString()
  return answer.includes('Mode: ') || answer.includes('not in the whitelist')
}
