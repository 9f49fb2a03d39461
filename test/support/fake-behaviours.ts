import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Asked, Behaviour } from './fake-broker.ts'

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
