import { addressText, type Address } from '../../model/address.ts'
import type { Clock } from '../../model/instant.ts'
import { failed } from '../../model/result.ts'
import type { Offsets } from '../../model/offsets.ts'
import { findRow, mapRows, type Layout, type Partitions } from '../../model/topology.ts'
import type { Look, Notes, Pace, Source } from '../../source.ts'
import { answeringBrokers } from './answering.ts'
import type { ConnectionOptions } from './connection.ts'
import { earliest, latest, listOffsetsCall, type TopicOffsets } from './list-offsets.ts'
import { Pool } from './pool.ts'

export interface OffsetsOptions {
  readonly connection: ConnectionOptions
  readonly clock: Clock
  readonly notes: Notes
  /** A leader says it is not: the topology is out of date. */
  readonly topologyIsStale: () => void
  readonly pace: Pace
}

/** Above this many partitions a broker's question is split, so that no reply keeps the loop busy for long. */
const rowsPerRequest = 50_000
const notLeader = 6

/**
 * Log end and log start of every partition: two ListOffsets to each leader that answers its probes, all in parallel. What
 * a leader does not tell this time stays as it was told before, with its age.
 */
export class OffsetsSource implements Source<Offsets> {
  readonly name = 'offsets'
  readonly apis = ['ApiVersions', 'ListOffsets']
  readonly pace: Pace
  readonly #options: OffsetsOptions
  readonly #pool: Pool

  constructor(options: OffsetsOptions) {
    this.#options = options
    this.pace = options.pace
    this.#pool = new Pool(options.connection, (api) => options.notes.sent(api))
  }

  async observe({ view }: Look): Promise<Offsets | undefined> {
    const partitions = view.topology?.value.partitions
    if (partitions === undefined) return undefined
    const byLeader = rowsByLeader(partitions)
    // Asking a broker that is down would only wait; one of another cluster behind a re-used address would tell of its own.
    const answering = new Map(answeringBrokers(view).map(({ id, address }) => [id, address]))
    const leaders = [...byLeader].flatMap(([leader, rows]) => {
      const address = answering.get(leader)
      return address === undefined ? [] : [{ leader, rows, address }]
    })
    this.#pool.keep(leaders.map(({ address }) => address))
    const columns = carriedOver(view.offsets?.value, partitions)
    const answered = await Promise.all(
      leaders.flatMap(({ leader, rows, address }) =>
        chunks(rows).map((chunk) => this.#ask(columns, partitions, leader, address, chunk)),
      ),
    )
    return byLeader.size > 0 && !answered.includes(true) ? undefined : columns
  }

  close(): void {
    this.#pool.close()
  }

  /** Both questions about some rows to their leader; what it tells goes into the columns. */
  async #ask(
    columns: Offsets,
    { layout, leader: leaders }: Partitions,
    leader: number,
    address: Address,
    rows: Int32Array,
  ): Promise<boolean> {
    const { clock, notes } = this.#options
    const ask = (timestamp: typeof latest | typeof earliest) =>
      this.#pool.ask(
        address,
        (versions) => listOffsetsCall(versions, layout, rows, timestamp),
        this.pace.deadlineMs - 100,
      )
    const [ends, starts] = await Promise.all([ask(latest), ask(earliest)])
    for (const answer of [ends, starts]) if (!answer.ok) notes.failed(addressText(address), answer.failure)
    if (!ends.ok || !starts.ok) return false

    const startedAt = performance.now()
    const now = clock().mono
    const errors = new Set<number>()
    const take = (column: Float64Array, topics: readonly TopicOffsets[]): void =>
      eachRow(layout, topics, (row, offset, error) => {
        if (leaders[row] !== leader) return
        if (error !== 0) errors.add(error)
        column[row] = offset
        columns.answeredBy[row] = leader
        columns.observedAt[row] = now
      })
    take(columns.latest, ends.value)
    take(columns.earliest, starts.value)
    if (errors.delete(notLeader)) this.#options.topologyIsStale()
    for (const error of errors) {
      notes.failed(addressText(address), failed('protocol', `ListOffsets: partitions with error ${error}`).failure)
    }
    notes.busy(performance.now() - startedAt)
    return true
  }
}

function rowsByLeader({ leader }: Partitions): ReadonlyMap<number, Int32Array> {
  const counts = new Map<number, number>()
  for (const id of leader) if (id >= 0) counts.set(id, (counts.get(id) ?? 0) + 1)
  const rows = new Map([...counts].map(([id, count]) => [id, new Int32Array(count)]))
  const filled = new Map<number, number>()
  leader.forEach((id, row) => {
    const at = filled.get(id) ?? 0
    filled.set(id, at + 1)
    const list = rows.get(id)
    if (list !== undefined) list[at] = row
  })
  return rows
}

function chunks(rows: Int32Array): readonly Int32Array[] {
  const count = Math.ceil(rows.length / rowsPerRequest)
  return Array.from({ length: count }, (_, i) => rows.subarray(i * rowsPerRequest, (i + 1) * rowsPerRequest))
}

function eachRow(
  layout: Layout,
  topics: readonly TopicOffsets[],
  visit: (row: number, offset: number, error: number) => void,
): void {
  const byName = new Map(layout.topics.map((topic) => [topic.name, topic]))
  for (const { topic, partitions, offsets, errors } of topics) {
    const known = byName.get(topic)
    if (known === undefined) continue
    for (let i = 0; i < partitions.length; i++) {
      const row = findRow(layout, known, partitions[i] ?? -1)
      if (row >= 0) visit(row, offsets[i] ?? Number.NaN, errors[i] ?? 0)
    }
  }
}

function carriedOver(last: Offsets | undefined, { layout }: Partitions): Offsets {
  const length = layout.partition.length
  const columns: Offsets = {
    layout,
    latest: new Float64Array(length).fill(Number.NaN),
    earliest: new Float64Array(length).fill(Number.NaN),
    answeredBy: new Int32Array(length).fill(-1),
    observedAt: new Float64Array(length).fill(-Infinity),
  }
  if (last === undefined) return columns
  mapRows(last.layout, layout).forEach((from, row) => {
    if (from < 0) return
    columns.latest[row] = last.latest[from] ?? Number.NaN
    columns.earliest[row] = last.earliest[from] ?? Number.NaN
    columns.answeredBy[row] = last.answeredBy[from] ?? -1
    columns.observedAt[row] = last.observedAt[from] ?? -Infinity
  })
  return columns
}
