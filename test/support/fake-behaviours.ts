import { setImmediate as nextTurn } from 'node:timers/promises'
import { Writer } from '../../src/sources/kafka/writer.ts'
import type { Asked, Behaviour } from './fake-broker.ts'
import { frameOf } from './replies.ts'

/** What a broker, or whatever sits on its port, may do instead of answering. */

export const silent: Behaviour = () => undefined

export const close: Behaviour = ({ socket }) => void socket.end()

export const reset: Behaviour = ({ socket }) => void socket.resetAndDestroy()

/** The right answer, a byte at a time. */
export const trickle: Behaviour = ({ socket, right }) => void trickled(socket, right)

async function trickled(socket: Asked['socket'], bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length && !socket.destroyed; at++) {
    socket.write(bytes.subarray(at, at + 1))
    await nextTurn()
  }
}

/** The right answer, a byte each so many milliseconds. */
export function dripping(everyMs: number): Behaviour {
  return ({ socket, right }) => {
    let at = 0
    const timer = setInterval(() => socket.write(right.subarray(at, ++at)), everyMs)
    socket.once('close', () => clearInterval(timer))
  }
}

/** Half of the answer, and then what is told. */
export function half(then: Behaviour): Behaviour {
  return (asked) => {
    const { socket, right } = asked
    socket.write(right.subarray(0, right.length >> 1), () => then(asked))
  }
}

/** An answer to a request that was never sent, before the right one. */
export const neverAsked: Behaviour = ({ socket, correlationId, right }) =>
  void socket.write(Buffer.concat([frameOf(correlationId + 7, Buffer.alloc(40)), right]))

/** The answer to this request by its id, with the body of a reply to SaslAuthenticate. */
export const anothersBody: Behaviour = ({ socket, correlationId, flexible }) => {
  const body = new Writer().int16(58).string('Authentication failed', false).int32(-1).finish()
  socket.write(frameOf(correlationId, body, flexible))
}

/** The answer in two halves, and a whole answer to another request between them. */
export const interrupted: Behaviour = ({ socket, correlationId, right }) => {
  const middle = right.length >> 1
  const other = frameOf(correlationId - 1, Buffer.alloc(64, 0xff))
  socket.write(Buffer.concat([right.subarray(0, middle), other, right.subarray(middle)]))
}

/** Frames of the least size, without end. */
export const tinyFrames: Behaviour = ({ socket }) => {
  const frames = Buffer.concat(Array.from({ length: 5_000 }, () => frameOf(0, Buffer.alloc(0))))
  const pour = (): void => {
    while (!socket.destroyed && socket.write(frames)) continue
  }
  socket.on('drain', pour)
  pour()
}

export const wrongId: Behaviour = ({ socket, right }) => {
  const other = Buffer.from(right)
  other.writeInt32BE(right.readInt32BE(4) + 1_000, 4)
  socket.write(other)
}

/** The answer, and once more. */
export const twice: Behaviour = ({ socket, right }) => void socket.write(Buffer.concat([right, right]))

export function says(bytes: Buffer | string): Behaviour {
  return ({ socket }) => void socket.write(bytes)
}

export const http = says('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')

export const tlsAlert = says(Buffer.from('15030300020246', 'hex'))

/** Announces a frame of that size and sends a little of it. */
export function announces(size: number): Behaviour {
  return ({ socket }) => {
    const bytes = Buffer.alloc(32)
    bytes.writeInt32BE(size)
    socket.write(bytes)
  }
}

/** Keeps the answers back until told to send them. */
export class Held {
  readonly #kept: Asked[] = []
  readonly behaviour: Behaviour = (asked) => void this.#kept.push(asked)

  get count(): number {
    return this.#kept.length
  }

  release(): void {
    for (const { socket, right } of this.#kept.splice(0)) if (!socket.destroyed) socket.write(right)
  }

  releaseBackwards(): void {
    this.#kept.reverse()
    this.release()
  }
}
