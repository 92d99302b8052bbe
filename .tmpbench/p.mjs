import { spawn } from "node:child_process"; import { createHmac } from "node:crypto"; import { mkdtempSync, rmSync } from "node:fs"; import { createInterface } from "node:readline"; import { Pool } from "undici";
const N = 15000;
async function against(mode) {
  const folder = mkdtempSync("/tmp/chb-");
  const server = spawn(process.execPath, ["--cpu-prof","--cpu-prof-dir=/tmp/chprof","/work/main/.tmpbench/server.ts", mode, folder], { stdio: ["pipe","pipe","inherit"] });
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  const url = (await lines.next()).value;
  const pool = new Pool(url, { connections: 64, pipelining: 1 });
  const body = JSON.stringify({ action: "opened", issue: { number: 1, title: "bench", body: "x".repeat(8000) }, repository: { full_name: "nobody/nothing" } });
  const sig = `sha256=${createHmac("sha256","bench-secret").update(body).digest("hex")}`;
  const send = async (n, tag) => { let next = 0; const st = {}; const t0 = performance.now();
    await Promise.all(Array.from({length:64}, async () => { while (next < n) { const id = `${tag}-${next++}`; const a = await pool.request({ method:"POST", path:"/webhooks/github", headers: {"content-type":"application/json","x-github-event":"issues","x-github-delivery":id,"x-hub-signature-256":sig}, body }); await a.body.dump(); st[a.statusCode]=(st[a.statusCode]??0)+1; } }));
    return [Math.round(n*1000/(performance.now()-t0)), st]; };
  await send(2000,"warm"); const r = await send(N,"real"); server.kill("SIGUSR2"); await new Promise(r=>setTimeout(r,50));
  await pool.close(); server.kill("SIGINT"); rmSync(folder,{recursive:true});
  return r;
}
for (const m of ["stored"]) console.log(m, JSON.stringify(await against(m)));
