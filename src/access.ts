import type { Config, KafkaTls } from './config/config.ts'
import type { ConnectionOptions, Login } from './sources/kafka/connection.ts'
import { tokenProvider } from './sources/kafka/oauth-token.ts'
import { saslLogin } from './sources/kafka/sasl.ts'

/** How Kafka is reached, from the configuration; this file is where its secrets are revealed. */
export function kafkaAccess({ clientId, tls, sasl }: Config['kafka']): ConnectionOptions {
  return {
    clientId,
    tls: tls && tlsOptions(tls),
    login: sasl && login(sasl),
  }
}

/** How the ensemble is reached: undefined = plain TCP. */
export function zookeeperTls({ tls }: Config['zookeeper']): ConnectionOptions['tls'] {
  return tls && tlsOptions(tls)
}

function tlsOptions(tls: KafkaTls): ConnectionOptions['tls'] {
  return {
    rejectUnauthorized: !tls.insecureSkipVerify,
    ...(tls.serverName !== undefined && { servername: tls.serverName }),
    ...(tls.ca && { ca: tls.ca.pem }),
    ...(tls.client && { cert: tls.client.cert.pem, key: tls.client.key.reveal() }),
  }
}

function login(sasl: NonNullable<Config['kafka']['sasl']>): Login {
  if (sasl.mechanism === 'oauthbearer') {
    const { tokenUrl: url, clientId, clientSecret, scopes } = sasl
    const token = tokenProvider({ url, clientId, clientSecret: clientSecret.reveal(), scopes })
    return saslLogin({ mechanism: 'OAUTHBEARER', username: undefined, password: undefined, token })
  }
  const mechanisms = { plain: 'PLAIN', 'scram-sha-256': 'SCRAM-SHA-256', 'scram-sha-512': 'SCRAM-SHA-512' } as const
  const { username, password } = sasl
  return saslLogin({ mechanism: mechanisms[sasl.mechanism], username, password: password.reveal(), token: undefined })
}
