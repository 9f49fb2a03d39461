import type { Node } from '../../testbed/layout.ts'

/** A node of a network of its own, with the usual ports. */
export function node(id: number): Node {
  const ports = {
    kafkaPort: 9092,
    clientPort: 2181,
    peerPort: 2888,
    electionPort: 3888,
    controllerPort: 9093,
    adminPort: 8080,
  }
  return { id, host: `10.77.0.${id}`, ...ports }
}
