/** The few requests that kafkajs does not know, in Kafka's flexible encoding. It shares nothing with the exporter's codecs. */
import { ask } from '../probes.ts'

const CLIENT = Buffer.from('drill-truth')

export function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

/** Lengths here are all below 127: one byte, and one more than the length. */
export function compactString(text: string): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([Buffer.from([bytes.length + 1]), bytes])
}

export function compactArray(items: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from([items.length + 1]), ...items])
}

export const NO_TAGS = Buffer.from([0])

/** Reads what `ask` below gives. Throws on what ends too early. */
export class Answer {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  bytes(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) throw new Error('the answer ends too early')
    return this.#bytes.subarray(this.#at, (this.#at += length))
  }

  int16(): number {
    return this.bytes(2).readInt16BE()
  }

  int32(): number {
    return this.bytes(4).readInt32BE()
  }

  int64(): number {
    return Number(this.bytes(8).readBigInt64BE())
  }

  varint(): number {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes(1)[0] ?? 0
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }

  /** Null is the empty text. */
  text(): string {
    return this.bytes(Math.max(0, this.varint() - 1)).toString()
  }

  /** Null is the empty list. */
  list<Item>(item: () => Item): Item[] {
    return Array.from({ length: Math.max(0, this.varint() - 1) }, item)
  }

  tags(): void {
    for (let left = this.varint(); left > 0; left--) {
      this.varint()
      this.bytes(this.varint())
    }
  }
}

/** One request on a connection of its own. */
export async function askKafka(
  { host, port }: { readonly host: string; readonly port: number },
  api: number,
  version: number,
  body: Buffer,
  deadlineMs: number,
): Promise<Answer> {
  const header = [int16(api), int16(version), int32(1), int16(CLIENT.length), CLIENT, NO_TAGS]
  const request = Buffer.concat([...header, body])
  const isWhole = (bytes: Buffer): boolean => bytes.length >= 4 && bytes.length >= 4 + bytes.readInt32BE()
  const bytes = await ask(host, port, Buffer.concat([int32(request.length), request]), isWhole, deadlineMs)
  if (!isWhole(bytes)) throw new Error(`${host}:${port} closed the connection`)
  const answer = new Answer(bytes)
  answer.bytes(8)
  answer.tags()
  return answer
}
