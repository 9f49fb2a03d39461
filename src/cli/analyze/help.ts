export const analyzeHelp = `usage: kafka-ha-exporter analyze [<flags>] FILE...

Tells from log files alone what happened: which node went away and how, who noticed, who took over, how long each step
took, and which lines prove it. Give it the logs of Kafka and of ZooKeeper from as many nodes as you have.

  FILE                 A log file, plain or gzip; - for standard input; a directory: the log files in it and below it,
                       by their names: *.log and *.out, also rotated and packed (server.log.1, kafka.out-20240223.gz);
                       not those of the garbage collector, not a broker's data, nothing hidden.
  --from=TIME          Only what happened from then on: 2024-02-23T07:44:05Z, without a zone in --time-zone; a date
                       alone is its midnight, a time alone (07:44) the last one that has passed; with --to the next.
  --to=TIME            Only what happened until then. What overlaps that time is told whole, with its steps out of it.
  --format=text        text, json (docs/analyze.md has its shape) or html (one page that needs nothing else).
  --output=FILE        Write there instead of to standard output; never over a log that is read.
  --time-zone=ZONE     In which the logs were written: Europe/Berlin, +02:00. This machine's by default.
      --version        Show the version.
  -h, --help           Show this help.

Lines that were wrapped, as by a terminal, are put together only where they were broken behind a [prefix].

Exit code: 0; 1 if a file could not be read (the others are told all the same), if no line with a time was read, or if
--output could not be written; 2 for bad flags, and where --output is one of the logs.

Examples:
  kafka-ha-exporter analyze /var/log/kafka/server.log* node-2/ node-3/
  kafka-ha-exporter analyze --format html --output night.html *.log.gz
  journalctl -u kafka -o cat | kafka-ha-exporter analyze -
`
