/** One line of the exporter's own log. */
export interface Entry {
  readonly level: 'info' | 'warn'
  readonly message: string
  readonly fields: Readonly<Record<string, string | number>>
}
