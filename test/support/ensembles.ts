import type { EnsembleServer, ServerState } from '../../src/model/ensemble.ts'

/** A server that says this and nothing else. */
export function server(state: ServerState, more: Partial<EnsembleServer> = {}): EnsembleServer {
  return {
    state,
    failure: undefined,
    version: undefined,
    id: undefined,
    zxid: 1n << 32n,
    syncedFollowers: undefined,
    peerState: undefined,
    numbers: new Map(),
    omitted: 0,
    ruok: undefined,
    refused: new Set(),
    ...more,
  }
}
