import type { EnsembleServer, ServerState } from '../../src/model/ensemble.ts'
import { server as anyServer } from './coordinators.ts'

/** A server of the first epoch that says this and nothing else. */
export function server(state: ServerState, more: Partial<EnsembleServer> = {}): EnsembleServer {
  return anyServer(state, { zxid: 1n << 32n, ...more })
}
