import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { place } from './layout.ts'
import { datasource } from './panels.ts'
import { brokers } from './rows/brokers.ts'
import { exporter } from './rows/exporter.ts'
import { happened, traffic } from './rows/happened.ts'
import { logs } from './rows/logs.ts'
import { quorum, sessions } from './rows/quorum.ts'
import { verdicts } from './rows/verdicts.ts'

const builds = 'kafka_ha_exporter_build_info'

/** The question of the first minute of an incident; what it says is explained panel by panel. */
export function overview(): dashboard.Dashboard {
  const built = new dashboard.DashboardBuilder('Kafka: is it up, and can it take a hit?')
    .uid('kafka-ha-overview')
    .id(null)
    .description(
      'What kafka-ha-exporter tells of one cluster: what is lost now, what the next failure would cost, what happened.',
    )
    .tags(['kafka', 'kafka-ha'])
    .readonly()
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .time({ from: 'now-1h', to: 'now' })
    .refresh('30s')
    .variables([
      new dashboard.DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'),
      chosen('job', `label_values(${builds}, job)`).label('Job (cluster)'),
      chosen('instance', `label_values(${builds}{job=~"$job"}, instance)`)
        .label('Exporter')
        .multi(true)
        .includeAll(true)
        .allValue('.+'),
    ])
    .annotations([
      new dashboard.AnnotationQueryBuilder()
        .name('Alerts')
        .datasource(datasource)
        .enable(true)
        .iconColor('red')
        .target(new DataqueryBuilder().refId('Anno').expr(firing))
        .expr(firing)
        .titleFormat('{{alertname}}')
        .textFormat('{{severity}} {{broker}} {{kind}} {{source}}'),
    ])
  place(built, [
    { title: 'Is it up, and can it take a hit?', panels: verdicts() },
    { title: 'Brokers and partitions', panels: brokers() },
    { title: 'Quorum', panels: quorum() },
    { title: 'Sessions (ZooKeeper)', panels: sessions() },
    { title: 'What happened', panels: happened() },
    { title: 'Failover events from logs', panels: logs() },
    { title: 'Traffic', panels: traffic() },
    { title: 'The exporter: how fresh is all this?', panels: exporter() },
  ])
  return built.build()
}

const firing = 'ALERTS{alertname=~"Kafka.+", alertstate="firing", job=~"$job"}'

function chosen(name: string, query: string): dashboard.QueryVariableBuilder {
  return new dashboard.QueryVariableBuilder(name)
    .datasource(datasource)
    .query(query)
    .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
    .sort(dashboard.VariableSort.AlphabeticalAsc)
}
