/**
 * The metric contract, `name type labels`. Dashboards, alerts and users' own rules hang on these: add, never rename.
 */
export const contract: readonly string[] = `
  kafka_brokers gauge
  kafka_broker_info gauge id address
  kafka_topic_partitions gauge topic
  kafka_topic_partition_leader gauge topic partition
  kafka_topic_partition_leader_is_preferred gauge topic partition
  kafka_topic_partition_replicas gauge topic partition
  kafka_topic_partition_in_sync_replica gauge topic partition
  kafka_topic_partition_under_replicated_partition gauge topic partition
  kafka_topic_partition_current_offset gauge topic partition
  kafka_topic_partition_oldest_offset gauge topic partition

  kafka_ha_cluster_info gauge cluster_id mode version
  kafka_ha_cluster_reachable gauge
  kafka_ha_topics gauge
  kafka_ha_partitions gauge
  kafka_ha_leaderless_partitions gauge
  kafka_ha_unreachable_leader_partitions gauge
  kafka_ha_unavailable_partitions gauge
  kafka_ha_under_replicated_partitions gauge
  kafka_ha_unreachable_isr_partitions gauge
  kafka_ha_under_min_isr_partitions gauge
  kafka_ha_at_min_isr_partitions gauge
  kafka_ha_single_isr_partitions gauge
  kafka_ha_reassigning_partitions gauge
  kafka_ha_broker_failure_margin gauge guarantee scope
  kafka_ha_broker_loss_leaderless_partitions gauge broker
  kafka_ha_broker_loss_unwritable_partitions gauge broker
  kafka_ha_broker_awaited_partitions gauge broker
  kafka_ha_leader_changes_total counter reason
  kafka_ha_isr_shrinks_total counter
  kafka_ha_isr_expands_total counter
  kafka_ha_controller_changes_total counter
  kafka_ha_topic_min_insync_replicas gauge topic
  kafka_ha_broker_config gauge broker key
  kafka_ha_config_risk gauge scope name risk
  kafka_ha_access_denied gauge resource operation
  kafka_ha_offline_replicas gauge
  kafka_ha_not_preferred_leader_partitions gauge
  kafka_ha_partition_unhealthy_since_timestamp_seconds gauge topic partition state
  kafka_ha_bootstrap_up gauge address
  kafka_ha_broker_expected gauge broker
  kafka_ha_broker_registered gauge broker
  kafka_ha_broker_fenced gauge broker
  kafka_ha_broker_up gauge broker
  kafka_ha_broker_down_reason gauge broker reason
  kafka_ha_broker_leaders gauge broker
  kafka_ha_broker_replicas gauge broker
  kafka_ha_broker_in_sync_replicas gauge broker
  kafka_ha_controller_id gauge
  kafka_ha_controller_up gauge
  kafka_ha_controller_views gauge controller

  kafka_ha_quorum_configured_voters gauge kind
  kafka_ha_quorum_majority gauge kind
  kafka_ha_quorum_serving_voters gauge kind
  kafka_ha_quorum_failure_margin gauge kind
  kafka_ha_quorum_available gauge kind
  kafka_ha_quorum_leader_id gauge kind
  kafka_ha_quorum_epoch gauge kind
  kafka_ha_quorum_elections_total counter kind
  kafka_ha_quorum_member_lag gauge kind member
  kafka_ha_zookeeper_server_state gauge server state

  kafka_ha_broker_session gauge broker session server
  kafka_ha_broker_session_timeout_seconds gauge broker
  kafka_ha_broker_session_expiry_timestamp_seconds gauge broker basis
  kafka_ha_broker_session_closed_total counter broker
  kafka_ha_broker_session_expired_total counter broker
  kafka_ha_zookeeper_sessions gauge server

  zk_up gauge zk_host
  zk_server_leader gauge zk_host
  zk_peer_state gauge zk_host state
  zk_ruok gauge zk_host
  zk_version gauge zk_host version

  kafka_ha_log_events_total counter component event
  kafka_ha_log_last_event_timestamp_seconds gauge component event
  kafka_ha_log_lines_total counter component level
  kafka_ha_log_file_up gauge file
  kafka_ha_log_file_lag_bytes gauge file
  kafka_ha_log_bytes_total counter file
  kafka_ha_log_rotations_total counter file
  kafka_ha_log_truncations_total counter file
  kafka_ha_log_cut_lines_total counter file

  kafka_ha_source_up gauge source
  kafka_ha_source_last_success_timestamp_seconds gauge source
  kafka_ha_source_duration_seconds gauge source
  kafka_ha_source_max_age_seconds gauge source
  kafka_ha_source_errors_total counter source target reason
  kafka_ha_requests_total counter source api
  kafka_ha_source_disagreements gauge kind
  kafka_ha_series_omitted gauge family
  kafka_ha_exporter_build_info gauge version revision node
`
  .split('\n')
  .map((line) => line.trim())
  .filter((line) => line !== '')

/** Labels of a family; undefined: the contract has no such family. */
export function labelsOf(family: string): ReadonlySet<string> | undefined {
  return labelsByName.get(family)
}

const labelsByName = new Map(
  contract.map((line) => {
    const [name = '', , ...labels] = line.split(' ')
    return [name, new Set(labels)]
  }),
)
