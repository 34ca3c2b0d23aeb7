import inspector from 'node:inspector';
import { writeFileSync } from 'node:fs';
const [,, name, items, conc, runs] = process.argv;
const { contestants } = await import('/work/main/scripts/bench/throughput/contestants.mts');
const { Worker } = await import('/work/main/scripts/bench/throughput/worker.mts');
const server = new Worker('s', '/work/main/scripts/bench/throughput/server.mts');
const ports = await server.call('ports');
await server.call('reset', 0);
const start = await contestants[name]();
const task = () => ({ prompts: Array.from({length:+items},(_,i)=>({json:{prompt:`Question ${i}: What is the capital of France, and where does it lie?`}})), concurrency:+conc, url:`http://127.0.0.1:${ports.plain}`, tlsPort: ports.tls, isStreaming:false });
for (let i=0;i<(+items>1?12:300);i++) await start(task());
const s = new inspector.Session(); s.connect();
const post=(m,p={})=>new Promise((r,j)=>s.post(m,p,(e,x)=>e?j(e):r(x)));
if(!process.env.NOPROF){await post('Profiler.enable'); await post('Profiler.setSamplingInterval',{interval:100}); await post('Profiler.start');}
const times=[]; 
for (let i=0;i<+runs;i++){ const t=performance.now(); await start(task()); times.push(performance.now()-t);}
times.sort((a,b)=>a-b); console.log(name, 'median', times[times.length>>1].toFixed(2),'min',times[0].toFixed(2));
if(!process.env.NOPROF){const {profile}=await post('Profiler.stop'); writeFileSync(`/tmp/prof/${name}-${items}.cpuprofile`, JSON.stringify(profile));}
server.stop(); process.exit(0);
