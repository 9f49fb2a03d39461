import { failed, type Failure, type Result } from '../../../model/result.ts'
import type { JuteReader } from './jute.ts'
import type { Query, ReplyHeader } from './protocol.ts'

export interface Reply extends ReplyHeader {
  readonly body: JuteReader
  readonly bytes: number
}

/** A question that left and was not answered. */
export interface Pending {
  readonly xid: number
  /** `performance.now`. */
  readonly sentAt: number
  readonly query: Query<unknown>
  readonly settle: (reply: Result<Reply>) => void
}

/** The questions of one connection that are under way. Their answers come in the order in which they were asked. */
export class PendingQueries {
  readonly #queue: Pending[] = []
  #nextXid = 1

  get nextXid(): number {
    return this.#nextXid
  }

  get oldest(): Pending | undefined {
    return this.#queue[0]
  }

  /** A question that leaves now. `hung` at the deadline, after which its answer is still due, and thrown away. */
  add(query: Query<unknown>, deadlineMs: number): { readonly xid: number; readonly reply: Promise<Result<Reply>> } {
    const xid = this.#nextXid
    this.#nextXid = xid === 0x7fffffff ? 1 : xid + 1
    const reply = new Promise<Result<Reply>>((resolve) => {
      const timer = setTimeout(() => {
        resolve(failed('hung', `no answer to ${query.op} ${query.path} within ${Math.round(deadlineMs)} ms`))
      }, deadlineMs)
      const settle = (result: Result<Reply>): void => {
        clearTimeout(timer)
        resolve(result)
      }
      this.#queue.push({ xid, sentAt: performance.now(), query, settle })
    })
    return { xid, reply }
  }

  /** The question to which this is the answer; undefined: no answer to it was due. */
  take(xid: number): Pending | undefined {
    return this.#queue[0]?.xid === xid ? this.#queue.shift() : undefined
  }

  failAll(failure: Failure): void {
    for (const { settle } of this.#queue.splice(0)) settle({ ok: false, failure })
  }
}
