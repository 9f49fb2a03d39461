export const analyzeHelp = `usage: kafka-ha-exporter analyze [<flags>] FILE...

Tells from log files alone what happened: which node went away and how, who noticed, who took over, how long each step
took, and which lines prove it. Give it the logs of Kafka and of ZooKeeper from as many nodes as you have.

  FILE                 A log file, plain or gzip; a directory (the log files in it); - for standard input.
  --from=TIME          Only what happened from then on: 2024-02-23T07:44:05Z, or without a zone in --time-zone.
  --to=TIME            Only what happened until then.
  --format=text        text, json (docs/analyze.md has its shape) or html (one page that needs nothing else).
  --output=FILE        Write there instead of to standard output.
  --time-zone=ZONE     In which the logs were written: Europe/Berlin, +02:00. This machine's by default.
  -h, --help           Show this help.

Exit code: 0, 1 if a file could not be read (the others are told all the same), 2 for bad flags.

Examples:
  kafka-ha-exporter analyze /var/log/kafka/server.log* node-2/ node-3/
  kafka-ha-exporter analyze --format html --output night.html *.log.gz
  journalctl -u kafka -o cat | kafka-ha-exporter analyze -
`
