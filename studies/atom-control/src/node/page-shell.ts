/** The shell of the operator's page; what it shows comes with the log. */
export function pageShell(session: string): string {
  const name = session.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<link rel="icon" href="data:," />
<title>${name} · atom control</title>
<style>${style}</style>
<script type="module" src="/modules/page/operator-page.js"></script>
</head>
<body data-session="${name}">
<header>
  <h1>${name}</h1>
  <p id="status" role="status" aria-live="polite">Connecting …</p>
  <button id="stop" class="stop" type="button">Stop: blank the beam</button>
</header>
<main>
  <section class="view" aria-label="Frame">
    <canvas id="frame" width="720" height="720" aria-label="The frame with what was found in it"></canvas>
    <p class="legend">
      <span class="silicon">silicon</span> <span class="goal">goal</span>
      <span class="path">planned path</span> <span class="beam">beam, with its error</span>
      <span class="keep-out">keep-out</span> <span class="foreign">to be avoided</span>
    </p>
    <div class="time">
      <label for="moment">Time</label>
      <input id="moment" type="range" min="0" max="0" value="0" />
      <button id="live" type="button">Live</button>
      <output id="moment-text" for="moment"></output>
    </div>
  </section>
  <section class="side">
    <form id="controls" aria-label="Take over">
      <label>Token <input id="token" type="password" autocomplete="off" placeholder="needed for commands" /></label>
      <label>Session's name <input id="session-name" autocomplete="off" placeholder="type it to arm" /></label>
      <div class="buttons">
        <button type="button" data-post="arm">Arm for 10 min</button>
        <button type="button" data-post="walk">Walk</button>
        <button type="button" data-post="pause">Pause after this step</button>
        <button type="button" data-post="look">Take a frame</button>
        <button type="button" data-post="blank">Blank</button>
        <button type="button" data-post="disarm">Disarm</button>
      </div>
      <fieldset>
        <legend>A click on the frame</legend>
        <label><input type="radio" name="click" value="nothing" checked /> only shows the place</label>
        <label><input type="radio" name="click" value="goal" /> sets the goal</label>
        <label><input type="radio" name="click" value="park" /> parks the beam for
          <input id="dwell" type="number" value="1" min="0.05" max="15" step="0.05" /> s</label>
      </fieldset>
      <p id="answer" role="status"></p>
    </form>
    <h2>Plan</h2>
    <dl id="plan"></dl>
    <h2>Dose</h2>
    <div id="gauges"></div>
    <h2>Detector in the last stay</h2>
    <canvas id="trace" width="420" height="120" aria-label="Counts while the beam was parked"></canvas>
    <h2>Rates to the neighbour on the right</h2>
    <canvas id="rates" width="420" height="210" aria-label="Rates that are planned on, and how uncertain they are"></canvas>
  </section>
  <section class="events">
    <h2>Events</h2>
    <ol id="events"></ol>
  </section>
</main>
<noscript><p>This page needs JavaScript; the log does not: <a href="/log">/log</a>.</p></noscript>
</body>
</html>
`;
}

const style = `
:root { color-scheme: dark; --ink: #e6e8eb; --soft: #9aa3ad; --line: #333a42; --paper: #14171a; --card: #1c2024; }
* { box-sizing: border-box; }
body { margin: 0; padding: 0 1rem 1rem; font: 15px/1.45 system-ui, "Segoe UI", sans-serif; color: var(--ink); background: var(--paper); }
header { display: flex; align-items: center; gap: 1rem; flex-wrap: wrap; position: sticky; top: 0; background: var(--paper); padding: .6rem 0; z-index: 1; }
h1 { font-size: 1.2rem; margin: 0; } h2 { font-size: .95rem; margin: 1rem 0 .4rem; color: var(--soft); font-weight: 600; }
#status { margin: 0; flex: 1; color: var(--soft); }
main { display: grid; grid-template-columns: minmax(320px, 46rem) minmax(300px, 27rem) minmax(240px, 1fr); gap: 1.2rem; }
@media (max-width: 1250px) { main { grid-template-columns: minmax(320px, 1fr) minmax(300px, 27rem); } .events { grid-column: 1 / -1; } }
@media (max-width: 760px) { main { grid-template-columns: 1fr; } }
canvas { display: block; width: 100%; height: auto; background: #000; border-radius: 4px; }
#frame { cursor: crosshair; }
button { font: inherit; color: inherit; background: #2a3138; border: 1px solid #48525c; border-radius: 6px; padding: .35rem .7rem; cursor: pointer; }
button:hover { background: #343d46; } button:disabled { opacity: .45; cursor: default; }
:focus-visible { outline: 2px solid #86b7f0; outline-offset: 2px; }
.stop { background: #b3261e; border-color: #e46962; color: #fff; font-weight: 700; padding: .6rem 1.2rem; }
.stop:hover { background: #8f1d17; }
input { font: inherit; color: inherit; background: #101316; border: 1px solid #48525c; border-radius: 4px; padding: .2rem .4rem; }
form label { display: block; margin: .3rem 0; } form > label { display: flex; justify-content: space-between; gap: .8rem; }
form > label input { width: 14rem; } #dwell { width: 4.5rem; }
.buttons { display: flex; flex-wrap: wrap; gap: .4rem; margin: .6rem 0; }
fieldset { border: 1px solid var(--line); border-radius: 6px; } legend { color: var(--soft); font-size: .85rem; }
#answer { min-height: 1.4em; margin: .4rem 0 0; color: #ffb4a9; }
.time { display: flex; align-items: center; gap: .6rem; margin-top: .4rem; } .time input { flex: 1; padding: 0; }
#moment-text { min-width: 8rem; font-variant-numeric: tabular-nums; color: var(--soft); font-size: .85rem; }
.legend { font-size: .85rem; margin: .4rem 0; display: flex; gap: 1rem; flex-wrap: wrap; }
.legend span::before { content: "●"; margin-right: .3rem; }
.silicon::before { color: #ffb000; } .goal::before { color: #5be37d; } .path::before { color: #86b7f0; } .beam::before { color: #ff6ad5; }
.keep-out::before { color: #ff5449; } .foreign::before { color: #ff8a65; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem .9rem; margin: 0; } dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.gauge { margin: .35rem 0; font-size: .85rem; font-variant-numeric: tabular-nums; } .gauge span { float: right; color: var(--soft); }
.gauge div { height: .45rem; background: var(--line); border-radius: .25rem; overflow: hidden; } .gauge div div { background: #5ba3e3; height: 100%; } .gauge.high div div { background: #ff8a65; }
#events { list-style: none; margin: 0; padding: 0; max-height: 46rem; overflow: auto; font-size: .85rem; }
#events li { padding: .25rem 0; border-top: 1px solid var(--line); } #events time { color: var(--soft); margin-right: .5rem; font-variant-numeric: tabular-nums; }
#events .bad { color: #ffb4a9; } #events .good { color: #8fd6a8; } #events li.later { opacity: .35; }
`;
