import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Response } from 'express'
import { guard } from './guard.ts'
import { LANDING_CSP, landingPage } from './landing.ts'
import { DEFAULT_LIMITS, type WebDeps } from './contract.ts'
import { scrapeHandler } from './scrape.ts'

/** The pages. Kept apart from the server, so that tests need no port. */
export function createApp(deps: WebDeps): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', false)

  app.use(commonHeaders)
  if (deps.auth) app.use(guard(deps.auth))
  app.use(refuseMalformed)
  // First come, first served: on `/` the metrics win over the landing page.
  app.use(page(deps.telemetryPath, scrapeHandler(deps, { ...DEFAULT_LIMITS, ...deps.limits })))
  const healthy: RequestHandler = (_, response) => sendText(response, 200, 'healthy\n')
  app.use(page('/-/healthy', healthy))
  // kafka_exporter's name for it: probes that ask there go on working.
  app.use(page('/healthz', healthy))
  app.use(
    page('/-/ready', (_, response) => {
      const { ready, waitingFor } = deps.readiness()
      sendText(response, ready ? 200 : 503, ready ? 'ready\n' : `not ready, waiting for: ${waitingFor.join(', ')}\n`)
    }),
  )
  app.use(
    page('/', (_, response) => {
      response.set('Content-Security-Policy', LANDING_CSP)
      response.type('html').send(landingPage(deps.landing(), deps.telemetryPath))
    }),
  )
  app.use((_, response) => sendText(response, 404, 'not found\n'))
  app.use(internalError(deps))
  return app
}

function sendText(response: Response, status: number, text: string): void {
  response.status(status).type('text/plain').send(text)
}

/** One exact path, for GET and HEAD only. Paths are no patterns here: the telemetry path comes from the user. */
function page(path: string, handler: RequestHandler): RequestHandler {
  return async (request, response, next) => {
    if (request.path !== path) {
      next()
    } else if (request.method === 'GET' || request.method === 'HEAD') {
      await handler(request, response, next)
    } else {
      response.set('Allow', 'GET, HEAD')
      sendText(response, 405, 'method not allowed\n')
    }
  }
}

const commonHeaders: RequestHandler = (_, response, next) => {
  response.set({ 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer', 'Cache-Control': 'no-store' })
  next()
}

const refuseMalformed: RequestHandler = (request, response, next) => {
  if (isDecodable(request.path)) next()
  else sendText(response, 400, 'malformed URL\n')
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}

/** Express' own handler would send the message and the stack. */
function internalError(deps: WebDeps): ErrorRequestHandler {
  return (error: unknown, _request, response: Response, next) => {
    deps.onError('a page failed', error)
    if (response.headersSent) {
      next(error)
    } else {
      response.removeHeader('Content-Security-Policy')
      sendText(response, 500, 'internal error\n')
    }
  }
}
