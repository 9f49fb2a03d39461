import { failed, success, type Failure, type Result } from '../../model/result.ts'
import { apiKeys, type Call } from './api.ts'
import { Writer } from './writer.ts'

interface Pending {
  /** Given the reply without its header, or why there is none. */
  readonly settle: (reply: Result<Buffer>) => void
  readonly flexible: boolean
  expired: boolean
}

/** The requests under way on one connection, by correlation id, each with a deadline of its own. */
export class Requests {
  readonly #pending = new Map<number, Pending>()
  #nextId = 1
  #replies = 0
  #timedOut = false

  /** A deadline has passed, once at least. */
  get timedOut(): boolean {
    return this.#timedOut
  }

  /** Whether anybody waits for an answer. */
  get awaited(): boolean {
    return [...this.#pending.values()].some(({ expired }) => !expired)
  }

  /** How many have been answered, in time or late. */
  get replies(): number {
    return this.#replies
  }

  /** `send` is given the id to send it under. Fails with `hung` at the deadline. */
  begin(call: Call<unknown>, deadlineMs: number, send: (id: number) => void): Promise<Result<Buffer>> {
    const id = this.#nextId
    this.#nextId = (this.#nextId + 1) & 0x7fffffff
    return new Promise<Result<Buffer>>((resolve) => {
      const pending: Pending = {
        settle: (result) => {
          clearTimeout(timer)
          resolve(result)
        },
        flexible: call.flexible && call.plainReply !== true,
        expired: false,
      }
      const timer = setTimeout(() => {
        pending.expired = true
        this.#timedOut = true
        resolve(failed('hung', `no answer to ${call.api} within ${Math.round(deadlineMs)} ms`))
      }, deadlineMs)
      this.#pending.set(id, pending)
      send(id)
    })
  }

  /** A reply with its header. A failure: nothing that comes after it on this connection can be trusted. */
  take(reply: Buffer): Result<'in time' | 'late'> {
    const id = reply.readInt32BE(0)
    const pending = this.#pending.get(id)
    if (pending === undefined) return failed('protocol', `a reply to request ${id}, which was not asked`)
    this.#pending.delete(id)
    this.#replies++
    if (pending.expired) return success('late')
    // A flexible reply header ends with tagged fields; brokers send none, and one byte says so.
    const body = pending.flexible ? 5 : 4
    if (pending.flexible && reply[4] !== 0) {
      const tagged = failed('protocol', 'tagged fields in a reply header')
      pending.settle(tagged)
      return tagged
    }
    pending.settle(success(reply.subarray(body)))
    return success('in time')
  }

  abandon(failure: Failure): void {
    for (const pending of this.#pending.values()) if (!pending.expired) pending.settle({ ok: false, failure })
    this.#pending.clear()
  }
}

/** A request as it goes over the wire. */
export function frame(call: Call<unknown>, id: number, clientId: string): Buffer {
  const head = new Writer()
    .int32(0)
    .int16(apiKeys[call.api])
    .int16(call.version)
    .int32(id)
    .string(clientId, false)
    .tags(call.flexible)
    .finish()
  head.writeInt32BE(head.length - 4 + call.body.length, 0)
  return Buffer.concat([head, call.body])
}
