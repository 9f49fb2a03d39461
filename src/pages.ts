import type { Config } from './config/config.ts'
import { landingFacts } from './landing-facts.ts'
import type { Logger } from './log.ts'
import { catalogue } from './metrics/catalogue.ts'
import type { BuildInfo } from './metrics/exporter.ts'
import { labelText } from './metrics/family.ts'
import { processMetrics } from './metrics/process.ts'
import { contentType, render } from './metrics/render.ts'
import { numberFamilies } from './metrics/zookeeper-numbers.ts'
import { paces } from './paces.ts'
import type { State, Store } from './store.ts'
import { createApp } from './web/app.ts'
import { basicAuth } from './web/basic-auth.ts'
import { startComparer } from './web/bcrypt.ts'
import { createWebServer, type WebServer } from './web/server.ts'

/** The web server over the store. Nothing here looks at Kafka: a page shows what is known when it is asked for. */
export function pages(config: Config, store: Store, logger: Logger, build: BuildInfo): WebServer {
  const { topics, labels, web } = config
  const families = catalogue({
    wantsTopic: (topic) => topics.filter.test(topic) && !topics.exclude.test(topic),
    offsetsMaxAgeMs: paces.offsets.maxAgeMs,
    build,
  })
  const ofProcess = processMetrics(labels)
  const onError = (what: string, error: unknown): void => logger.error({ detail: String(error) }, what)
  const users = web.users && Object.fromEntries(Object.entries(web.users).map(([user, hash]) => [user, hash.reveal()]))
  // A request may be the first thing that runs after the process was held up: what is shown ages before it is shown.
  const now = (): State => {
    store.tick()
    return store.state
  }
  const handler = createApp({
    telemetryPath: web.telemetryPath,
    contentType,
    async *render() {
      const state = now()
      yield* render([...families, ...numberFamilies(state)], state, labelText(labels))
      yield await ofProcess()
    },
    readiness: () => {
      const waitingFor = [...store.state.sources.values()].flatMap(({ name, up }) => (up === undefined ? [name] : []))
      return { ready: waitingFor.length === 0, waitingFor }
    },
    landing: () => landingFacts(now(), build.version),
    auth: users && basicAuth(users, startComparer()),
    onError,
  })
  return createWebServer({ listen: web.listen, tls: web.tls, handler, onError })
}
