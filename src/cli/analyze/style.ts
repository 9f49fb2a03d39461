/** For the page of `--format html`, light and dark. */
export const style = `
:root{--ink:#1c2430;--soft:#5b6675;--page:#fff;--card:#f5f7fa;--rule:#d9dee6;--up:#b9d9c3;--stop:#8c97a8;--crash:#c8342f;--cut:#e08a1e;--gap:#7a3fb0;--none:#e6eaf0}
@media(prefers-color-scheme:dark){:root{--ink:#e6eaf0;--soft:#9aa5b5;--page:#12161c;--card:#1b212a;--rule:#2f3845;--up:#2f5a3f;--stop:#78839a;--none:#232b36}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main{max-width:1160px;margin:0 auto;padding:24px 16px 64px}
h1{margin:0;font-size:28px}h2{font-size:20px;margin:40px 0 12px}h3{font-size:15px;margin:20px 0 6px}
.range{color:var(--soft);margin:2px 0 18px}
time,.after,pre,.tick{font-variant-numeric:tabular-nums}
.summary{list-style:none;padding:0;margin:0 0 20px}
.summary li{border-left:5px solid var(--stop);background:var(--card);border-radius:4px;padding:8px 14px;margin:8px 0}
.summary .crash,.summary .ended,.summary .unknown{border-color:var(--crash)}.summary .cut,.summary .silent{border-color:var(--cut)}
.summary a{color:inherit;text-decoration:none;font-weight:600}.summary time{color:var(--soft);font-weight:400;margin-right:8px}
.order{color:var(--soft)}.note{border-left:3px solid var(--cut);padding-left:10px}
.legend{color:var(--soft);font-size:13px;margin:0 0 6px}
.legend span{display:inline-block;width:14px;height:14px;border-radius:3px;vertical-align:-2px;margin:0 6px 0 14px}
.legend .up{background:var(--up);margin-left:0}.legend .stop{background:var(--stop)}.legend .crash{background:var(--crash)}.legend .cut{background:var(--cut)}.legend .gap{background:var(--gap)}
figure{margin:0 0 16px;overflow-x:auto;background:var(--card);border-radius:6px;padding:8px}
svg{display:block;min-width:760px;width:100%;height:auto;font:13px system-ui,sans-serif}
svg .up{fill:var(--up)}svg .stop{fill:var(--stop)}svg .crash{fill:var(--crash)}svg .cut{fill:var(--cut)}svg .gap{fill:var(--gap)}svg .none{fill:var(--none)}
svg .lane{fill:var(--ink)}svg .tick{fill:var(--soft);font-size:12px}svg .grid{stroke:var(--rule)}
svg .mark line{stroke:var(--ink);stroke-opacity:.35;stroke-dasharray:3 3}svg .mark rect{fill:var(--ink)}svg .mark text{fill:var(--page);font-size:11px;font-weight:600}
dl{display:flex;flex-wrap:wrap;gap:10px;margin:0 0 12px}dl div{background:var(--card);border-radius:6px;padding:6px 14px}dt{color:var(--soft);font-size:12px}dd{margin:0;font-size:18px;font-weight:600}
.steps li{margin:4px 0}.steps .after{color:var(--soft);display:inline-block;min-width:84px;text-align:right;margin-right:6px}
details{margin:2px 0}summary{cursor:pointer;color:var(--soft);font-size:12px}
pre{margin:4px 0 8px;padding:8px;background:var(--card);border-radius:4px;overflow-x:auto;font-size:12px;white-space:pre-wrap;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;font-size:14px}th,td{text-align:left;padding:4px 10px 4px 0;border-bottom:1px solid var(--rule)}.number{text-align:right}
@media print{details>*{display:block}}
`
