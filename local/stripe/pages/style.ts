/** The look of all pages: a summary beside a form, below each other on a phone. */
export const STYLE = `
:root{color-scheme:light;--ink:#30313d;--quiet:#61626f;--line:#dcdfe6;--accent:#0570de;--bad:#c0123c}
*{box-sizing:border-box}
body{margin:0;font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:#fff}
.test-mode{margin:0;padding:.35rem 1rem;background:#ffde92;color:#5c3d00;font-size:.85rem;text-align:center}
.checkout{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);min-height:calc(100vh - 2rem)}
.summary{background:#f6f8fa;padding:3rem clamp(1rem,6vw,5rem);display:flex;flex-direction:column}
.pay{padding:3rem clamp(1rem,6vw,5rem);box-shadow:-15px 0 30px rgb(0 0 0/.06)}
.summary>*,.pay>*{width:100%;max-width:24rem}
.seller{font-weight:600;margin:0 0 1.5rem}
h1{font-size:1rem;font-weight:500;color:var(--quiet);margin:0}
h2{font-size:1rem;margin:0 0 .6rem}
.total{font-size:2.3rem;font-weight:650;line-height:1.2;margin:.1rem 0 2rem;font-variant-numeric:tabular-nums}
.lines{list-style:none;margin:0;padding:0}
.lines li{display:flex;justify-content:space-between;gap:1rem;padding:.35rem 0;font-variant-numeric:tabular-nums}
.lines .sum{border-top:1px solid var(--line);font-weight:600;margin-top:.5rem;padding-top:.8rem}
.lines small,.quiet{color:var(--quiet);display:block}
small{font-size:.85rem}
.quiet{margin:0 0 .6rem}
fieldset{border:0;margin:0 0 1.5rem;padding:0;min-width:0}
legend{font-weight:600;padding:0;margin-bottom:.5rem}
.fields{display:grid;grid-template-columns:1fr 1fr;gap:.5rem}
.fields .wide{grid-column:1/-1}
.fields label{display:grid;font-size:.85rem;color:var(--quiet);gap:.15rem}
input:not([type=radio]),select{font:inherit;color:var(--ink);width:100%;padding:.5rem .7rem;border:1px solid var(--line);border-radius:6px;background:#fff;box-shadow:0 1px 1px rgb(0 0 0/.04)}
.choices{border:1px solid var(--line);border-radius:8px;overflow:hidden}
.choices label{display:flex;gap:.6rem;align-items:center;padding:.4rem .8rem}
.choices label+label{border-top:1px solid var(--line)}
.choices label:has(:checked){background:#f0f7ff}
.choices label span{flex:1;display:flex;flex-wrap:wrap;gap:0 .8rem;align-items:baseline}
.choices code{font:13px/1.4 ui-monospace,Menlo,Consolas,monospace;white-space:nowrap}
.choices small{display:block;color:var(--quiet)}
button{font:inherit;font-weight:600;width:100%;padding:.65rem 1rem;border-radius:6px;border:1px solid var(--line);background:#fff;color:var(--ink);cursor:pointer;margin:.25rem 0}
button.main{background:#0a2540;border-color:#0a2540;color:#fff}
button.plain{border-color:transparent;color:var(--quiet);font-weight:500}
button:hover{filter:brightness(.97)}
button.main:hover{filter:brightness(1.25)}
:focus-visible{outline:3px solid #99c9ff;outline-offset:1px}
.summary>*{margin-inline:auto 0}
.pay>*{margin-inline:0 auto}
[role=alert]{color:var(--bad);background:#fff0f3;border:1px solid #f5b8c6;border-radius:6px;padding:.6rem .8rem}
.single{max-width:26rem;margin:4rem auto;padding:2rem;border:1px solid var(--line);border-radius:10px;box-shadow:0 7px 20px rgb(0 0 0/.07)}
.single h1{font-size:1.3rem;font-weight:650;color:var(--ink);margin-bottom:1rem}
@media(max-width:48rem){
.checkout{display:block}
.summary{padding:1.5rem 1rem}
.pay{padding:1.5rem 1rem;box-shadow:none}
.summary>*,.pay>*{max-width:none}
.total{margin-bottom:1rem}
.single{margin:1rem;padding:1.25rem}
}`;
