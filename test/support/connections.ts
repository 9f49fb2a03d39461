import type { Address } from '../../src/model/address.ts'
import type { Failure, Result } from '../../src/model/result.ts'
import { Connection, type ConnectionOptions } from '../../src/sources/kafka/connection.ts'
import { metadataCall } from '../../src/sources/kafka/metadata.ts'
import type { ClusterMetadata } from '../../src/model/topology.ts'
import { valueOf } from './results.ts'

export const plain: ConnectionOptions = { clientId: 'test', tls: undefined, login: undefined }

/** Long enough for any machine; what ends by itself ends much earlier. */
export const patient = 20_000

/** Everything that a connection told. */
export class Told {
  readonly sent: string[] = []
  readonly closed: Failure[] = []
  late = 0
  readonly events = {
    sent: (api: string) => void this.sent.push(api),
    closed: (failure: Failure) => void this.closed.push(failure),
    late: () => {
      this.late++
    },
  }
}

export async function opened(address: Address, told = new Told(), options = plain): Promise<Connection> {
  return valueOf(await Connection.open(address, options, told.events, patient))
}

export function askMetadata(connection: Connection, deadlineMs = patient): Promise<Result<ClusterMetadata>> {
  const call = metadataCall(connection.versions, 'none')
  if (call === undefined) throw new Error('no common version')
  return connection.request(call, deadlineMs)
}

/** A result and the milliseconds that it took. */
export async function timed<T>(work: Promise<T>): Promise<{ readonly result: T; readonly ms: number }> {
  const startedAt = performance.now()
  const result = await work
  return { result, ms: performance.now() - startedAt }
}

/** Timers and connections under way in this process. */
export function openHandles(): number {
  return process
    .getActiveResourcesInfo()
    .filter((name) => /^(Timeout|TCPSocketWrap|TCPConnectWrap|TLSWrap)$/.test(name)).length
}
