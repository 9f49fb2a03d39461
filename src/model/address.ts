/** Where a broker listens. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** `host:port`, IPv6 in brackets: the key of a target everywhere, and the label `address`. */
export function addressText({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
