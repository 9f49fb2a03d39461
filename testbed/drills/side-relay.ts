/**
 * Runs inside a node's network, as `node side-relay.ts URL`: scrapes again and again and prints each answer as one line of
 * JSON. Pipes cross namespaces where packets cannot.
 */
import { Scraper } from './scraper.ts'

export interface Relayed {
  readonly text?: string
  readonly error?: string
}

const [url = ''] = process.argv.slice(2)
const print = (relayed: Relayed): boolean => process.stdout.write(`${JSON.stringify(relayed)}\n`)
new Scraper(url, ({ text, error }) =>
  print({ ...(text === undefined ? {} : { text }), ...(error === undefined ? {} : { error }) }),
).start()
// Nobody listens any more.
process.stdout.on('error', () => process.exit(0))
